import Foundation
import TestSupport
import Testing

@Suite("The model") struct ModelTests {
    /// How many histories the short form runs, half of them on each of two tasks.
    private static let histories = 150

    /// Histories from one seed: its operations follow from it and from nothing else.
    static func steps(of seed: UInt64) -> [Step] {
        var random = Seeded(seed: seed)
        return (0..<Int.random(in: 10...50, using: &random)).map { _ in Step.random(using: &random) }
    }

    /// Runs the history of `seed`. What is wrong is said with the seed, and with the fewest operations that show it.
    static func run(_ seed: UInt64, in place: Place) async -> Bool {
        let steps = steps(of: seed)
        guard let message = await History.run(steps, in: place, isThorough: seed % 16 == 0) else { return true }
        let shrunk = await shrink(steps, in: place) ?? (steps, message)
        Issue.record(
            """
            seed \(seed), operation by operation (repeat it with TIDINGS_TEST_SEED=\(seed)):
            \(shrunk.steps.map { "  \($0)" }.joined(separator: "\n"))
            \(shrunk.message)
            """)
        return false
    }

    /// What the histories have found, each with the fewest operations that showed it.
    static let regressions: [(String, [Step])] = [
        ("a clock that is set back turns a copy of what left the feed into a move", [
            Step(operation: .look([.poll(feed: 0, .whole)])), Step(operation: .clock(-102)),
            Step(operation: .edit(.hide(feed: 0, place: 3))), Step(operation: .look([.poll(feed: 0, .whole)])),
            Step(operation: .edit(.publish(feed: 0, text: 4, style: 2))), Step(operation: .look([.poll(feed: 0, .whole)])),
        ]),
        ("a lost database begins at 1 again and tells nobody", [
            Step(operation: .publish), Step(operation: .join(766)), Step(operation: .read(0)), Step(operation: .lose),
        ]),
        ("a database restored from before a reset uses its numbers twice", [
            Step(operation: .publish), Step(operation: .backUp), Step(operation: .look([.scan(folder: 0)])),
            Step(operation: .publish), Step(operation: .join(0)), Step(operation: .read(0)), Step(operation: .restore),
            Step(operation: .publish), Step(operation: .read(0)), Step(operation: .restore),
        ]),
        ("a database restored from the first of two resets uses its numbers twice", [
            Step(operation: .publish), Step(operation: .lose), Step(operation: .backUp), Step(operation: .publish),
            Step(operation: .join(0)), Step(operation: .look([.scan(folder: 0)])), Step(operation: .publish),
            Step(operation: .read(0)), Step(operation: .restore), Step(operation: .publish), Step(operation: .restore),
        ]),
        ("the header of an empty file, edited, is damage and no reset", [
            Step(operation: .rotate), Step(operation: .meddle(.edit, 352)), Step(operation: .publish),
        ]),
        ("what was declared deleted stands in the window still when it comes back", [
            Step(operation: .look([.poll(feed: 0, .whole)])), Step(operation: .edit(.bury(feed: 0, place: 0))),
            Step(operation: .look([.poll(feed: 0, .whole)])), Step(operation: .edit(.resize(feed: 0, size: 1))),
            Step(operation: .edit(.hide(feed: 0, place: 0))), Step(operation: .look([.poll(feed: 0, .whole)])),
        ]),
        ("a reader is refused what is sealed while the live file is deleted", [
            Step(operation: .rotate), Step(operation: .look([.scan(folder: 0)])), Step(operation: .rotate),
            Step(operation: .meddle(.delete, 0)), Step(operation: .join(0)),
        ]),
        ("a reader of the old stream goes on in the new one after its reset is deleted, as if nothing lacked", [
            Step(operation: .publish), Step(operation: .join(914)), Step(operation: .lose), Step(operation: .rotate),
            Step(operation: .spoil(.delete, segment: 235, at: 397)),
        ]),
        ("an item that takes the date of one that is missing proves it removed", [
            Step(operation: .edit(.publish(feed: 1, text: 9, style: 0))), Step(operation: .look([.poll(feed: 1, .known)])),
            Step(operation: .edit(.revise(feed: 1, place: 1, text: 8, author: 1))),
            Step(operation: .edit(.churn(feed: 1, place: nil, round: 2))), Step(operation: .again(feed: 1, times: 3)),
        ]),
        ("a database from before the last rotation begins a stream with numbers that were used", [
            Step(operation: .backUp), Step(operation: .look([.poll(feed: 1, .known), .poll(feed: 0, .whole)])),
            Step(operation: .rotate), Step(operation: .join(491)), Step(operation: .look([.scan(folder: 0)])),
            Step(operation: .publish), Step(operation: .read(0)), Step(operation: .restore),
        ]),
        ("a sealed file whose header somebody edited is put away as if it were of another stream", [
            Step(operation: .rotate), Step(operation: .spoil(.edit, segment: 115, at: 63)),
        ]),
        ("an item that comes again at the top of a feed hides the removal of one that it went past", [
            Step(operation: .look([.poll(feed: 0, .whole)])), Step(operation: .edit(.hide(feed: 0, place: 1))),
            Step(operation: .edit(.bury(feed: 0, place: 5))), Step(operation: .edit(.hide(feed: 0, place: 2))),
            Step(operation: .edit(.publish(feed: 0, text: 6, style: 2))), Step(operation: .again(feed: 0, times: 3)),
        ]),
    ]

    @Test("what histories once showed to be wrong stays right", arguments: regressions)
    func regression(name: String, steps: [Step]) async throws {
        let wrong = await History.run(steps, in: try Place(), isThorough: true)
        #expect(wrong == nil, "\(name)")
    }

    /// Ledger, change file and readers are held against a model of them through random operations, deaths and faults.
    @Test("random histories end as the model says, and every promise of the stream is kept")
    func histories() async throws {
        let environment = ProcessInfo.processInfo.environment
        let place = try Place()
        if let seed = environment["TIDINGS_TEST_SEED"].flatMap({ UInt64($0) }) {
            _ = await Self.run(seed, in: place)
            return
        }
        let minutes = environment["TIDINGS_TEST_MINUTES"].flatMap { Double($0) } ?? 10
        let start = ContinuousClock.now
        // The short form is always the same: what makes it fail is a change of the code. The long form finds new ones.
        let end = isLongRun ? start + .seconds(minutes * 60) : nil
        let first = isLongRun ? UInt64.random(in: 0..<1 << 40) : 1
        let counts = await withTaskGroup(of: (done: Int, failed: Int).self) { group in
            for worker in 0..<2 as Range<UInt64> {
                group.addTask {
                    var (done, failed) = (0, 0)
                    while end.map({ ContinuousClock.now < $0 }) ?? (done < Self.histories / 2), failed < 3 {
                        if await !Self.run(first + 2 * UInt64(done) + worker, in: place) { failed += 1 }
                        done += 1
                    }
                    return (done, failed)
                }
            }
            return await group.reduce(into: (done: 0, failed: 0)) { $0 = ($0.done + $1.done, $0.failed + $1.failed) }
        }
        let took = (ContinuousClock.now - start) / .seconds(60)
        print("model: \(counts.done) histories from seed \(first) on, \(Int(Double(counts.done) / took)) a minute, \(counts.failed) failed")
        #expect(counts.failed > 0 || counts.done >= (isLongRun ? 1 : Self.histories))
    }
}
