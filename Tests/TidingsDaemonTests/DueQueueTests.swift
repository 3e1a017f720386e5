import TestSupport
import Testing

@testable import TidingsDaemon

struct DueQueueTests {
    private let start = ContinuousClock.now

    @Test("places come out by their times, in whatever order they went in", arguments: 1...20 as ClosedRange<UInt64>)
    func order(seed: UInt64) {
        var random = Seeded(seed: seed)
        var queue = DueQueue()
        var expected: [Int] = []
        for place in 0..<UInt64.random(in: 0...60, using: &random) {
            let second = Int.random(in: 0...40, using: &random)
            expected.append(second)
            queue.insert(DueQueue.Entry(due: start + .seconds(second), place: place))
            if Bool.random(using: &random), let first = queue.first {
                #expect(first.due == start + .seconds(expected.min() ?? -1))
                queue.removeFirst()
                expected.remove(at: expected.firstIndex(of: expected.min() ?? -1) ?? 0)
            }
        }
        let kept = expected.filter { $0 % 3 != 0 }.sorted()
        queue.removeAll { entry in Int((entry.due - start) / .seconds(1)) % 3 == 0 }
        #expect(taken(&queue) == kept, "seed \(seed)")
    }

    private func taken(_ queue: inout DueQueue) -> [Int] {
        var seconds: [Int] = []
        while let first = queue.first {
            seconds.append(Int((first.due - start) / .seconds(1)))
            queue.removeFirst()
        }
        return seconds
    }
}
