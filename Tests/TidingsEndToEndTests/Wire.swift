import Foundation
import TestSupport
import Testing
import TidingsCore

/// A feed on a real server, and an installation that follows it under the name `wire`, by single passes. A pass polls at once,
/// whenever the feed would be due; only what a server asks for holds it back.
final class Wire {
    let feed: Feed
    let server: LoopbackServer
    let tidings: Installation
    /// What the last pass said to people.
    private(set) var said = ""

    init(_ feed: Feed = Feed(count: 5)) throws {
        self.feed = feed
        server = try LoopbackServer(feed.answer)
        tidings = try Installation(Installation.feeds(server, ["wire"]))
    }

    deinit { server.stop() }

    /// With the feed as it is now behind it: what comes next is no import.
    static func imported(_ feed: Feed = Feed(count: 5)) async throws -> Wire {
        let wire = try Wire(feed)
        try await wire.tidings.once()
        return wire
    }

    var requests: [LoopbackRequest] { server.requests(of: "/wire") }

    func poll() throws -> PollState { try tidings.poll(of: "wire") }

    func status() async throws -> FeedStatus { try await tidings.status(of: "wire") }

    /// Does `act`, runs a pass, and expects exactly `words` to be announced.
    /// - Parameter message: nil: whatever it is.
    @discardableResult
    func expect(
        _ message: [String]?, _ when: Comment, status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation,
        after act: () throws -> Void = {}
    ) async throws -> [StreamLine] {
        let known = try tidings.lines().count
        try act()
        said = try await tidings.once(expecting: status, sourceLocation: sourceLocation).errors
        let lines = Array(try tidings.lines().dropFirst(known))
        if let message { #expect(lines.message == message, when, sourceLocation: sourceLocation) }
        #expect(lines.allSatisfy { $0.data.backfill == nil }, "the import is over", sourceLocation: sourceLocation)
        return lines
    }
}

extension Installation {
    /// Settings with a feed of each name, at the path of that name.
    static func feeds(_ server: LoopbackServer, _ names: [String], every: String = "15m") -> String {
        fetch() + feeds(names.map { feed($0, at: server.url(for: "/" + $0), "every: \(every), private_network: true") })
    }

    /// What is remembered of a feed between two polls.
    func poll(of source: String) throws -> PollState {
        let status = try ledger().sourceStatuses().first { $0.source.name == source }
        return try #require(status?.poll.flatMap { PollState(json: $0.state, nextPoll: $0.dueMilliseconds) })
    }

    func status(of source: String) async throws -> FeedStatus {
        let statuses = try await feedStatuses()
        return try #require(statuses.first { $0.name == source })
    }

    /// Changes what is remembered, as days that pass would. No daemon may run.
    func changePoll(of source: String, _ change: (inout PollState) -> Void) async throws {
        var state = try poll(of: source)
        change(&state)
        let json = state.json.replacingOccurrences(of: "'", with: "''")
        let result = try await RunningProgram(
            [
                self.state + "/db/tidings.db",
                "UPDATE polls SET state = '\(json)', due_ms = \(state.nextPoll) "
                    + "WHERE source = (SELECT source FROM sources WHERE name = '\(source)')",
            ],
            of: URL(fileURLWithPath: "/usr/bin/sqlite3")
        ).result()
        #expect(result.status == 0, "\(result.errors)")
    }
}
