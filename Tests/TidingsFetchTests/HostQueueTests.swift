import Testing

@testable import struct TidingsFetch.HostQueue

/// Who may fetch next, by a clock of the test's own.
struct HostQueueTests {
    private let start = ContinuousClock.now

    @Test func hostsTakeTurnsAndKeepToTheirPlaces() {
        var queue = HostQueue(places: 3, placesPerHost: 2, hostDelay: .zero)
        for id in 1...4 { queue.add(UInt64(id), host: "a") }
        queue.add(5, host: "b")
        #expect(takeAll(&queue) == [1, 5, 2])  // b came last, and is second
        end(&queue, "b")
        #expect(takeAll(&queue) == [])  // a has its two places
        end(&queue, "a")
        #expect(takeAll(&queue) == [3])
        end(&queue, "a")
        end(&queue, "a")
        #expect(takeAll(&queue) == [4])
    }

    @Test func aHostIsLeftAloneBetweenTwoStarts() {
        var queue = HostQueue(places: 9, placesPerHost: 9, hostDelay: .seconds(1))
        for id in 1...3 { queue.add(UInt64(id), host: "a") }
        queue.add(4, host: "b")
        #expect(takeAll(&queue) == [1, 4])
        #expect(queue.nextStart == start + .seconds(1))
        #expect(takeAll(&queue, after: .milliseconds(999)) == [])
        queue.leave(host: "a")
        #expect(takeAll(&queue, after: .milliseconds(999)) == [])  // an early end gives no early start
        #expect(takeAll(&queue, after: .milliseconds(1500)) == [2])
        #expect(takeAll(&queue, after: .milliseconds(2499)) == [])
        #expect(takeAll(&queue, after: .milliseconds(2500)) == [3])
        #expect(queue.nextStart == nil)  // nobody waits
    }

    @Test func delayFromTheEndOnBeginsWhenAHostHasBeenAsked() {
        var queue = HostQueue(places: 9, placesPerHost: 1, hostDelay: .seconds(60), delaysAfterEnd: true)
        let start = ContinuousClock.now
        for id: UInt64 in 1...3 { queue.add(id, host: "a") }
        func next(_ time: ContinuousClock.Instant) -> UInt64? { queue.next(at: time, isWanted: { _ in true })?.id }
        #expect(next(start) == 1)
        #expect(next(start + .seconds(600)) == nil, "it is being asked")
        queue.leave(host: "a")
        #expect(next(.now + .seconds(50)) == nil)
        #expect(next(.now + .seconds(61)) == 2)
        queue.skip(host: "a")
        #expect(next(.now + .seconds(61)) == 3, "who was not asked needs no rest")
    }

    @Test func theDelayOutlivesTheFetch() {
        var queue = HostQueue(places: 9, placesPerHost: 9, hostDelay: .seconds(1))
        queue.add(1, host: "a")
        #expect(takeAll(&queue) == [1])
        queue.leave(host: "a")
        queue.add(2, host: "a")
        #expect(takeAll(&queue, after: .milliseconds(10)) == [])
        #expect(takeAll(&queue, after: .seconds(1)) == [2])
    }

    @Test func nothingStartsByTimeWhileAllPlacesAreTaken() {
        var queue = HostQueue(places: 1, placesPerHost: 1, hostDelay: .seconds(1))
        queue.add(1, host: "a")
        queue.add(2, host: "a")
        #expect(takeAll(&queue) == [1])
        #expect(queue.nextStart == nil)
        #expect(takeAll(&queue, after: .seconds(5)) == [])
        end(&queue, "a")
        #expect(takeAll(&queue, after: .seconds(5)) == [2])
    }

    @Test func aPlaceIsHeldUntilItIsReleasedThatOfTheHostUntilTheHopEnds() {
        var queue = HostQueue(places: 2, placesPerHost: 1, hostDelay: .zero)
        for id in 1...3 { queue.add(UInt64(id), host: "a") }
        #expect(takeAll(&queue) == [1])
        queue.release()
        #expect(takeAll(&queue) == [])  // the host is still busy
        queue.leave(host: "a")
        #expect(takeAll(&queue) == [2])
        queue.leave(host: "a")
        #expect(takeAll(&queue) == [3])
        #expect(!queue.isCrowded)  // nobody waits
        queue.leave(host: "a")
        queue.add(4, host: "b")
        #expect(takeAll(&queue) == [])
        #expect(queue.isCrowded)
        queue.release()
        #expect(takeAll(&queue) == [4])
    }

    @Test func aHostThatIsNotAskedAfterAllHasNoDelay() {
        var queue = HostQueue(places: 2, placesPerHost: 1, hostDelay: .seconds(1))
        for id in 1...4 { queue.add(UInt64(id), host: "a") }
        #expect(queue.next(at: start, isWanted: { _ in true })?.id == 1)
        queue.skip(host: "a")
        #expect(takeAll(&queue) == [2])
        queue.leave(host: "a")
        #expect(queue.isCrowded)  // the place of all is still held
        queue.release()
        #expect(queue.nextStart == start + .seconds(1))
        #expect(takeAll(&queue, after: .milliseconds(999)) == [])
        #expect(takeAll(&queue, after: .seconds(1)) == [3])
    }

    @Test func whoGaveUpInTheLineTakesNoTurn() {
        var queue = HostQueue(places: 9, placesPerHost: 9, hostDelay: .seconds(1))
        for id in 1...3 { queue.add(UInt64(id), host: "a") }
        queue.add(4, host: "b")
        #expect(takeAll(&queue, wanted: [3]) == [3])
        #expect(queue.nextStart == nil)
        queue.add(5, host: "b")
        #expect(takeAll(&queue) == [5])
    }

    @Test func aCrowdAtOneHostAndACrowdOfHostsAreServedInOrder() {
        var queue = HostQueue(places: 30_000, placesPerHost: 30_000, hostDelay: .milliseconds(1))
        for id in 0..<10_000 { queue.add(UInt64(id), host: "one") }
        for id in 10_000..<20_000 { queue.add(UInt64(id), host: "host \(id)") }
        var taken: [UInt64] = []
        for millisecond in 0..<10_000 { taken += takeAll(&queue, after: .milliseconds(millisecond)) }
        #expect(taken == [0] + Array(10_000..<20_000) + Array(1..<10_000))
    }

    /// One that had no further hop has ended.
    private func end(_ queue: inout HostQueue, _ host: String) {
        queue.leave(host: host)
        queue.release()
    }

    private func takeAll(
        _ queue: inout HostQueue, after delay: Duration = .zero, wanted: Set<UInt64>? = nil
    ) -> [UInt64] {
        var taken: [UInt64] = []
        while let next = queue.next(at: start + delay, isWanted: { wanted?.contains($0) ?? true }) {
            taken.append(next.id)
        }
        return taken
    }
}
