import Synchronization
import TestSupport
import Testing
import TidingsSystem

@testable import TidingsDaemon

@Suite("The memory that a burst leaves")
struct MemoryReliefTests {
    @Test("is given back once after each burst, when it is over")
    func bursts() async throws {
        let releases = Mutex<[ContinuousClock.Instant]>([])
        let worked = Alarm()
        let relief = MemoryRelief(worked: worked, quiet: .milliseconds(100)) { releases.withLock { $0.append(.now) } }
        let running = Task { await relief.run() }
        for burst in 1...2 {
            var last = ContinuousClock.now
            for _ in 0..<50 {
                worked.ring()
                last = .now
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await eventually { releases.withLock { $0.count >= burst } })
            #expect(try #require(releases.withLock { $0.last }) - last > .milliseconds(90))
        }
        try await Task.sleep(for: .milliseconds(300))
        #expect(releases.withLock { $0.count } == 2, "and not again while nothing happens")
        running.cancel()
        await running.value
    }
}
