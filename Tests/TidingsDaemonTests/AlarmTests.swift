import Dispatch
import Synchronization
import Testing
import TidingsSystem

@testable import TidingsDaemon

@Suite("an alarm", .timeLimit(.minutes(1))) struct AlarmTests {
    @Test("wakes an actor on its own executor, without a stop on the shared pool")
    func executor() async {
        let pool = CountingPool()
        let waiter = Waiter()
        await withTaskExecutorPreference(pool) {
            let jobs = await waiter.poolJobsDuringWait(pool)
            #expect(jobs == 0)
        }
        #expect(pool.jobs > 0, "the pool was in use at all")
    }

    @Test("of every subscriber is rung by one signal, and rings are remembered")
    func signal() async {
        let signal = CommitSignal()
        let alarms = (1...3).map { _ in Alarm() }
        for alarm in alarms { signal.subscribe(alarm) }
        signal.ring()
        for alarm in alarms { await alarm.wait() }
    }

    @Test("ends a wait at its time, also one that has passed, and never a later wait")
    func deadlines() async {
        let alarm = Alarm()
        alarm.ring()
        await alarm.wait(until: .now + .milliseconds(30))
        let start = ContinuousClock.now
        await alarm.wait(until: start + .milliseconds(100))
        #expect(.now - start >= .milliseconds(100))
        await alarm.wait(until: .now - .seconds(1))
    }

    private actor Waiter {
        private let executor = BlockingExecutor(label: "tidings.test")
        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

        func poolJobsDuringWait(_ pool: CountingPool) async -> Int {
            let alarm = Alarm()
            // Runs on this actor, so only once the wait has left it.
            Task { self.ring(alarm) }
            let before = pool.jobs
            await alarm.wait()
            return pool.jobs - before
        }

        private func ring(_ alarm: Alarm) { alarm.ring() }
    }

    /// Stands for the shared pool, for one task.
    private final class CountingPool: TaskExecutor {
        private let count = Mutex(0)
        private let queue = DispatchQueue(label: "tidings.test-pool")

        var jobs: Int { count.withLock { $0 } }

        func enqueue(_ job: consuming ExecutorJob) {
            count.withLock { $0 += 1 }
            let job = UnownedJob(job)
            queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }
}
