import Foundation
import Glibc
import TestSupport
import Testing

/// The file system of the state becomes read-only: readers are served, it is told, nothing spins, and the daemon goes on when it can.
@Suite(.timeLimit(.minutes(5)))
struct ReadOnlyTests {
    @Test func startOnAReadOnlyDiskIsRefusedAndReadersAreServed() async throws {
        let tidings = try Installation()
        let disk = try await SmallDisk(at: tidings.state)
        defer { disk.close() }
        try Self.write(1...5, to: tidings)
        try await tidings.once()
        let before = try tidings.rawLines()
        try await disk.remount("ro")

        let refused = try await tidings.run("run")
        #expect(refused.status == EX_IOERR)
        #expect(refused.errors.contains("Read-only") && refused.errors.contains("mount it writable"), "\(refused.errors)")
        #expect(try await tidings.lines(since: 0) == before)

        try await disk.remount("rw")
        try Self.write(6...8, to: tidings)
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(9)
        try await daemon.stop()
        try await tidings.expectPromises(after: "a start on a read-only disk")
    }

    /// No mount(8) makes a disk read-only that somebody writes to; only its own errors do. Here strace(1) refuses what it would.
    @Test func daemonWaitsForItsDiskToBeWritableAgain() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        try Self.write(1...5, to: tidings)
        try await tidings.waitForLines(6)
        let followers = try Followers(tidings)

        let strace = try TracedCalls(in: tidings).attach(
            to: daemon.pid,
            [
                TracedCalls.Fault(calls: "pwrite64", path: "db/tidings.db-wal", error: "EROFS", when: "1+"),
                TracedCalls.Fault(calls: "write", path: "stream/changes.ndjson", error: "EROFS", when: "1+"),
            ], state: tidings.state)
        try await tidings.wait("strace is there") { try TracedCalls.tracer(of: daemon.pid) == strace.pid }
        try Self.write(6...40, to: tidings)
        try await tidings.wait("it says so") { daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded: ledger") } }
        try await Self.expectServed(tidings, lines: 6)
        let used = try await Self.processorSeconds(of: daemon.pid, duringSeconds: 2)
        #expect(used < 1, "it spins")
        #expect(daemon.program.isRunning)

        strace.send(SIGKILL)
        _ = await strace.result()
        try await tidings.waitForLines(41)
        try await tidings.wait("all is well again") { daemon.isWellAgain }
        try await daemon.stop()
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(followers.observations, after: "the disk was read-only for a while")
    }

    /// A real file system that has met an error. Nothing but a new mount makes it writable again, and that needs the daemon to go.
    @Test
    func daemonEndsWellOnADiskThatHasFailed() async throws {
        let tidings = try Installation()
        let image = tidings.base + "/image"
        var disk = try await SmallDisk(at: tidings.state, megabytes: 64, image: image)
        defer { disk.close() }
        let daemon = try await tidings.daemon()
        try Self.write(1...5, to: tidings)
        try await tidings.waitForLines(6)
        let follower = try Follower.tidingsTail(of: tidings)
        try await follower.catchUp(with: tidings)
        // The change file is synced up to a tenth of a second after a line, and a sync that fails ends the daemon. This is about the rest.
        try await tidings.wait("nothing is left to do") {
            let before = try Self.contextSwitches(of: daemon.pid)
            usleep(250_000)
            return try Self.contextSwitches(of: daemon.pid) == before
        }
        try await disk.fail()
        try Self.write(6...40, to: tidings)
        try await tidings.wait("it says so") { daemon.manager.assignments.contains { $0.hasPrefix("STATUS=degraded") } }
        try await Self.expectServed(tidings, lines: 6)
        let used = try await Self.processorSeconds(of: daemon.pid, duringSeconds: 2)
        #expect(used < 1, "it spins")
        try await daemon.stop()
        follower.send(SIGKILL)
        // While somebody has a file open on the failed file system, a mount of its image gives the same one again.
        try await tidings.wait("the follower has died") { !follower.isRunning }

        disk.close()
        disk = try await SmallDisk(at: tidings.state, remounting: image)
        try await tidings.once()
        try await follower.catchUp(with: tidings)
        try await tidings.expectPromises([follower.observation], after: "the disk failed and was mounted again")
        #expect(StreamFold(try tidings.lines()).bySighting.count == 40)
    }

    private static func write(_ numbers: ClosedRange<Int>, to tidings: Installation) throws {
        for number in numbers {
            try tidings.write("Notice \(number)\n\nNumber \(number) says that the pier is closed to all boats.\n", to: "\(number).txt")
        }
    }

    private static func expectServed(_ tidings: Installation, lines: Int) async throws {
        #expect(try await tidings.lines(since: 0).count == lines)
        let list = try await tidings.run("list")
        #expect(list.status == 0, "\(list.errors)")
        let status = try await tidings.run("status")
        #expect(status.output.contains("degraded: ledger"), "\(status.output)\(status.errors)")
    }

    /// How often each thread has begun to wait, or was made to.
    private static func contextSwitches(of pid: Int32) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").sorted().flatMap { thread in
            // A thread may end between the two looks.
            let status = (try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/status", encoding: .utf8)) ?? ""
            return status.split(separator: "\n").filter { $0.contains("ctxt_switches:") }.map { "\(thread) \($0)" }
        }
    }

    /// What the process takes of the processors within a time, which is what is asked about.
    private static func processorSeconds(of pid: Int32, duringSeconds seconds: Int) async throws -> Double {
        func ticks() throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            // utime and stime are the 14th and 15th field (proc(5)); the second is in brackets and may hold spaces.
            let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
            return try #require(Int(fields[12])) + #require(Int(fields[13]))
        }
        let before = try ticks()
        try await Task.sleep(for: .seconds(seconds))
        return Double(try ticks() - before) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
