import Foundation
import TestSupport
import Testing

/// What happens to the files of a folder, and what the stream must say of it: the same for a daemon that watches and for passes
/// that are run one by one.
@Suite(.timeLimit(.minutes(5)))
struct FolderTests {
    @Test("five documents are ten articles, marked as the first import")
    func firstImport() async {
        await forEachRow(of: Way.allCases) { (way: Way) in
            let walk = try await Walk(way)
            let lines = try await walk.begin()
            let articles = lines.filter { $0.type == "tidings.article.created" }
            #expect(articles.count == 10)
            #expect(articles.allSatisfy { $0.data.backfill == true })
            #expect(lines.message.first == "source news added")
            #expect(lines.count == 11)

            func fields(_ name: String) throws -> StreamLine.Fields { try #require(lines.first("created \(name) backfill")).data }
            let dateline = try fields("dateline.txt")
            #expect(dateline.item?.datePublished == "2026-04-02")
            #expect(dateline.item?.title == nil, "a text without a headline has none")
            let byline = try fields("byline.txt")
            #expect(byline.item?.title == "Puppet Theater of Kokand Takes Its Oldest Play Back to the Villages")
            #expect(byline.item?.authors?.compactMap(\.name) == ["Nodira Saidova", "Pavel Linhart"])
            let sentences = try fields("paragraphs.txt")
            #expect(sentences.item?.title == nil, "a first line that is a sentence is no headline")
            #expect(sentences.characters == Articles.paragraphs.unicodeScalars.count, "nor is it lost")
            let scroll = try fields("scroll.txt")
            #expect(scroll.item?.title == "Salt works of Pavlodar sells its first crystals for kitchens")
            let paragraphs = Articles.scroll.split(separator: "\n").dropFirst().dropLast()
            #expect(scroll.characters == paragraphs.joined(separator: "\n").unicodeScalars.count, "“Scroll to Top” is no text")
            let digest = articles.filter { $0.data.origin?.key?.hasPrefix("digest.txt#") == true }
            #expect(digest.compactMap(\.data.item?.title) == Articles.digestItems.map(\.title))
            try await walk.end()
        }
    }

    @Test("everything that happens to files is announced once, and nothing else")
    func changes() async {
        await forEachRow(of: Way.allCases) { (way: Way) in
            let walk = try await Walk(way)
            let tidings = walk.tidings
            try await walk.begin()

            try await walk.expect(nothing: "after nothing") {}
            try await walk.expect(nothing: "after touch") { try tidings.setModified("byline.txt", to: Date()) }
            try await walk.expect(nothing: "when all figures of the ticker change") {
                try tidings.write(Articles.digest(rate: "0.01311", day: 4, total: 62), to: "digest.txt")
            }
            try await walk.expect("updated scroll.txt to version 2: text") {
                try tidings.edit("scroll.txt", "dried on linen for nine days", "dried on linen for ten days")
            }
            let contents = try tidings.ledger().counts().contents
            try await walk.expect("duplicate copy.txt") { try tidings.copy("scroll.txt", to: "copy.txt") }
            #expect(try tidings.ledger().counts().contents == contents, "what is known is not stored again")
            let fork = try await walk.expect("created copy.txt forked from version 2") {
                try tidings.edit("copy.txt", "three cities", "four cities")
            }
            let original = try #require(try tidings.lines().first("created scroll.txt backfill"))
            #expect(fork.first?.data.forkedFrom?.article == original.subject)
            #expect(fork.first?.subject != original.subject)
            try await walk.expect("removed copy.txt: file_deleted") { try tidings.remove("copy.txt") }
            let moved = try await walk.expect("moved ferry.txt from dateline.txt") {
                try tidings.rename("dateline.txt", to: "ferry.txt")
            }
            #expect(try tidings.lines().first("created dateline.txt backfill")?.subject == moved.first?.subject)
            let removed = try await walk.expect("removed ferry.txt: file_deleted") { try tidings.remove("ferry.txt") }
            let restored = try await walk.expect("restored ferry.txt") { try tidings.write(Articles.dateline, to: "ferry.txt") }
            #expect(removed.first?.subject == moved.first?.subject)
            #expect(restored.first?.subject == moved.first?.subject)
            try await walk.expect("updated ferry.txt to version 2: text") {
                // As rsync -t leaves a file whose older copy comes back.
                try tidings.write(Articles.dateline.replacingOccurrences(of: "six cars", with: "five cars"), to: ".ferry.new")
                try tidings.setModified(".ferry.new", to: Date(timeIntervalSince1970: 1_600_000_000))
                try tidings.rename(".ferry.new", over: "ferry.txt")
            }
            try await walk.expect("updated byline.txt to version 2: text") {
                try tidings.replace("byline.txt", with: Articles.byline.replacingOccurrences(of: "bring a chair", with: "bring two"))
            }
            try await walk.expect("updated paragraphs.txt to version 2: text") {
                try tidings.edit("paragraphs.txt", "fél évszázada", "negyven éve")
            }
            try await walk.end()
        }
    }

    @Test("a file of one article that holds none, or one above the limit, costs nothing else")
    func filesWithoutArticle() async {
        await forEachRow(of: Way.allCases) { (way: Way) in
            let walk = try await Walk(way)
            let tidings = walk.tidings
            try await walk.begin()
            try await walk.expect("created note.txt") {
                try tidings.write("{}", to: "empty.json")
                try tidings.write("{\"colour\":1,\"other\":[]}", to: "settings.json")
                try tidings.write("[]", to: "list.json")
                try tidings.write("<html><head></head><body></body></html>", to: "blank.html")
                try tidings.write(String(repeating: "A word and another. ", count: 300_000), to: "huge.txt")
                try tidings.write("A note\n\nIt says that the ferry is late again today.\n", to: "note.txt")
            }
            try await walk.expect("updated note.txt to version 2: text") { try tidings.edit("note.txt", "late", "early") }
            try await walk.expect(nothing: "when a file holds no article any more") {
                try tidings.write("<html><body></body></html>", to: "blank.html")
                try tidings.write("{}", to: "settings.json")
            }
            try await walk.end()
        }
    }

    @Test("folders that come, move and go take their articles with them")
    func subfolders() async {
        await forEachRow(of: Way.allCases) { (way: Way) in
            let walk = try await Walk(way)
            let tidings = walk.tidings
            try await walk.begin()
            let ready = tidings.base + "/ready/2026/05"
            try FileManager.default.createDirectory(atPath: ready, withIntermediateDirectories: true)
            for name in ["a", "b"] {
                try "Letter \(name)\n\nThis is what stands in the letter that is called \(name).\n"
                    .write(toFile: "\(ready)/\(name).txt", atomically: true, encoding: .utf8)
            }
            try await walk.expect("created letters/2026/05/a.txt", "created letters/2026/05/b.txt") {
                try FileManager.default.moveItem(atPath: tidings.base + "/ready", toPath: tidings.path("letters"))
            }
            try await walk.expect(
                "moved mail/2026/05/a.txt from letters/2026/05/a.txt", "moved mail/2026/05/b.txt from letters/2026/05/b.txt"
            ) { try tidings.rename("letters", to: "mail") }
            try await walk.expect("updated mail/2026/05/a.txt to version 2: text") {
                try tidings.edit("mail/2026/05/a.txt", "stands in", "was written in")
            }
            try await walk.expect("removed mail/2026/05/a.txt: file_deleted", "removed mail/2026/05/b.txt: file_deleted") {
                try FileManager.default.moveItem(atPath: tidings.path("mail"), toPath: tidings.base + "/archive")
            }
            try await walk.end()
        }
    }

    @Test("a file, or a folder of files, that is renamed and edited at once goes on")
    func renamedAndEdited() async {
        await forEachRow(of: Way.allCases) { (way: Way) in
            let walk = try await Walk(way)
            let tidings = walk.tidings
            let lines = try await walk.begin()
            let news = try await walk.expect("moved play.txt from byline.txt", "updated play.txt to version 2: text") {
                try tidings.rename("byline.txt", to: "play.txt")
                try tidings.edit("play.txt", "bring a chair", "bring two")
            }
            #expect(Set(news.map(\.subject)) == [lines.first("created byline.txt backfill")?.subject])
            // Into a folder that is not watched yet.
            try await walk.expect("moved box/salt.txt from scroll.txt") {
                try FileManager.default.createDirectory(atPath: tidings.path("box"), withIntermediateDirectories: true)
                try tidings.rename("scroll.txt", to: "box/salt.txt")
            }
            try await walk.expect("moved chest/salt.txt from box/salt.txt", "updated chest/salt.txt to version 2: text") {
                try tidings.rename("box", to: "chest")
                try tidings.edit("chest/salt.txt", "dried on linen for nine days", "dried on linen for ten days")
            }
            try await walk.end()
        }
    }

    @Test("each article of a page that lists several has its own life")
    func digest() async {
        await forEachRow(of: Way.allCases) { (way: Way) in
            let walk = try await Walk(way)
            let tidings = walk.tidings
            let lines = try await walk.begin()
            let bridge = Articles.digestItems[2]
            let key = try #require(lines.first { $0.data.item?.title == bridge.title }?.data.origin?.key)
            try await walk.expect("updated \(key) to version 2: text") { try tidings.edit("digest.txt", "six brushes", "nine brushes") }
            try await walk.expect(nothing: "when one leaves the list, which shows only some") {
                let text = try tidings.read("digest.txt")
                let start = try #require(text.range(of: bridge.title)).lowerBound
                let end = try #require(text.range(of: Articles.digestItems[3].title)).lowerBound
                try tidings.write(String(text[..<start] + text[end...]), to: "digest.txt")
            }
            try await walk.end()
        }
    }

    @Test func twoStartsFromNothingGiveTheSameArticles() async throws {
        var subjects: [Set<String>] = []
        for _ in 0..<2 {
            // Without a settle time no file is too young to be read with the others, however fast this machine is.
            let tidings = try Installation.prompt()
            for (name, text) in Articles.all { try tidings.write(text, to: name) }
            // More than one reader takes at a time, and each text twice: which file is the article, and which its duplicate,
            // must not depend on who was faster.
            for number in 0..<800 {
                let text = "Notice \(number % 400)\n\nThis is what notice number \(number % 400) has to say.\n"
                try tidings.write(text, to: "notice-\(number).txt")
            }
            try await tidings.once()
            subjects.append(Set(try tidings.lines().compactMap(\.subject)))
        }
        #expect(subjects[0].count == 10 + 400)
        #expect(subjects[0].symmetricDifference(subjects[1]).count == 0)
    }
}

/// How the folder is looked at.
enum Way: CaseIterable {
    /// By single passes.
    case passes
    /// By a daemon that watches, with a `tail -F` beside it.
    case watching
}

/// A walk through changes of a folder, each followed by a comparison of what the stream has said since.
final class Walk {
    let tidings: Installation
    private let way: Way
    private var daemon: LiveDaemon?
    private var follower: Follower?
    private var known = 0
    private var markers = 0

