import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TidingsDaemon

/// More time is asked for by steps and by nothing else.
@Suite(.timeLimit(.minutes(1)))
struct TimeoutExtensionTests {
    @Test func stepsAskAndTimeDoesNot() async throws {
        let manager = try NotifySocket()
        let notifier = try #require(Notifier(environment: manager.environment))
        let clock = FakeClock()
        let asking = TimeoutExtension(notifier: notifier) { clock.microseconds }
        let timeoutExtension = try #require(asking)
        let part = ProgressRegistry(timeoutExtension: timeoutExtension).register("publisher")
        var fence = 0
        func asked() async throws -> Int {
            // Datagrams keep their order: what was sent before this one is there when it is.
            fence += 1
            notifier.send(.status("fence \(fence)"))
            #expect(try await eventually { manager.assignments.contains("STATUS=fence \(fence)") })
            return manager.assignments.count { $0 == "EXTEND_TIMEOUT_USEC=60000000" }
        }
        for _ in 0..<100 { part.mark() }
        #expect(try await asked() == 1, "a hundred steps at once are one message")
        clock.advance(30_000_000)
        #expect(try await asked() == 1, "time alone asks for nothing")
        part.mark()
        #expect(try await asked() == 2)
        timeoutExtension.end()
        clock.advance(30_000_000)
        part.mark()
        #expect(try await asked() == 2, "nobody waits for a daemon that runs")
        timeoutExtension.begin()
        part.mark()
        #expect(try await asked() == 3, "the stop is waited for")
    }

    @Test func withoutAManagerNobodyIsAsked() { #expect(TimeoutExtension(notifier: nil) == nil) }
}

private final class FakeClock: Sendable {
    private let time = Atomic<UInt64>(5_000_000)

    var microseconds: UInt64 { time.load(ordering: .relaxed) }

    func advance(_ microseconds: UInt64) { time.add(microseconds, ordering: .relaxed) }
}
