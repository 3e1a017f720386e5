import Dispatch
import Glibc
import Synchronization

/// Runs an actor's jobs one after the other on a thread of its own, which the kernel lets run when others leave it time. For work
/// that nobody waits for.
package final class LowPriorityExecutor: SerialExecutor {
    /// The weakest: "a range from -20 (highest priority) to 19" (setpriority(2)).
    private static let niceness: Int32 = 19

    private struct Waiting {
        let job: UnownedJob
        /// Keeps it until its jobs have run.
        let executor: LowPriorityExecutor
    }

    /// What the thread works through; it does not keep the executor, which ends it.
    private final class Queue: Sendable {
        private let jobs = Mutex<(waiting: [Waiting], isClosed: Bool)>(([], false))
        private let filled = DispatchSemaphore(value: 0)

        func add(_ job: Waiting) {
            jobs.withLock { $0.waiting.append(job) }
            filled.signal()
        }

        func close() {
            jobs.withLock { $0.isClosed = true }
            filled.signal()
        }

        /// Waits for jobs. Nil when there are none and none will come.
        func next() -> [Waiting]? {
            while true {
                filled.wait()
                let (waiting, isClosed) = jobs.withLock { jobs in
                    defer { jobs.waiting = [] }
                    return jobs
                }
                if !waiting.isEmpty { return waiting }
                if isClosed { return nil }
            }
        }
    }

    private let queue = Queue()

    /// - Parameter name: of the thread; at most 15 bytes.
    package init(name: String) throws(SystemError) {
        let queue = queue
        _ = try SystemThread(name: name) {
            // "the nice value is a per-thread attribute", and 0 is the calling thread's (setpriority(2), BUGS). Where it is not
            // allowed the thread runs as others do.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            while let jobs = queue.next() {
                for waiting in jobs { unsafe waiting.job.runSynchronously(on: waiting.executor.asUnownedSerialExecutor()) }
            }
        }
    }

    deinit { queue.close() }

    package func enqueue(_ job: consuming ExecutorJob) { queue.add(Waiting(job: UnownedJob(job), executor: self)) }
}