    init(_ way: Way) async throws {
        self.way = way
        tidings = try Installation()
    }

    /// The five documents, and what they lead to.
    @discardableResult
    func begin() async throws -> [StreamLine] {
        for (name, text) in Articles.all { try tidings.write(text, to: name) }
        if way == .watching {
            daemon = try await tidings.daemon()
            try await tidings.wait("there is a change file") { FileManager.default.fileExists(atPath: tidings.changeFile) }
            follower = try Follower(tidings.changeFile)
            try await tidings.waitForLines(11)
            try await tidings.wait("the first import is complete") {
                try tidings.ledger().sourceStatuses().map { $0.source.importedMilliseconds != nil } == [true]
            }
        } else {
            try await tidings.once()
        }
        let lines = try tidings.lines()
        known = lines.count
        return lines
    }

    /// Does `act`, and expects exactly `words` to be announced.
    @discardableResult
    func expect(
        _ message: String..., sourceLocation: SourceLocation = #_sourceLocation, after act: () throws -> Void
    ) async throws -> [StreamLine] {
        try act()
        if way == .passes {
            try await tidings.once(sourceLocation: sourceLocation)
        } else {
            try await tidings.waitForLines(known + message.count, sourceLocation: sourceLocation)
        }
        let lines = Array(try tidings.lines().dropFirst(known))
        #expect(lines.message == message, sourceLocation: sourceLocation)
        known += lines.count
        return lines
    }

