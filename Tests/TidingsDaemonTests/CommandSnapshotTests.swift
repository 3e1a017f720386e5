import Foundation
import TestSupport
import Testing
import TidingsCore
@testable import TidingsStore

@Suite("tidings snapshot", .timeLimit(.minutes(5)))
struct CommandSnapshotTests {
    private func data(_ line: String) throws -> [String: Any] { try #require(try json(line)["data"] as? [String: Any]) }

    @Test("gives every live article between a begin and an end that say where the stream goes on")
    func whole() async throws {
        let state = try await CommandState()
        let result = try await state.run("snapshot")
        #expect(result.status == 0)
        #expect(result.errors == "")
        let lines = try result.lines.map(json)
        #expect(lines.map { $0["type"] as? String } == [
            "tidings.snapshot.begin", "tidings.snapshot.article", "tidings.snapshot.article", "tidings.snapshot.end",
        ])
        for line in [result.lines[0], result.lines[3]] {
            #expect(try data(line)["sequence"] as? Int == 6)
            #expect(try data(line)["articles"] as? Int == 2)
        }
        #expect(lines.map { $0["subject"] as? String } == [nil, CommandState.id("tides.txt"), CommandState.id("gulls.txt"), nil])
        let tides = try data(result.lines[1])
        let change = try data(state.changes[3])
        for name in ["version", "characters"] { #expect(tides[name] as? Int == change[name] as? Int) }
        #expect(tides["content_hash"] as? String == change["content_hash"] as? String)
        let sightings = try #require(tides["sightings"] as? [[String: String]])
        #expect(sightings == [["source": "harbour", "kind": "folder", "key": "tides.txt"]])
        #expect(tides["origin"] as? [String: String] == change["origin"] as? [String: String])
        #expect(tides["first_seen"] as? String == "2026-02-02T02:40:01.000Z")
        #expect(tides["last_seen"] as? String == "2026-02-02T02:40:02.000Z")
    }

    @Test("an item has the bytes that its change line has")
    func items() async throws {
        let state = try await CommandState()
        let pattern = #/"item":\{.*?\},"characters":\d+/#
        let shown = try await state.run("snapshot").lines[1...2].map { $0.firstMatch(of: pattern)?.output }
        let announced = try [state.changes[3], state.changes[4]].map { $0.firstMatch(of: pattern)?.output }
        #expect(shown == announced)
        #expect(!shown.contains(nil))
    }

    @Test("--with-text adds what `show` shows, and nothing else")
    func withText() async throws {
        let state = try await CommandState()
        let lines = try await state.run("snapshot", "--with-text").lines
        let item = try #require(data(lines[1])["item"] as? [String: Any])
        #expect(item["content_text"] as? String == CommandState.tides[1])
        let shown = try await state.run("show", CommandState.id("tides.txt"), "--json")
        let shownItem = try #require(json(shown.output)["item"] as? [String: Any])
        #expect(item["content_text"] as? String == shownItem["content_text"] as? String, "\(shown.output)")
        let added = #/,"content_text":"(\\.|[^"\\])*"/#
        let plain = try await state.run("snapshot").lines
        #expect(lines[1...2].map { $0.replacing(added, with: "") } == Array(plain[1...2]))
    }

