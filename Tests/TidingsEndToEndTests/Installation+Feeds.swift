import Foundation
import TestSupport
import Testing

// What tests of feeds write into the settings, and read out of `status`.

extension Installation {
    /// For a feed at a loopback server.
    static let nearby = "every: 1s, private_network: true"

    static func feed(_ name: String, at url: String, _ more: String = nearby) -> String {
        "  - { name: \(name), url: \"\(url)\", \(more) }\n"
    }

    static func feeds(_ feeds: [String]) -> String { "feeds:\n" + feeds.joined() }

    /// `fetch` for many feeds at one host, which is this machine.
    static func fetch(_ more: String...) -> String {
        "fetch: { \((["host_delay: 0ms", "per_host: 16"] + more).joined(separator: ", ")) }\n"
    }

    /// By source, the names of the failures of the last polls.
    func failures(sourceLocation: SourceLocation = #_sourceLocation) async throws -> [String: String] {
        try await feedStatuses(sourceLocation: sourceLocation).reduce(into: [:]) { $0[$1.name] = $1.failure }
    }

    func feedStatuses(sourceLocation: SourceLocation = #_sourceLocation) async throws -> [FeedStatus] {
        struct Report: Decodable { let sources: [FeedStatus] }
        let result = try await run("status", "--json")
        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .custom { decoder in
            try Date(
                decoder.singleValueContainer().decode(String.self),
                strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return try decoder.decode(Report.self, from: Data(result.output.utf8)).sources
    }
}

/// A feed in `tidings status --json`.
struct FeedStatus: Decodable {
    let name: String
    let state: String
    let detail: String?
    /// Of its last poll.
    let failure: String?
    let lastAttempt: Date?
    let nextDue: Date?
    let dueReason: String?

    /// From its last poll to its next, in seconds.
    var pause: TimeInterval {
        guard let lastAttempt, let nextDue else { return .nan }
        return nextDue.timeIntervalSince(lastAttempt)
    }
}

/// A feed whose newest item is `NAME-ITEMS`, and whose oldest is `NAME-1`.
/// - Parameter remark: stands in the text of the oldest.
func smallFeed(_ name: String, items: Int, remark: String = "") -> LoopbackReply {
    let list = (1...items).reversed().map { number in
        """
        <item><title>Ship \(number) of the line \(name) has come in</title>
        <link>https://\(name).example/\(number)</link><guid isPermaLink="false">\(name)-\(number)</guid>
        <description>The harbor master of \(name) saw ship number \(number) at the pier. \(number == 1 ? remark : "")</description></item>
        """
    }
    return .text(
        """
        <rss version="2.0"><channel><title>\(name)</title><link>https://\(name).example/</link><description>Ships</description>
        \(list.joined(separator: "\n"))
        </channel></rss>
        """, type: "application/rss+xml")
}