    /// Does `act`, and expects that nothing is announced: not a byte is written.
    func expect(
        nothing when: Comment, sourceLocation: SourceLocation = #_sourceLocation, after act: () throws -> Void
    ) async throws {
        let before = try tidings.rawLines()
        try act()
        if way == .passes {
            try await tidings.once(sourceLocation: sourceLocation)
            #expect(try tidings.rawLines() == before, when, sourceLocation: sourceLocation)
        } else {
            // What a daemon does not do cannot be waited for. But it takes files in turn: when it has taken one that came
            // later, and its removal, it has been past this.
            markers += 1
            let marker = "marker \(markers).txt"
            try await expect("created \(marker)", sourceLocation: sourceLocation) {
                try tidings.write("Marker \(markers)\n\nIt says that the daemon has come this far.\n", to: marker)
            }
            try await expect("removed \(marker): file_deleted", sourceLocation: sourceLocation) { try tidings.remove(marker) }
        }
    }

    /// The whole is sound, and who followed the stream has seen each line once.
    func end() async throws {
        if let follower {
            let all = try tidings.rawLines()
            try await tidings.wait("tail -F has seen all") { try follower.lines.count >= all.count }
            #expect(try follower.lines == all)
        }
        try await daemon?.stop()
        daemon = nil
        try await tidings.expectSound()
    }
}
