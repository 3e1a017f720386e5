import TidingsCore
import TidingsFetch
import TidingsSystem

/// Polls all feeds when they are due, and keeps the poll state of each between two polls. Ten thousand feeds are ten thousand entries of
/// a heap, not ten thousand tasks that sleep. A feed that is due waits for its host in the fetcher's queue, where it has no task
/// either.
///
/// Due times are counted on the monotonic clock here: a wall clock that is set back delays no poll.
package actor FeedSchedule {
    private typealias Instant = ContinuousClock.Instant
    private typealias Place = UInt64

    private struct Entry {
        enum Stage { case resting(until: Instant), polling(QueuedFetch) }

        let feed: FeedSource
        var state: PollState
        var stage: Stage
    }

    private var entries: [Place: Entry] = [:]
    private var places: [String: Place] = [:]
    private var lastPlace: Place = 0
    /// The feeds that rest, by due time.
    private var dues = DueQueue()
    /// The calls of `remove` and `run` that wait for the end of a poll.
    private var waiters: [Place: [CheckedContinuation<Void, Never>]] = [:]
    /// From now on no poll is begun.
    private var isStopping = false
    private let alarm = Alarm()
    /// Feeds that somebody has asked for since the last round.
    private let asked = Inbox<String>()
    /// Polls that have ended, each with the state after it. While there are any, a task is on its way that takes them all.
    private let ended = Inbox<(place: Place, state: PollState)>()

    package init() {}

    /// What a feed of this name is to call when somebody asks for a look.
    nonisolated func bell(for name: String) -> @Sendable () -> Void {
        { [weak self] in
            // The first name rings for those after it, until the round begins.
            if let self, self.asked.add(name) { self.alarm.ring() }
        }
    }

    /// Those of `feeds` that the schedule does not have.
    func missing(of feeds: [FeedSource]) -> [FeedSource] { feeds.filter { places[$0.name] == nil } }

    /// Takes feeds in, each with what is remembered of its earlier polls.
    func add(_ feeds: [(FeedSource, PollState)]) {
        for (feed, state) in feeds { add(feed, state) }
    }

    private func add(_ feed: FeedSource, _ state: PollState) {
        if isStopping { return feed.requests.close() }
        // Two reloads at a time may both have missed it.
        guard places[feed.name] == nil else { return }
        lastPlace += 1
        places[feed.name] = lastPlace
        let due = Self.instant(feed.due(state))
        entries[lastPlace] = Entry(feed: feed, state: state, stage: .resting(until: due))
        rest(lastPlace, until: due)
    }

    /// Takes a feed out; a poll of it that is under way is given up.
    func remove(_ name: String) async {
        guard let place = places.removeValue(forKey: name), let feed = entries[place]?.feed else { return }
        cancelPoll(at: place)
        await waitForPoll(at: place)
        entries[place] = nil
        feed.requests.close()
    }

    /// Polls the feeds that are due, until the task is cancelled. Then it gives up the polls that are under way.
    /// - Parameter onlyWhenAsked: whether due times are ignored. A single pass must not poll a feed twice, once because it is due and
    ///   once for the pass.
    package func run(onlyWhenAsked: Bool = false) async {
        while !Task.isCancelled {
            for name in asked.takeAll() { hurry(name) }
            if !onlyWhenAsked { pollDue() }
            await alarm.wait(until: onlyWhenAsked ? nil : dues.first?.due)
        }
        isStopping = true
        let polled = Array(entries.keys)
        for place in polled { cancelPoll(at: place) }
        for place in polled { await waitForPoll(at: place) }
        for entry in entries.values { entry.feed.requests.close() }
    }

    /// Polls the feeds soon that failed for a reason of this machine's, which may have passed.
    func tryAgain() {
        for (place, entry) in entries {
            guard case .resting = entry.stage, entry.state.hasFailedHere else { continue }
            let state = triedAgain(entry.feed, entry.state)
            entries[place]?.state = state
            rest(place, until: Self.instant(entry.feed.due(state)))
        }
    }

    private func triedAgain(_ feed: FeedSource, _ state: PollState) -> PollState {
        PollPlan.triedAgain(state, feeds: feed.context.feedCount, now: wallClockMilliseconds(), jitter: .random(in: 0..<1))
    }

    private func hurry(_ name: String) {
        // A poll whose turn comes, or one that ends, sees the request by itself.
        guard let place = places[name], case .resting? = entries[place]?.stage else { return }
        poll(place)
    }

    private func pollDue() {
        let now = Instant.now
        while let first = dues.first, first.due <= now || isOutdated(first) {
            dues.removeFirst()
            if !isOutdated(first) { poll(first.place) }
        }
        // Feeds that are polled on request again and again leave outdated entries.
        if dues.count > 2 * entries.count { dues.removeAll(where: isOutdated) }
    }

    private func isOutdated(_ entry: DueQueue.Entry) -> Bool {
        guard case .resting(until: entry.due)? = entries[entry.place]?.stage else { return true }
        return false
    }

    private func poll(_ place: Place) {
        guard let entry = entries[place] else { return }
        entries[place]?.stage = .polling(entry.feed.poll(entry.state) { self.note(end: $0, at: place) })
    }

    /// Many polls end together, and one task is enough for them.
    private nonisolated func note(end state: PollState, at place: Place) {
        if ended.add((place, state)) { Task { await takeEnds() } }
    }

    private func takeEnds() {
        for (place, state) in ended.takeAll() { end(at: place, state) }
    }

    /// A poll is over.
    private func end(at place: Place, _ state: PollState) {
        guard let entry = entries[place], case .polling(let fetch) = entry.stage else { return }
        fetch.release()
        // The network may have come while this poll was under way without it.
        let state = state.hasMissedNetwork && entry.feed.context.registry.hasNetwork ? triedAgain(entry.feed, state) : state
        entries[place]?.state = state
        if places[entry.feed.name] != place {
            entries[place] = nil
        } else if entry.feed.requests.isWanted, !isStopping {
            poll(place)
        } else {
            rest(place, until: Self.instant(entry.feed.due(state)))
        }
        for waiter in waiters.removeValue(forKey: place) ?? [] { waiter.resume() }
    }

    private func cancelPoll(at place: Place) {
        if case .polling(let fetch)? = entries[place]?.stage { fetch.cancel() }
    }

    /// Returns when the poll that is under way, if there is one, has ended.
    private func waitForPoll(at place: Place) async {
        guard case .polling? = entries[place]?.stage else { return }
        await withCheckedContinuation { waiters[place, default: []].append($0) }
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