    @Test("--source chooses; a source that there never was is an error")
    func chooses() async throws {
        let state = try await CommandState()
        let far = try await state.run("snapshot", "--source", "far-coast").lines
        #expect(far.count == 2)
        #expect(try data(far[0])["articles"] as? Int == 0)
        #expect(try await state.run("snapshot", "--source", "far-coast", "--source", "harbour").lines.count == 4)
        let unknown = try await state.run("snapshot", "--source", "nowhere")
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("The sources are: harbour, far-coast") && unknown.output == "", "\(unknown.errors)")
    }

    @Test("removed articles are not in it")
    func removed() async throws {
        let state = try await CommandState()
        let ledger = try Ledger(path: state.folder.database)
        let source = try LedgerReader(path: state.folder.database).sources()[0].id
        _ = try await ledger.commit([Report(source: source, finding: .gone(["tides.txt"], nil))], at: CommandState.start + 5000)
        try state.publish()
        let lines = try await state.run("snapshot").lines
        #expect(lines.count == 3 && lines[1].contains(CommandState.id("gulls.txt")))
        #expect(try data(lines[2])["sequence"] as? Int == 7)
    }

    @Test("the end is written when the change files have got as far, so that its number can be used at once")
    func waits() async throws {
        let state = try await CommandState()
        try await state.commitGull(1)
        let snapshot = try state.start("snapshot", "--patience-seconds", "300")
        #expect(try await eventually { wholeLines(Array(snapshot.output.utf8)).count == 4 })
        #expect(try await state.run("tail", "--since", "7").status == 65)
        try state.publish()
        let result = await snapshot.result()
        #expect(result.status == 0 && result.errors == "")
        #expect(try data(try #require(result.lines.last))["sequence"] as? Int == 7)
        #expect(try await state.run("tail", "--since", "7").status == 0)
    }

    @Test("without a daemon that publishes, the end comes with a warning")
    func noDaemon() async throws {
        let state = try await CommandState()
        try await state.commitGull(1)
        let result = try await state.run("snapshot", "--patience-seconds", "1")
        #expect(result.status == 0)
        #expect(result.errors.contains("start the daemon with `tidings run`"), "\(result.errors)")
        #expect(result.lines.last?.contains("tidings.snapshot.end") == true)
    }

    @Test("all of it is of one moment, whatever is committed while it is read")
    func consistent() async throws {
        let state = try await CommandState()
        try ManyArticles.insert(3_000, into: state.folder.database)
        let reader = SlowReader()
        let snapshot = try state.start("snapshot", output: reader.end)
        try reader.started()
        #expect(try await eventually { reader.read(atMost: 512) })
        // The pipe is full now, and nearly all articles are still to come.
        try await state.commitGull(1)
        try state.publish()
        #expect(try await reader.readToEnd())
        #expect(await snapshot.result().status == 0)
        #expect(reader.lines.count == 3_004)
        #expect(!reader.lines.contains { $0.contains(CommandState.id("gull-1.txt")) })
        #expect(try data(try #require(reader.lines.last))["sequence"] as? Int == 6)
        let rest = try await state.run("tail", "--since", "6")
        #expect(rest.lines.count == 1 && rest.output.contains(CommandState.id("gull-1.txt")))
    }

    @Test("what is committed after its number was read is not in it")
    func oneTransaction() async throws {
        let state = try await CommandState()
        let path = state.folder.database
        var head: SnapshotHead?
        var articles: [ArticleID] = []
        let ledger = try LedgerReader(path: path)
        try ledger.inSnapshot(of: nil) { found, condition in
            head = found
            try ManyArticles.insert(10, into: path)
            let other = try Connection(path: path, access: .write)
            try other.execute("DELETE FROM changes; UPDATE sightings SET key = 'other'  WHERE article = 2; UPDATE meta SET value = 'x'")
            try ledger.eachLiveArticle(condition, withText: false) { article in
                articles.append(article.id)
                #expect(article.sightings.map(\.key) == [article.id.description == CommandState.id("gulls.txt") ? "gulls.txt" : "tides.txt"])
            }
        }
        #expect(head?.sequence == 6 && head?.articles == 2)
        #expect(articles.map(\.description) == [CommandState.id("tides.txt"), CommandState.id("gulls.txt")])
        // The number outlives the rows that retention removes.
        try ledger.inSnapshot(of: nil) { head, _ in #expect(head.sequence == 6 && head.articles == 12) }
    }

    @Test("a reader that stops reading ends it with message, so that the database's log does not grow for ever")
    func stalled() async throws {
        let state = try await CommandState()
        try ManyArticles.insert(1_000, into: state.folder.database)
        let reader = SlowReader()
        let snapshot = try state.start("snapshot", "--patience-seconds", "1", output: reader.end)
        try reader.started()
        let result = await snapshot.result()
        #expect(result.status == 75)
        #expect(result.errors.contains("took next to nothing for 1 second"), "\(result.errors)")
        #expect(try await reader.readToEnd() && !reader.lines.contains { $0.contains("tidings.snapshot.end") })
    }

    @Test("ends quietly when its reader has gone")
    func closedPipe() async throws {
        let state = try await CommandState()
        let reader = SlowReader()
        try reader.close()
        let snapshot = try state.start("snapshot", output: reader.end)
        let result = await snapshot.result()
        #expect(result.status == 0 && result.errors == "")
    }

    @Test("takes no more memory for ten times the articles")
    func memory() async throws {
        let state = try await CommandState()
        try ManyArticles.insert(1_000, into: state.folder.database)
        let few = try await peakKilobytes(state)
        let larger = try await CommandState()
        try ManyArticles.insert(10_000, into: larger.folder.database)
        let many = try await peakKilobytes(larger)
        print("snapshot: \(few) kB for 1,000 articles, \(many) kB for 10,000")
        // 9,000 articles more are 10 MB of lines.
        #expect(many < few + 4_000)
    }

    /// The most that a snapshot has had in memory when it waits to write what the pipe and its own buffer cannot hold of the end.
    private func peakKilobytes(_ state: CommandState) async throws -> Int {
        let reader = SlowReader()
        let snapshot = try state.start("snapshot", "--with-text", output: reader.end)
        try reader.started()
        let enough = try await state.run("snapshot", "--with-text").output.utf8.count - (256 << 10)
        #expect(try await eventually(seconds: 60) {
            reader.read(atMost: max(0, enough - reader.bytes.count))
            return reader.bytes.count >= enough
        })
        let status = try String(contentsOfFile: "/proc/\(snapshot.pid)/status", encoding: .utf8)
        let peak = status.firstMatch(of: #/VmHWM:\s*(\d+) kB/#).flatMap { Int($0.1) }
        #expect(try await reader.readToEnd())
        #expect(await snapshot.result().status == 0)
        return try #require(peak)
    }
}
