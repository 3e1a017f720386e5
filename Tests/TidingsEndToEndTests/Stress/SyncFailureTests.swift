import Foundation
import Glibc
import TestSupport
import Testing

/// The disk refuses a sync or a write of the real daemon. What the kernel keeps of a file after a failed sync is unknown, and another
/// sync would say that all is well: so there is none, the daemon exits, and the next start recovers from what is really there.
@Suite(.timeLimit(.minutes(isLongRun ? 30 : 5)))
struct SyncFailureTests {
    private static let times = isLongRun ? 1...8 : 2...2
    private static let syncs = times.flatMap { time in
        ["db/tidings.db-wal", "stream/changes.ndjson"].map {
            TracedCalls.Fault(calls: "fdatasync,fsync", path: $0, error: "EIO", when: "\(time)")
        }
    }

    @Test("a failed sync ends the daemon and is not tried again")
    func failedSync() async {
        await forEachRow(of: Self.syncs) { (fault: TracedCalls.Fault) in
            let life = try await Life(fault)
            #expect(life.status == EX_IOERR, "\(life.errors)")
            #expect(life.trace.callsAfterFailure() == [], "it failed, and there was no second try")
            try await life.goOn()
        }
    }

    private static let writes = times.map {
        TracedCalls.Fault(calls: "pwrite64", path: "db/tidings.db-wal", error: "EIO", when: "\($0)")
    }

    @Test("a failed write of the database ends the daemon", arguments: writes)
    func failedWrite(_ fault: TracedCalls.Fault) async throws {
        let life = try await Life(fault)
        #expect(life.status == EX_IOERR, "\(life.errors)")
        #expect(life.trace.callsAfterFailure() != nil, "it failed")
        try await life.goOn()
    }

    // Of the change file all is in the ledger, so that even a disk that fails is waited for.
    private static let triedAgainRows: [TracedCalls.Fault] = [
        TracedCalls.Fault(calls: "pwrite64", path: "db/tidings.db-wal", error: "ENOSPC", when: "2"),
        TracedCalls.Fault(calls: "write", path: "stream/changes.ndjson", error: "ENOSPC", when: "2"),
        TracedCalls.Fault(calls: "write", path: "stream/changes.ndjson", error: "EIO", when: "2"),
    ]

    @Test("a write that may succeed later is tried again")
    func triedAgain() async {
        await forEachRow(of: Self.triedAgainRows) { (fault: TracedCalls.Fault) in
            let life = try await Life(fault, ends: true)
            #expect(life.status == 0, "\(life.errors)")
            #expect(life.trace.callsAfterFailure() != nil, "it failed")
            #expect(life.errors.contains("waits"), "it is told")
            try await life.goOn()
        }
    }
}

/// A daemon that has lived once, and lives again under a fault while files arrive, to its own end or to ours.
private struct Life {
    let tidings: Installation
    let followers: Followers
    let status: Int32
    let errors: String
    let trace: TracedCalls
    private let fault: TracedCalls.Fault

    /// - Parameter ends: whether the fault is over when it was met once. Calls are counted by thread: each new thread of the daemon
    ///   would meet it again, and there may be one for each try.
    init(_ fault: TracedCalls.Fault, ends: Bool = false) async throws {
        self.fault = fault
        let tidings = try Installation()
        try Self.write(1, to: tidings)
        try await tidings.once()
        followers = try Followers(tidings)

        let trace = TracedCalls(in: tidings)
        let manager = try NotifySocket()
        let daemon = try tidings.start(
            ["run"], environment: manager.environment, under: trace.wrapper(fault, state: tidings.state))
        var number = 1
        var known = try tidings.tallyOfFiles().last
        // One after the other: each is a commit and an append of its own, and the change file is synced at most ten times a second. Calls
        // are counted by thread, and the daemon's may change.
        while daemon.isRunning, number < (isLongRun ? 160 : 60), trace.callsAfterFailure() == nil || number < 6 {
            number += 1
            try Self.write(number, to: tidings)
            let isOver = try await eventually(seconds: Installation.patienceSeconds) {
                if ends, daemon.isRunning, trace.callsAfterFailure() != nil {
                    let tracer = try TracedCalls.tracer(of: daemon.pid)
                    if tracer > 0 { kill(tracer, SIGKILL) }
                }
                return try !daemon.isRunning || tidings.tallyOfFiles().last > known
            }
            try #require(isOver, "notice \(number) is neither announced nor refused: \(daemon.errors)")
            known = try tidings.tallyOfFiles().last
        }
        daemon.send(SIGTERM)
        let result = await daemon.result()
        status = result.status
        errors = result.errors
        self.tidings = tidings
        self.trace = trace
    }

    /// The next start finds what is missing.
    func goOn() async throws {
        try await tidings.once()
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(followers.observations, after: fault.testDescription)
        let files = try FileManager.default.contentsOfDirectory(atPath: tidings.news).count
        #expect(StreamFold(try tidings.lines()).bySighting.count == files)
    }

    private static func write(_ number: Int, to tidings: Installation) throws {
        try tidings.write("Notice \(number)\n\nNumber \(number) says that the pier is closed to all boats.\n", to: "\(number).txt")
    }
}
