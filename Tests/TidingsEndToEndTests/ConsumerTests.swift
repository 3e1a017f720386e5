import Foundation
import Glibc
import TestSupport
import Testing

/// FAULTS row 60: consumers that stall, go away, or come in crowds hold nobody up, and what they cannot have is refused in words.
@Suite("consumers") struct ConsumerTests {
    @Test("one that does not read holds nobody up, takes no memory, and misses nothing when it reads again", .timeLimit(.minutes(5)))
    func stalled() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        let lively = try tidings.start(["tail", "-f", "--since", "0"])
        let reader = SlowReader()
        let stalled = try tidings.start(["tail", "-f", "--since", "0"], output: reader.end)
        try reader.started()
        for number in 1...1_000 {
            try tidings.write("Entry number \(number) in the log of the ferry\n\nIt carried \(number) people and two goats.\n", to: "\(number).txt")
        }
        // All of them reach the one who reads, although nothing was taken from the other's pipe.
        try await tidings.wait("who reads has seen all") { wholeLines(Array(lively.output.utf8)).count > 1_000 }
        #expect(reader.bytes.isEmpty)
        let status = try String(contentsOfFile: "/proc/\(stalled.pid)/status", encoding: .utf8)
        let kilobytes = try #require(status.firstMatch(of: #/RssAnon:\s*(\d+) kB/#).flatMap { Int($0.1) })
        print("a stalled tail has \(kilobytes) kB of its own")
        #expect(kilobytes < 32 << 10)
        let all = try tidings.rawLines()
        try await tidings.wait("who reads again has seen all") {
            reader.read()
            return reader.lines.count >= all.count
        }
        #expect(reader.lines == all)
        // And its going away ends it alone, although there is nothing to be written.
        try reader.close()
        let end = await stalled.result()
        #expect(end.status == 0 && end.errors == "")
        try await daemon.stop()
        #expect(wholeLines(Array(lively.output.utf8)) == all)
        try await tidings.expectPromises(
            [Observation("who stalled", lines: reader.lines), Observation("who read", lines: all)], after: "a stalled reader", resuming: false)
    }

    // Of watches a user has 128 unless the machine is set up otherwise.
    @Test("a crowd that follows, more than the system has watches for: all see everything", .timeLimit(.minutes(5)))
    func crowd() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        try tidings.write(Articles.byline, to: "byline.txt")
        try await tidings.waitForLines(2)
        let crowd = try (0..<(isLongRun ? 200 : 140)).map { _ in try tidings.start(["tail", "-f", "--since", "1"]) }
        try await tidings.wait("all have begun") { crowd.allSatisfy { !$0.output.isEmpty || !$0.errors.isEmpty } }
        try tidings.write(Articles.scroll, to: "scroll.txt")
        let expected = try await tidings.waitForLines(3).count - 1
        try await tidings.wait("all have seen all") { crowd.allSatisfy { wholeLines(Array($0.output.utf8)).count >= expected } }
        let lines = try tidings.rawLines()
        for tail in crowd {
            tail.send(SIGKILL)
            #expect(tail.errors == "")
            #expect(wholeLines(Array(tail.output.utf8)) == Array(lines.dropFirst()))
        }
        for tail in crowd { _ = await tail.result() }
        try await daemon.stop()
        try await tidings.expectPromises(after: "a crowd", resuming: false)
    }

    @Test("two hundred silent connections to the control socket keep no command out, and the stream goes on")
    func connections() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        var silent: [Int32] = []
        defer { for number in silent { close(number) } }
        for _ in 0..<200 { silent.append(try Self.connection(to: tidings.state + "/db/control")) }
        let served = try await tidings.run("reload")
        #expect(served.status == 0, "\(served.errors)")
        try tidings.write(Articles.byline, to: "byline.txt")
        try await tidings.waitForLines(2)
        try await daemon.stop()
        try await tidings.expectPromises(after: "two hundred connections", resuming: false)
    }

    private static func connection(to path: String) throws -> Int32 {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // "sun_path" has 108 bytes (unix(7)).
        try #require(number >= 0 && bytes.count < 108)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let code = unsafe withUnsafePointer(to: &address) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0)
        return number
    }
}
