import Dispatch

/// Runs an actor's jobs one after the other on its own dispatch queue, so that blocking calls (SQLite, `write`, `fdatasync`) never
/// occupy a thread of the shared pool.
package final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) { queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
