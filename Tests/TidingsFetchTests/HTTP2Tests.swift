import Foundation
import TestSupport
import Testing
import TidingsFetch

/// HTTP/2 with a server that others have written: nghttpd.
@Suite(.timeLimit(.minutes(1)))
struct HTTP2Tests {
    @Test func manyFetchesShareOneConnection() async throws {
        let authority = try TestAuthority()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tidings-h2-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let feed = Array(String(repeating: "a line of the feed\n", count: 10_000).utf8)
        try Data(feed).write(to: folder.appendingPathComponent("feed"))
        let identity = folder.appendingPathComponent("identity.pem").path
        try authority.certificate().write(to: identity, withKey: true)
        let port = try LoopbackServer.freePort()
        let server = try RunningProgram(
            ["--verbose", "--htdocs=\(folder.path)", "--address=127.0.0.1", "\(port)", identity, identity],
            of: URL(fileURLWithPath: "/usr/sbin/nghttpd"))
        try #require(await eventually { server.output.contains("listen 127.0.0.1:\(port)") }, "\(server.errors)")

        let fetcher = Fetcher(limits: withoutDelay)
        let asked = request("https://127.0.0.1:\(port)/feed", caFile: authority.file)
        try await withThrowingTaskGroup(of: FetchResponse.self) { group in
            for _ in 0..<20 { group.addTask { try await fetcher.fetch(asked) } }
            for try await response in group {
                #expect(response.status == 200)
                #expect(response.httpVersion == .http2)
                #expect(response.body == feed)
            }
        }
        let handshakes = server.output.components(separatedBy: "The negotiated protocol: h2").count - 1
        #expect(handshakes == 1)
    }
}
