import Foundation
import TestSupport
import Testing

/// What stands in a feed's `headers_file` is for its server, and for nobody else.
@Suite(.timeLimit(.minutes(5)))
struct NetworkSecretTests {
    private static let secret = "pearls-of-4711"

    @Test func secretHeadersReachTheServerAndNobodyElse() async throws {
        let other = try LoopbackServer(host: "127.0.0.2") { _ in smallFeed("other", items: 1) }
        let away = other.url(for: "/")
        let server = try LoopbackServer { request in
            switch request.path {
            case "/wire": request["Authorization"] == "Bearer \(Self.secret)" ? smallFeed("wire", items: 1) : .status(403)
            case "/away": .redirect(to: away)
            // Some servers show what they were sent.
            default: LoopbackReply(status: 401, body: Array("<html><body>\(request.headers)</body></html>".utf8))
            }
        }
        defer { for server in [server, other] { server.stop() } }
        let tidings = try Installation()
        try FileManager.default.createDirectory(atPath: tidings.base + "/secrets", withIntermediateDirectories: true)
        try Self.write("# of the desk\nAuthorization: Bearer \(Self.secret)\n", to: tidings.base + "/secrets/good")
        try Self.write("Authorization Bearer \(Self.secret)\n", to: tidings.base + "/secrets/typo")
        let feeds = [("wire", "good"), ("away", "good"), ("locked", "good"), ("typo", "typo")].map { name, file in
            Installation.feed(name, at: server.url(for: "/" + name), Installation.nearby + ", headers_file: secrets/\(file)")
        }
        try tidings.write(settings: "log_level: trace\n" + Installation.fetch() + Installation.feeds(feeds))

        let daemon = try await tidings.daemon()
        // Four sources; an article of each of two, and the turn of each of the others.
        try await tidings.waitForLines(8)
        var shown = [
            try await tidings.run("reingest"), try await tidings.run("status"), try await tidings.run("status", "--json"),
        ]
        try await daemon.stop()
        shown.append(try await tidings.once(expecting: 1))

        #expect(
            try tidings.lines().message.filter { !$0.hasSuffix("added") }.sorted() == [
                "created other-1 backfill", "created wire-1 backfill", "source locked is failing", "source typo is failing",
            ])
        #expect(!server.requests(of: "/wire").isEmpty)
        #expect(server.requests(of: "/wire").allSatisfy { $0["Authorization"] == "Bearer \(Self.secret)" })
        #expect(!other.requests.isEmpty)
        #expect(other.requests.allSatisfy { $0["Authorization"] == nil }, "a redirect takes nothing along to another origin")
        #expect(try await tidings.failures() == ["locked": "unauthorized", "typo": "headers_file"])
        let message = try await tidings.feedStatuses().first { $0.name == "typo" }?.detail ?? "nothing"
        #expect(message.contains("/secrets/typo: line 1 is not of the form 'Name: value'; correct the file"), "\(message)")

        let log = daemon.program.errors
        #expect(log.contains("feed not read"))
        for text in shown.map({ $0.output + $0.errors }) + [log, daemon.program.output] {
            #expect(!text.contains(Self.secret))
        }
        for file in try #require(FileManager.default.subpaths(atPath: tidings.state)) {
            let bytes = FileManager.default.contents(atPath: tidings.state + "/" + file)
            #expect(bytes?.firstRange(of: Data(Self.secret.utf8)) == nil, "\(file)")
        }
    }

    private static func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
