import Foundation
import Synchronization
import Testing

@testable import TidingsDaemon

/// What `STATUS=` says, and when.
@Suite(.timeLimit(.minutes(1)))
struct StatusTests {
    private static func text(
        _ sources: Int, _ changes: Int64, trouble: String? = nil, failing: [String] = [], lags: [Int64] = [], sinks: [String] = []
    ) -> StatusText {
        StatusText(
            sources: sources, changes: changes, trouble: trouble, failing: failing,
            lagging: lags.map { StatusText.Lag(sink: "change file", changes: $0) }, troubledSinks: sinks)
    }

    @Test("a status is one line that names what is wrong", arguments: [
        (text(0, 0), "0 sources, 0 changes"),
        (text(1, 1), "1 source, 1 change"),
        (text(2, 25, failing: ["wire"]), "2 sources, 25 changes; failing: wire"),
        (text(9, 25, failing: ["a", "b", "c", "d", "e"]), "9 sources, 25 changes; failing: a, b, c, d, e"),
        (text(9, 25, failing: ["a", "b", "c", "d", "e", "f", "g"]), "9 sources, 25 changes; failing: a, b, c, d, e and 2 more"),
        (text(1, 25, failing: ["wire"], sinks: ["hook failing", "index stopped"]), "1 source, 25 changes; failing: wire; sinks: hook failing, index stopped"),
        (text(2, 25, lags: [12]), "2 sources, 25 changes; the change file lacks 12 changes"),
        (text(2, 25, trouble: "ledger: full", failing: ["wire"], lags: [1]),
         "degraded: ledger: full; 2 sources, 25 changes; failing: wire; the change file lacks 1 change"),
    ])
    func lines(text: StatusText, expected: String) { #expect(text.line == expected) }

    @Test func manyChangesAreFewRenewalsAndTheLastOneIsTold() async throws {
        let board = StatusBoard(spacing: .milliseconds(100))
        let value = Mutex(0)
        let told = Mutex<[Int]>([])
        let running = Task {
            await board.run {
                let now = value.withLock { $0 }
                told.withLock { $0.append(now) }
                return false
            }
        }
        let end = ContinuousClock.now + .milliseconds(250)
        while ContinuousClock.now < end {
            value.withLock { $0 += 1 }
            board.changed.ring()
            await Task.yield()
        }
        let last = value.withLock { $0 }
        while told.withLock({ $0.last }) != last { await Task.yield() }
        #expect((2...5).contains(told.withLock { $0.count }))
        running.cancel()
        board.changed.ring()
        await running.value
    }

    @Test func troubleIsToldWithoutAPauseAndWhoIsBehindIsLookedAtAgain() async throws {
        let board = StatusBoard(spacing: .seconds(600))
        let looks = Mutex(0)
        let running = Task { await board.run { looks.withLock { $0 += 1; return $0 == 1 } } }
        for count in 1...3 {
            board.noteTrouble()
            while looks.withLock({ $0 }) < count { await Task.yield() }
        }
        running.cancel()
        await running.value
    }
}
