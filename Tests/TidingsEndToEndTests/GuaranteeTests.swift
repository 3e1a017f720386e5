import Glibc
import TestSupport
import Testing
import TidingsStore

/// The seven guarantees of the stream, as README prints them, each held against what a reader of the real program's files saw
/// in a life with arrivals, edits, renames, deletions, a restart, and a death by SIGKILL.
struct GuaranteeTests {
    @Test func durable() async throws {
        let life = try await Life()
        // The daemon was killed in the moment in which its last line was seen.
        #expect(try life.ledgerLines().starts(with: life.seenBeforeDeath))
        #expect(try life.tidings.rawLines().starts(with: life.seenBeforeDeath))
    }

    @Test func ordered() async throws {
        let lines = try await Life().tidings.lines()
        let numbers = lines.compactMap { Int($0.id) }
        #expect(numbers == numbers.sorted() && numbers.count == lines.count)
        for (article, ofArticle) in Dictionary(grouping: lines, by: \.subject) where article != nil {
            let versions = ofArticle.compactMap(\.data.version)
            #expect(versions == versions.sorted(), "an article's versions come in their order")
        }
    }

    @Test func unique() async throws {
        let lines = try await Life().tidings.lines()
        #expect(Set(lines.map(\.id)).count == lines.count)
        let announced = lines.filter { $0.type == "tidings.article.created" || $0.type == "tidings.article.updated" }
            .map { "\($0.subject ?? "")@\($0.data.version ?? 0)" }
        #expect(Set(announced).count == announced.count, "no version is announced twice")
    }

    @Test func gapless() async throws {
        let lines = try await Life().tidings.lines()
        #expect(lines.map(\.id) == (1...lines.count).map(String.init))
    }

    @Test func atomic() async throws {
        let lines = try await Life().tidings.lines()
        // The page that moved and changed at once did both in one commit, and nothing stands between.
        let moved = try #require(lines.firstIndex { $0.type == "tidings.article.moved" })
        try #require(moved + 1 < lines.count)
        #expect(lines[moved + 1].type == "tidings.article.updated")
        #expect(lines[moved + 1].subject == lines[moved].subject)
        #expect(lines[moved + 1].time == lines[moved].time)
    }

    @Test func resumable() async throws {
        let life = try await Life()
        let all = try life.tidings.rawLines()
        for known in [0, 1, all.count / 2, all.count - 1, all.count] {
            let rest = try await life.tidings.run("tail", "--since", "\(known)", "--format", "ndjson")
            #expect(rest.output.split(separator: "\n").map(String.init) == Array(all.dropFirst(known)), "after \(known)")
        }
    }

    @Test func deterministic() async throws {
        let life = try await Life()
        #expect(try life.tidings.rawLines() == life.ledgerLines(), "the file is what was committed, byte for byte")
        let again = try await Life()
        func changes(_ life: Life) throws -> [Change] { try life.tidings.lines().map(Change.init) }
        #expect(try changes(life) == changes(again), "the same life gives the same changes")
    }
}

/// What does not depend on the stream's name and the clock.
private struct Change: Equatable {
    let id: String
    let type: String
    let subject: String?
    let data: StreamLine.Fields

    init(_ line: StreamLine) { (id, type, subject, data) = (line.id, line.type, line.subject, line.data) }
}

/// One life of a daemon, over in a second or two.
private struct Life {
    let tidings: Installation
    let seenBeforeDeath: [String]

    init() async throws {
        let tidings = try Installation()
        for (name, text) in Articles.all { try tidings.write(text, to: name) }
        try tidings.write(Self.page(reading: "on Friday"), to: "page.html")
        try await tidings.once()

        // Renamed and edited while nobody looked: its address tells that it is the same.
        try tidings.remove("page.html")
        try tidings.write(Self.page(reading: "on Sunday"), to: "renamed.html")
        try tidings.remove("scroll.txt")
        try await tidings.once()

        let count = try tidings.rawLines().count
        let daemon = try await tidings.daemon()
        try tidings.edit("byline.txt", "thirty villages", "forty villages")
        try await tidings.waitForLines(count + 1)
        daemon.send(SIGKILL)
        _ = await daemon.program.result()
        seenBeforeDeath = try tidings.rawLines()

        try tidings.copy("byline.txt", to: "copy.txt")
        try await tidings.once()
        self.tidings = tidings
        let types = Set(try tidings.lines().map { $0.type.dropFirst("tidings.article.".count) })
        #expect(types.isSuperset(of: ["created", "updated", "moved", "removed", "duplicate"]), "there is something to judge")
        #expect(seenBeforeDeath.count > 10)
    }

    /// What the ledger has committed, as the lines that it keeps.
    func ledgerLines() throws -> [String] {
        try tidings.ledger().lines(after: 0, limitBytes: .max).map { String(decoding: $0.bytes.dropLast(), as: UTF8.self) }
    }

    private static func page(reading day: String) -> String {
        """
        <!doctype html><html lang="en"><head><title>Library boat</title>
        <link rel="canonical" href="https://delta.example/library-boat"></head><body><article><h1>Library boat</h1>
        <p>The library boat of the delta comes to the reed villages \(day), with nine hundred books and one librarian.</p>
        <p>Whoever brings a book back dry may take two; whoever brings it back wet reads to the others.</p></article></body></html>
        """
    }
}
