import Synchronization
import TidingsCore

/// Polls all feeds when they are due, from one place: ten thousand feeds are ten thousand places in a list, and not ten thousand
/// tasks that sleep.
///
/// When a feed is due is counted on the monotonic clock from here on: a wall clock that is set back holds nobody up.
package actor FeedSchedule {
    /// Polls of one host that are under way at a time. The fetcher lets through fewer; the others are ready when their turn comes,
    /// and a slow host with a thousand feeds has no more than these in memory.
    private static let pollsPerHost = 8

    private typealias Instant = ContinuousClock.Instant
    private typealias Place = Int

    private struct Entry {
        enum Stage { case resting(until: Instant), inLine, polling(Task<Void, Never>) }

        let feed: FeedSource
        var stage: Stage
    }

    private struct Line {
        var waiting: ArraySlice<Place> = []
        var polling = 0
    }

    private var entries: [Place: Entry] = [:]
    private var places: [String: Place] = [:]
    private var lastPlace = 0
    /// Those that rest, the next due last.
    private var resting: [(due: Instant, place: Place)] = []
    /// By host: who is due, and how many are polled.
    private var lines: [String: Line] = [:]
    private let alarm = Alarm()
    /// Feeds that somebody has asked for since the last round.
    private let asked = Mutex<Set<String>>([])

    package init() {}

    /// What a feed of this name is to call when somebody asks for a look.
    nonisolated func bell(for name: String) -> @Sendable () -> Void {
        { [weak self] in
            guard let self else { return }
            _ = self.asked.withLock { $0.insert(name) }
            self.alarm.ring()
        }
    }

    func add(_ feed: FeedSource) async {
        let due = Self.instant(await feed.nextPoll)
        lastPlace += 1
        places[feed.name] = lastPlace
        entries[lastPlace] = Entry(feed: feed, stage: .inLine)
        rest(lastPlace, until: due)
        alarm.ring()
    }

    /// Takes a feed out; a poll of it that is under way is given up.
    func remove(_ name: String) async {
        guard let place = places.removeValue(forKey: name), let entry = entries.removeValue(forKey: place) else { return }
        switch entry.stage {
        case .resting(let due): wake(place, due: due)
        case .inLine: break  // Whose turn it is and who is not there any more is passed over.
        case .polling(let poll):
            poll.cancel()
            await poll.value
        }
        entry.feed.requests.close()
    }

    /// Polls who is due until the task is cancelled, and then gives up what is under way.
    /// - Parameter onlyWhenAsked: whether nobody is due but by being asked: a single pass must not poll a feed once for its time and
    ///   once for the pass.
    package func run(onlyWhenAsked: Bool = false) async {
        while !Task.isCancelled {
            for name in asked.withLock({ names in
                defer { names = [] }
                return names
            }) { hurry(name) }
            if !onlyWhenAsked { lineUpDue() }
            await alarm.wait(until: onlyWhenAsked ? nil : resting.last?.due)
        }
        let polls = entries.values.compactMap { entry in
            if case .polling(let poll) = entry.stage { poll } else { nil }
        }
        for poll in polls { poll.cancel() }
        for poll in polls { await poll.value }
        for entry in entries.values { entry.feed.requests.close() }
    }

    private func hurry(_ name: String) {
        // One that is in line or polled looks again when it sees the request.
        guard let place = places[name], case .resting(let due)? = entries[place]?.stage else { return }
        wake(place, due: due)
        lineUp(place)
    }

    private func lineUpDue() {
        let now = Instant.now
        while let next = resting.last, next.due <= now {
            resting.removeLast()
            lineUp(next.place)
        }
    }

    private func lineUp(_ place: Place) {
        guard let host = entries[place]?.feed.host else { return }
        entries[place]?.stage = .inLine
        lines[host, default: Line()].waiting.append(place)
        startNext(of: host)
    }

    private func startNext(of host: String) {
        while let line = lines[host], line.polling < Self.pollsPerHost {
            guard let place = lines[host]?.waiting.popFirst() else {
                if line.polling == 0 { lines[host] = nil }
                return
            }
            guard let feed = entries[place]?.feed else { continue }
            lines[host]?.polling += 1
            entries[place]?.stage = .polling(Task { await self.poll(feed, at: place) })
        }
    }

    private func poll(_ feed: FeedSource, at place: Place) async {
        await feed.look()
        lines[feed.host]?.polling -= 1
        if entries[place] != nil {
            if feed.requests.isWanted {
                lineUp(place)
            } else {
                let due = Self.instant(await feed.nextPoll)
                let isNext = resting.last.map { due < $0.due } ?? true
                rest(place, until: due)
                if isNext { alarm.ring() }
            }
        }
        startNext(of: feed.host)
    }

    // MARK: the list of those that rest

    private func rest(_ place: Place, until due: Instant) {
        guard entries[place] != nil else { return }
        entries[place]?.stage = .resting(until: due)
        resting.insert((due, place), at: index(of: due))
    }

    private func wake(_ place: Place, due: Instant) {
        var index = index(of: due)
        while index < resting.count, resting[index].due == due {
            if resting[index].place == place {
                resting.remove(at: index)
                return
            }
            index += 1
        }
    }

    /// The first index whose time is not later than `due`.
    private func index(of due: Instant) -> Int {
        var low = 0
        var high = resting.count
        while low < high {
            let middle = (low + high) / 2
            if resting[middle].due > due { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func instant(_ milliseconds: Int64) -> Instant {
        .now + .milliseconds(max(0, milliseconds - wallClockMilliseconds()))
    }
}
