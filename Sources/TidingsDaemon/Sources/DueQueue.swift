/// Which feed is due first: a binary heap, so that of ten thousand feeds each finds its place among the others without moving them.
///
/// A feed that is polled before its time stays in here, as *outdated*, until its time comes or the outdated become the
/// most: to look for it would take longer than to pass it over.
struct DueQueue {
    typealias Instant = ContinuousClock.Instant
    struct Entry { let due: Instant, place: UInt64 }

    private var heap: [Entry] = []

    var first: Entry? { heap.first }
    var count: Int { heap.count }

    mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].due < heap[parent].due else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink(0)
    }

    mutating func removeAll(where isOutdated: (Entry) -> Bool) {
        heap.removeAll(where: isOutdated)
        for index in (0..<heap.count / 2).reversed() { sink(index) }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].due < heap[child].due { child += 1 }
            guard heap[child].due < heap[index].due else { return }
            heap.swapAt(index, child)
            index = child
        }
    }
}
