import Synchronization
import TidingsCore
import TidingsFetch
import TidingsSystem

/// Polls all feeds when they are due. It keeps the poll state of each between two polls: ten thousand feeds are ten thousand entries of
/// a heap, and not ten thousand tasks that sleep.
///
/// When a feed is due is counted on the monotonic clock from here on: a wall clock that is set back holds nobody up.
package actor FeedSchedule {
    /// Polls under way at a time, of one host and of all. The fetcher lets through fewer; the others are ready when their turn
    /// comes, or on their way into the ledger, and there are no more than these in memory.
    private static let pollsPerHost = 8
    private static let pollsInAll = 1_024

    private typealias Instant = ContinuousClock.Instant
    private typealias Place = UInt64

    private struct Entry {
        enum Stage { case resting(until: Instant), inLine, polling(Task<Void, Never>) }

        let feed: FeedSource
        var state: PollState
        var stage: Stage
    }

    private var entries: [Place: Entry] = [:]
    private var places: [String: Place] = [:]
    private var lastPlace: Place = 0
    /// Those that rest.
    private var dues = DueQueue()
    /// Those that are due, hosts in turn.
    private var line = HostQueue(places: pollsInAll, placesPerHost: pollsPerHost, hostDelay: .zero)
    /// From now on nobody's turn comes any more.
    private var isStopping = false
    private let alarm = Alarm()
    /// Feeds that somebody has asked for since the last round.
    private let asked = Mutex<[String]>([])

    package init() {}

    /// What a feed of this name is to call when somebody asks for a look.
    nonisolated func bell(for name: String) -> @Sendable () -> Void {
        { [weak self] in
            guard let self else { return }
            let isFirst = self.asked.withLock { names in
                names.append(name)
                return names.count == 1
            }
            // With others in the list, the ring of the first of them is still to be heard.
            if isFirst { self.alarm.ring() }
        }
    }

    /// - Parameter state: what is remembered of earlier polls.
    func add(_ feed: FeedSource, _ state: PollState) {
        guard places[feed.name] == nil else { return }
        lastPlace += 1
        places[feed.name] = lastPlace
        entries[lastPlace] = Entry(feed: feed, state: state, stage: .inLine)
        rest(lastPlace, until: Self.instant(feed.due(state)))
    }

    /// Takes a feed out; a poll of it that is under way is given up.
    func remove(_ name: String) async {
        guard let place = places.removeValue(forKey: name), let entry = entries.removeValue(forKey: place) else { return }
        // One that rests, or is in line, is passed over when its turn comes.
        if case .polling(let poll) = entry.stage {
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
            startPolls()
            await alarm.wait(until: onlyWhenAsked ? nil : dues.first?.due)
        }
        isStopping = true
        let polls = entries.values.compactMap { entry in
            if case .polling(let poll) = entry.stage { poll } else { nil }
        }
        for poll in polls { poll.cancel() }
        for poll in polls { await poll.value }
        for entry in entries.values { entry.feed.requests.close() }
    }

    private func hurry(_ name: String) {
        // One that is in line or polled looks again when it sees the request.
        guard let place = places[name], case .resting? = entries[place]?.stage else { return }
        lineUp(place)
    }

    private func lineUpDue() {
        let now = Instant.now
        while let first = dues.first, first.due <= now || isOutdated(first) {
            dues.removeFirst()
            if !isOutdated(first) { lineUp(first.place) }
        }
        // Feeds that are asked for again and again before their time.
        if dues.count > 2 * entries.count { dues.removeAll(where: isOutdated) }
    }

    private func isOutdated(_ entry: DueQueue.Entry) -> Bool {
        guard case .resting(until: entry.due)? = entries[entry.place]?.stage else { return true }
        return false
    }

    private func lineUp(_ place: Place) {
        guard let host = entries[place]?.feed.host else { return }
        entries[place]?.stage = .inLine
        line.add(place, host: host)
    }

    private func startPolls() {
        while !isStopping, let (place, _) = line.next(at: .now, isWanted: { entries[$0] != nil }), let entry = entries[place] {
            entries[place]?.stage = .polling(
                Task { @concurrent in
                    let state = await entry.feed.poll(entry.state)
                    await self.end(entry.feed, at: place, state)
                })
        }
    }

    /// A poll is over.
    private func end(_ feed: FeedSource, at place: Place, _ state: PollState) {
        line.leave(host: feed.host)
        if entries[place] != nil {
            entries[place]?.state = state
            if feed.requests.isWanted { lineUp(place) } else { rest(place, until: Self.instant(feed.due(state))) }
        }
        startPolls()
    }

    private func rest(_ place: Place, until due: Instant) {
        let wasFirst = dues.first?.due
        entries[place]?.stage = .resting(until: due)
        dues.insert(DueQueue.Entry(due: due, place: place))
        if wasFirst.map({ due < $0 }) ?? true { alarm.ring() }
    }

    private static func instant(_ milliseconds: Int64) -> Instant {
        .now + .milliseconds(max(0, milliseconds - wallClockMilliseconds()))
    }
}
