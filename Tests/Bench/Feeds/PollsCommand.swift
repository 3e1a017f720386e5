import ArgumentParser
import Foundation
import Synchronization

struct PollsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "polls", abstract: "Compare the changes that Tidings tells of polled feeds with what a corpus states of them.",
        discussion: """
            DIR/polls/polls.jsonl names the documents that a feed was at each poll, and states which entries were new or changed. \
            They are served over loopback, one after the other, to `tidings run --once` with the state that it left. Whatever else \
            it says of an article is a deviation, except the removal of one that is gone and the return of one that is back.
            """)

    @Argument(help: ArgumentHelp("The corpus.", valueName: "dir"))
    var corpus: String

    @Flag(help: "Write one JSON object per poll on standard output, and the table on standard error.")
    var json = false

    func run() throws {
        let bench = try Workbench(below: nil, files: 1, rounds: 1)
        defer { bench.remove() }
        let output = BenchOutput(isJSON: json)
        let polls = try JSONValue.lines(of: "\(corpus)/polls/polls.jsonl").map(StatedPoll.init)
        output.line(["feed", "poll"].map { output.column($0, 14) }.joined() + "new stated/told   changed stated/told   deviations")
        var deviations = 0
        for feed in Set(polls.map(\.feed)).sorted() {
            let document = ServedDocument()
            let server = try CannedServer { _, _ in
                CannedServer.message("200 OK", ["Content-Type: application/rss+xml"], body: document.bytes)
            }
            defer { server.stop() }
            let settings = try settings(feed, server, in: bench)
            for poll in polls.filter({ $0.feed == feed }).sorted(by: { $0.number < $1.number }) {
                document.bytes = Array(try Data(contentsOf: URL(filePath: "\(corpus)/polls/\(poll.file)")))
                let before = try settings.changes(after: 0).count
                _ = try bench.tidings.runOnce(settings)
                let told = TellsOfPoll(try settings.changes(after: before))
                deviations += show(poll, told, output)
            }
        }
        output.line("\(deviations) deviations")
    }

    private func show(_ poll: StatedPoll, _ told: TellsOfPoll, _ output: BenchOutput) -> Int {
        let deviations = told.deviations(from: poll)
        output.line(
            output.column(poll.feed, 14) + output.column("\(poll.number)", 14)
                + output.column("\(poll.new.count)/\(told.count("article.created"))", 18)
                + output.column("\(poll.changed.count)/\(told.count("article.updated"))", 22) + "\(deviations.count)")
        for message in deviations { output.line("    \(message)") }
        output.json { json in
            json.field("benchmark", "polls")
            json.field("feed", poll.feed)
            json.field("poll", poll.number)
            json.array("deviations", deviations) { $0.string($1) }
        }
        return deviations.count
    }

    private func settings(_ feed: String, _ server: CannedServer, in bench: Workbench) throws -> Settings {
        let settings = Settings(name: feed, folder: "", in: bench.path)
        let address = "http://127.0.0.1:\(server.port)/\(feed)"
        try Data(
            """
            state: \(settings.state)
            log_level: warning
            feeds:
              - { name: \(feed), url: "\(address)", private_network: true }

            """.utf8
        ).write(to: URL(filePath: settings.file))
        return settings
    }
}

/// What the server gives at the moment.
private final class ServedDocument: Sendable {
    private let current = Mutex<[UInt8]>([])

    var bytes: [UInt8] {
        get { current.withLock(\.self) }
        set { current.withLock { $0 = newValue } }
    }
}

/// A poll of the corpus: ids are guids, or links where there is none.
private struct StatedPoll {
    let feed: String
    let number: Int
    let file: String
    let new: Set<String>
    let changed: Set<String>
    let gone: Set<String>
    let back: Set<String>

    init(_ json: JSONValue) {
        func ids(_ name: String) -> Set<String> { Set(json[name].list.compactMap(\.text)) }
        feed = json["feed"].text ?? ""
        number = json["n"].number ?? 0
        file = json["file"].text ?? ""
        (new, changed, gone, back) = (ids("new"), ids("changed"), ids("gone"), ids("back"))
    }
}

/// What the stream told after a poll.
private struct TellsOfPoll {
    private struct Tell {
        let key: String
        /// What changed, of an update.
        let detail: String
    }

    private var tells: [String: [Tell]] = [:]

    init(_ lines: [JSONValue]) {
        for line in lines {
            let type = (line["type"].text ?? "").replacing("tidings.", with: "", maxReplacements: 1)
            let (data, origin) = (line["data"], line["data"]["origin"])
            let changed = data["changed"].list.compactMap(\.text).joined(separator: ", ")
            let detail = data["class"].text.map { " (\($0): \(changed))" } ?? ""
            tells[type, default: []].append(Tell(key: origin["key"].text ?? origin["source"].text ?? "", detail: detail))
        }
    }

    func count(_ type: String) -> Int { tells[type]?.count ?? 0 }

    func deviations(from poll: StatedPoll) -> [String] {
        let due = ["article.created": poll.new, "article.updated": poll.changed]
        // The poll that adds the feed says so.
        let allowed = [
            "article.removed": poll.gone, "article.restored": poll.back, "source.added": poll.number == 0 ? [poll.feed] : [],
        ]
        var message: [String] = []
        for type in Set(due.keys).union(tells.keys).sorted() {
            var left = due[type] ?? allowed[type] ?? []
            for tell in tells[type] ?? [] where left.remove(tell.key) == nil {
                message.append("not stated: \(type) \(tell.key)\(tell.detail)")
            }
            if due[type] != nil { message += left.sorted().map { "not told: \(type) \($0)" } }
        }
        return message
    }
}

extension Settings {
    /// The lines of the change file behind the first `count`, without the header.
    fileprivate func changes(after count: Int) throws -> [JSONValue] {
        guard FileManager.default.fileExists(atPath: changes) else { return [] }
        return Array(try JSONValue.lines(of: changes).filter { $0["type"].text != "tidings.stream.header" }.dropFirst(count))
    }
}
