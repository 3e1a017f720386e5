import Foundation
import Synchronization
import TestSupport
import Testing
import TidingsCore

/// How one feed breaks, and what must be said of it then.
struct Fault: Sendable {
    enum Cause: Sendable {
        /// Its server answers so, at the address where the feed was before.
        case answer(@Sendable (LoopbackRequest) -> LoopbackReply)
        /// It is looked for there, until somebody writes the right address again.
        case address(String)
    }

    /// The source.
    let name: String
    let cause: Cause
    let failure: FeedFailure
    /// The next step, as the words for people have it.
    let step: String
    /// Of the feed while it is broken.
    var settings = Installation.nearby

    init(_ name: String, _ failure: FeedFailure, _ step: String, _ cause: Cause) {
        (self.name, self.cause, self.failure, self.step) = (name, cause, failure, step)
    }

    /// The same answer to each request.
    init(_ name: String, _ failure: FeedFailure, _ step: String, reply: LoopbackReply) {
        self.init(name, failure, step, .answer { _ in reply })
    }
}

/// Feeds that are read, break side by side, and are mended; beside them a calm one, which has news at each pass.
///
/// All stand at one server: `/NAME`, and what is below it, belongs to the feed of that name.
final class FaultyFeeds: Sendable {
    /// How often the feeds are polled while they are broken: each kind of failure turns its source by the third time at the
    /// latest, and the fourth shows that it does so once.
    static let brokenPasses = 4

    private struct State {
        var edition = 1
        var isBroken = false
        var isMended = false
    }
    private let faults: [Fault]
    private let state: Mutex<State>

    init(_ faults: [Fault]) {
        self.faults = faults
        state = Mutex(State())
    }

    /// Takes the feeds through their course, and looks at each step at what is announced and what `status` says.
    /// - Parameters:
    ///   - settings: all but the feeds.
    ///   - security: of the server where the feeds are well.
    func survive(_ settings: String, security: LoopbackSecurity = .plain) async throws {
        let server = try LoopbackServer(security: security, answer)
        defer { server.stop() }
        let tidings = try Installation(settings + feeds(server, isBroken: false))
        try await tidings.once()
        var seen = try tidings.lines()
        #expect(seen.count == 3 * (faults.count + 1), "each source, and two articles of each: \(seen.message)")

        state.withLock { $0.isBroken = true }
        try tidings.write(settings: settings + feeds(server, isBroken: true))
        var pauses: [String: [TimeInterval]] = [:]
        var turned: [StreamLine] = []
        for _ in 0..<Self.brokenPasses {
            let edition = nextEdition()
            try await tidings.once(expecting: 1)
            let new = try newLines(of: tidings, after: &seen)
            #expect(new.message.filter { $0.contains("calm") } == ["created calm-\(edition + 1)"])
            turned += new.filter { !$0.message.contains("calm") }
            for status in try await tidings.feedStatuses() { pauses[status.name, default: []].append(status.pause) }
        }
        #expect(
            turned.message.sorted() == faults.map { "source \($0.name) is failing" }.sorted(), "each says so once, and nothing else")
        try await expectWords(of: tidings, turned)
        #expect(Set(pauses.keys) == Set(faults.map(\.name) + ["calm"]))
        for (name, pauses) in pauses where name != "calm" {
            #expect(pauses.count == Self.brokenPasses)
            #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 < $1 }, "\(name) is asked ever more rarely: \(pauses)")
        }
        #expect(try tidings.ledger().counts().removedArticles == 0)

        state.withLock { ($0.isBroken, $0.isMended) = (false, true) }
        try tidings.write(settings: settings + feeds(server, isBroken: false))
        let edition = nextEdition()
        try await tidings.once()
        let expected = faults.flatMap { ["source \($0.name) is ok", "updated \($0.name)-1 to version 2: text"] }
        let new = try newLines(of: tidings, after: &seen)
        #expect(new.message.sorted() == (expected + ["created calm-\(edition + 1)"]).sorted())
        for status in try await tidings.feedStatuses() {
            #expect(status.state == "ok", "\(status.name)")
            let longest = try #require(pauses[status.name]?.max())
            #expect(status.name == "calm" || status.pause < longest / 2, "\(status.name): one success makes all good")
        }
        try await tidings.expectSound()
    }

    /// `status` and the stream name each failure and the next step.
    private func expectWords(of tidings: Installation, _ turned: [StreamLine]) async throws {
        let statuses = Dictionary(uniqueKeysWithValues: try await tidings.feedStatuses().map { ($0.name, $0) })
        #expect(statuses["calm"]?.state == "ok")
        for fault in faults {
            let status = try #require(statuses[fault.name])
            let message = status.detail ?? "nothing"
            #expect(status.state == "failing", "\(fault.name)")
            #expect(status.dueReason == "back_off", "\(fault.name)")
            #expect(status.failure == fault.failure.rawValue, "\(fault.name): \(message)")
            #expect(message.contains(fault.step), "\(fault.name): \(message)")
            let announced = turned.first("source \(fault.name) is failing")?.data.detail ?? "nothing"
            #expect(announced.contains(fault.step), "\(fault.name): \(announced)")
        }
    }

    private func newLines(of tidings: Installation, after seen: inout [StreamLine]) throws -> [StreamLine] {
        let all = try tidings.lines()
        #expect(all.starts(with: seen), "what was announced stays as it was")
        defer { seen = all }
        return Array(all.dropFirst(seen.count))
    }

    // MARK: the server and its feeds

    private func feeds(_ server: LoopbackServer, isBroken: Bool) -> String {
        let feeds = faults.map { fault in
            var url = server.url(for: "/" + fault.name)
            if isBroken, case .address(let address) = fault.cause { url = address }
            return Installation.feed(fault.name, at: url, isBroken ? fault.settings : Installation.nearby)
        }
        return Installation.feeds([Installation.feed("calm", at: server.url(for: "/calm"))] + feeds)
    }

    private func nextEdition() -> Int {
        state.withLock { state in
            state.edition += 1
            return state.edition
        }
    }

    private func answer(_ request: LoopbackRequest) -> LoopbackReply {
        let name = request.path.split(separator: "/").first.map(String.init) ?? ""
        let state = state.withLock { $0 }
        if name == "calm" { return smallFeed(name, items: state.edition + 1) }
        if state.isBroken, case .answer(let reply)? = faults.first(where: { $0.name == name })?.cause { return reply(request) }
        return smallFeed(name, items: 2, remark: state.isMended ? "It was late." : "")
    }
}
