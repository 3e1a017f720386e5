import Testing
@testable import TidingsWatch

@Suite("when an event is passed on")
final class PendingPathsTests {
    private let path = raw("a.md")
    private var pending = PendingPaths(settleNanoseconds: 100)

    /// Whether a whole event at `time` is passed on at once.
    private func whole(at time: Int64) -> Bool { pending.whole(path, at: time) }
    private func due(at time: Int64) -> [RawPath] { pending.due(at: time).files }

    @Test("the first whole event of a quiet path at once, the next when it is quiet again")
    func holdsTheSecond() {
        #expect(whole(at: 0))
        #expect(!whole(at: 50))
        #expect(!whole(at: 120))
        #expect(due(at: 200) == [])
        #expect(due(at: 220) == [path])
        #expect(pending.count == 0)
        #expect(whole(at: 400))
    }

    @Test("a path passed on and left alone is not passed on twice")
    func isForgotten() {
        pending.disturbed(path, at: 0)
        #expect(whole(at: 10))
        #expect(due(at: 110) == [])
        #expect(pending.count == 0)
    }

    @Test("a file that is written without being closed waits until it is quiet")
    func waits() {
        for time in stride(from: 0 as Int64, to: 5_000, by: 50) {
            pending.disturbed(path, at: time)
            #expect(due(at: time) == [])
        }
        #expect(due(at: 5_050) == [path])
    }

    @Test("a file saved all the time is passed on every ten settle times, and at the end")
    func hasPatience() {
        var passedOn: [Int64] = []
        for time in 0..<2_500 as Range<Int64> {
            if whole(at: time) { passedOn.append(time) }
            if due(at: time) == [path] { passedOn.append(time) }
        }
        #expect(passedOn == [0, 1_000, 2_000])
        #expect(due(at: 2_599) == [path])
    }

    @Test("the wait ends when something is due, and never when nothing is")
    func tellsItsWait() {
        pending = PendingPaths(settleNanoseconds: 5_000_000)
        #expect(pending.timeoutMilliseconds(at: 0) == -1)
        pending.disturbed(path, at: 0)
        #expect(pending.timeoutMilliseconds(at: 1) == 5)
        #expect(pending.timeoutMilliseconds(at: 6_000_000) == 0)
        _ = pending.due(at: 6_000_000)
        #expect(pending.timeoutMilliseconds(at: 6_000_000) == -1)
    }
}
