import Synchronization
import TidingsCore
import TidingsSystem

/// Has workers on other machines run the hops of fetches, by way of a program that it starts (`fetch.command`), and starts again when
/// that ends or says what is not so.
///
///     daemon                                      program
///            ──> {"life":"1f…"}                          first; another one for each start of the daemon
///            ──> {"job":7,"host":…,"request":…}
///            ──> {"withdraw":7}                          it is not wanted any more
///            <── {"job":7,"end":{…},"header_bytes":312,"body_bytes":5120}
///            <── the header's field lines, and the body
///
/// A job stays with the daemon until it has ended: a new program gets all that have not. One that nobody takes ends by itself.
package final class FetchDispatcher: Sendable {
    /// How long a job may wait for a worker, besides its own time limit.
    package static let patience = Duration.seconds(300)

    private struct Job {
        let line: [UInt8]
        let deadline: ContinuousClock.Instant
        let onEnd: @Sendable (HopEnd) -> Void
        /// Whether it may be sent.
        var isReady = false
    }

    private struct State {
        var jobs: [UInt64: Job] = [:]
        var lastID: UInt64 = 0
        /// Jobs and withdrawals that the program has not got, in order.
        var unsent: [UInt8] = []
        var isClosed = false
    }

    let command: [String]
    let environment: [String: String]
    let log: @Sendable (String) -> Void
    private let patience: Duration
    private let state = Mutex(State())
    private let event: EventDescriptor

    /// - Parameters:
    ///   - command: the program, as an absolute path or a name to be found in `$PATH`, and its arguments. No shell reads them.
    ///   - environment: the daemon's; the program gets it without what is for the daemon alone.
    ///   - log: takes messages for people.
    package init(
        command: [String], environment: [String: String], patience: Duration = FetchDispatcher.patience,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.command = command
        self.environment = ChildProgram.environment(environment)
        self.patience = patience
        self.log = log
        do {
            event = try EventDescriptor()
            // Nobody joins the thread. It ends after `shutdown`.
            _ = try SystemThread(name: "dispatch") { [self] in DispatchSession.runUntilClosed(self) }
        } catch {
            preconditionFailure("no thread for fetching: \(error.message)")
        }
    }

    /// Ends the program. Jobs that have not ended never do.
    package func shutdown() {
        state.withLock { $0.isClosed = true }
        event.signal()
    }

    func maker(_ limits: FetcherLimits) -> HopRunnerMaker {
        do {
            let hops = try RemoteHops(self, pauseMilliseconds: limits.hostDelayMilliseconds)
            return HopRunnerMaker(make: { hops }, wakeUp: { hops.wakeUp() })
        } catch {
            preconditionFailure("no descriptor for fetching: \(error.message)")
        }
    }

    // MARK: for the hops

    /// Takes a job, which `send` lets go.
    func submit(_ hop: HopRequest, host: String, pauseMilliseconds: Int, onEnd: @escaping @Sendable (HopEnd) -> Void) -> UInt64 {
        let deadline = ContinuousClock.now + .milliseconds(hop.timeoutMilliseconds) + patience
        return state.withLock { state in
            state.lastID += 1
            let job = FetchJob(id: state.lastID, host: host, pauseMilliseconds: pauseMilliseconds, hop: hop)
            state.jobs[state.lastID] = Job(line: job.line, deadline: deadline, onEnd: onEnd)
            return state.lastID
        }
    }

    func send(_ job: UInt64) {
        state.withLock { state in
            state.jobs[job]?.isReady = true
            state.unsent += state.jobs[job]?.line ?? []
        }
        event.signal()
    }

    func withdraw(_ job: UInt64) {
        state.withLock { state in
            if state.jobs.removeValue(forKey: job) != nil { state.unsent += Self.withdrawal(job) }
        }
        event.signal()
    }

    private static func withdrawal(_ job: UInt64) -> [UInt8] {
        var json = JSONWriter()
        json.object { $0.field("withdraw", Int64(job)) }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    // MARK: for the session

    /// Readable when there is something to send, or the end has come.
    var descriptor: Int32 { event.descriptor.raw }
    func reset() { event.reset() }
    var isClosed: Bool { state.withLock(\.isClosed) }
    var hasJobs: Bool { state.withLock { !$0.jobs.isEmpty } }

    /// All that a new program is to get.
    func begin() -> [UInt8] {
        state.withLock { state in
            state.unsent = []
            return state.jobs.filter(\.value.isReady).sorted { $0.key < $1.key }.flatMap(\.value.line)
        }
    }

    func takeUnsent() -> [UInt8] {
        state.withLock { state in
            defer { state.unsent = [] }
            return state.unsent
        }
    }

    func end(_ end: FetchJobEnd) {
        state.withLock { $0.jobs.removeValue(forKey: end.job) }?.onEnd(end.end)
    }

    /// Ends the jobs that have waited for too long.
    func endOverdue() {
        let now = ContinuousClock.now
        let overdue = state.withLock { state in
            let overdue = state.jobs.filter { $0.value.deadline <= now }
            for job in overdue.keys {
                state.jobs[job] = nil
                state.unsent += Self.withdrawal(job)
            }
            return overdue
        }
        for job in overdue.values { job.onEnd(HopEnd(code: 0, refusal: .noWorker(seconds: Int(patience.components.seconds)))) }
    }
}
