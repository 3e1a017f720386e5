import Foundation
import TestSupport
import Testing
import TidingsStore

/// A state that the program before schema 5 has written (`Fixtures/schema-4`: a folder, a feed, edits, a revert, a move, removals)
/// goes on under this one: nothing is announced by the upgrade, no published byte changes, and what was remembered is remembered.
@Suite("Upgrade") struct UpgradeTests {
    private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/schema-4").path
    /// The address that the feed had when the state was written.
    private static let oldAddress = "http://127.0.0.1:18473/feed.xml"
    private static let etag = #""5692ec9c79e36923""#

    @Test("a state of schema 4 goes on: no change, no other byte, validators sent, histories whole")
    func goesOn() async throws {
        let document = try Data(contentsOf: URL(fileURLWithPath: Self.fixture + "/feed.xml"))
        let server = try LoopbackServer { request in
            .conditional(request, etag: Self.etag, body: [UInt8](document))
        }
        defer { server.stop() }
        let address = server.url(for: "/feed.xml")
        let tidings = try Installation(
            """
            folders:
              - { name: docs, path: docs, settle: 100ms }
            feeds:
              - { name: harbour, url: "\(address)", private_network: true }
            """)
        for name in ["docs", "state"] {
            try FileManager.default.copyItem(atPath: Self.fixture + "/" + name, toPath: tidings.base + "/" + name)
        }
        // The server has another port than it had then.
        let move = ["sources", "captures"].map { table in
            "UPDATE \(table) SET locator = '\(address)' WHERE locator = '\(Self.oldAddress)'"
        } + [
            // Half a day after the state was written, validators are left out once.
            "UPDATE sources SET poll = json_set(poll, '$.trust.nextUnconditional', (unixepoch() + 3600) * 1000) WHERE poll IS NOT NULL",
        ]
        let moved = try await RunningProgram(
            [tidings.state + "/db/tidings.db", move.joined(separator: ";")], of: URL(fileURLWithPath: "/usr/bin/sqlite3")
        ).result()
        try #require(moved.status == 0, "\(moved.errors)")
        let published = try wholeLines(of: Self.fixture + "/state/stream/changes.ndjson")
        try #require(published.count == 20)

        let first = try await tidings.once()
        #expect(first.errors.contains("0 changes"), "\(first.errors)")
        // By now the file is so old that it is sealed.
        #expect(try tidings.rawLines() == published)
        #expect(server.requests(of: "/feed.xml").map { $0["If-None-Match"] } == [Self.etag])
        try await tidings.expectSound()

        // An edit goes on with the number and the version that come next; the move and the revert of before are still known.
        let pond = tidings.base + "/docs/pond.txt"
        let text = try String(contentsOfFile: pond, encoding: .utf8)
        try text.replacingOccurrences(of: "the weir", with: "the weir and the sluice").write(
            toFile: pond, atomically: false, encoding: .utf8)
        try await tidings.once()
        let line = try #require(try tidings.lines().last)
        #expect(line.id == "21" && line.type == "tidings.article.updated" && line.data.version == 3)
        let log = try await tidings.run("log", String(line.subject ?? ""), "--json")
        #expect(log.output.components(separatedBy: #""version":"#).count > 3, "\(log.output)")
        try await tidings.expectSound()
    }
}
