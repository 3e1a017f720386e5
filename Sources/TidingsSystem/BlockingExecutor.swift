import Dispatch

/// Runs an actor's jobs one after the other on its own dispatch queue, so that blocking calls (SQLite, `write`, `fdatasync`) never
/// occupy a thread of the shared pool.
///
/// A task that begins or resumes goes to the shared pool first, and from there to the queue of its actor: two threads wake up, one after
/// the other. With a preference for this executor (SE-0417) it goes to the queue directly.
package final class BlockingExecutor: SerialExecutor, TaskExecutor {
    private let queue: DispatchQueue

    package init(label: String) { queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            unsafe job.runSynchronously(isolatedTo: self.asUnownedSerialExecutor(), taskExecutor: self.asUnownedTaskExecutor())
        }
    }
}
