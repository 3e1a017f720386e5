import Synchronization
import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsSystem

/// Looks at all pages when they are due, within the budgets: so many at a time and such a pause for each host, and so many an hour for
/// all. What is due when stands in the ledger; each commit tells of the pages that it moved. Ten thousand pages are ten thousand
/// entries of a heap; only the pages that are looked at have tasks.
///
/// Due times are counted on the monotonic clock here: a wall clock that is set back delays no look.
package actor PageSchedule {
    private typealias Instant = ContinuousClock.Instant
    private typealias Place = UInt64

    private struct Entry {
        enum Stage { case resting, waiting, looking }

        let source: SourceID
        let host: String
        /// Nil: the page rests.
        var due: Instant?
        /// Whether the look that is due belongs to the one before.
        var isConfirmation = false
        var stage = Stage.resting
        /// Whether a person wants the page whatever was read before.
        var readsEverything = false
    }

    /// How a look ended.
    enum Ending: Equatable, Sendable {
        /// The ledger knows when the next one comes.
        case committed
        /// The page is not watched any more.
        case unknown
        /// Nothing was asked, or nothing could be kept. It is due again then, in milliseconds since 1970.
        case again(at: Int64)
    }

    /// A look at all pages of some sources, for somebody who waits for its end.
    private struct Pass {
        var places: Set<Place>
        let total: Int
        let onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
        let end: CheckedContinuation<Void, Never>
    }

    private let looker: PageLooker
    private var hosts: HostQueue
    private var budget: HourlyBudget
    private var watches: [SourceID: PageWatcher] = [:]
    private var entries: [Place: Entry] = [:]
    private var dues = DueQueue()
    private var looking = 0
    private var passes: [Pass] = []
    private var isStopping = false
    private let alarm = Alarm()
    /// Waits for the last look to end when the daemon stops.
    private var lastLook: CheckedContinuation<Void, Never>?
    /// What commits have told since the last round.
    private let news = Mutex<[PageDue]>([])

    init(looker: PageLooker, settings: PageFetchSettings, concurrency: Int) {
        self.looker = looker
        hosts = HostQueue(places: concurrency, placesPerHost: settings.perHost, hostDelay: settings.hostDelay)
        budget = HourlyBudget(perHour: settings.perHour)
    }

    /// Tells that pages are due at another time. It may be called from any thread.
    nonisolated package func note(_ pages: [PageDue]) {
        guard !pages.isEmpty else { return }
        let isFirst = news.withLock { news in
            defer { news += pages }
            return news.isEmpty
        }
        if isFirst { alarm.ring() }
    }

    /// Watches the pages of these sources, and of no others.
    /// - Parameter pages: the pages of the sources that were not watched before.
    func watch(_ sources: [SourceID: PageWatcher], pages: [PageDue]) {
        watches = sources
        for (place, entry) in entries where watches[entry.source] == nil && entry.stage != .looking {
            entries[place] = nil
            endPasses(of: place)
        }
        for page in pages { take(page) }
        alarm.ring()
    }

    /// Whether the source's pages are watched.
    func watches(_ source: SourceID) -> Bool { watches[source] != nil }

    // MARK: looks that somebody asks for

    /// Looks at all pages of the sources now, within the budgets, whatever was read before.
    func hurry(_ sources: Set<SourceID>) {
        for (place, entry) in entries where sources.contains(entry.source) { ask(place, readsEverything: true) }
        alarm.ring()
    }

    /// The same, and returns when all were looked at.
    func pass(
        over sources: Set<SourceID>, readsEverything: Bool,
        onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) async {
        takeNews()
        await wait(for: entries.filter { sources.contains($0.value.source) }.map(\.key), readsEverything, onProgress)
    }

    /// Looks at the pages that are due now, and returns when all were looked at.
    func passOverDue(onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil) async {
        takeNews()
        let now = Instant.now
        let due = entries.filter { entry in entry.value.due.map { $0 <= now + .seconds(1) } ?? false }
        await wait(for: due.map(\.key), false, onProgress)
    }

    private func wait(
        for places: [Place], _ readsEverything: Bool, _ onProgress: (@Sendable (Int, Int) -> Void)?
    ) async {
        guard !places.isEmpty, !isStopping else { return }
        for place in places { ask(place, readsEverything: readsEverything) }
        await withCheckedContinuation { end in
            passes.append(Pass(places: Set(places), total: places.count, onProgress: onProgress, end: end))
            alarm.ring()
        }
    }

    /// A page that is looked at just now is looked at again only if it is to be read whatever was read before.
    private func ask(_ place: Place, readsEverything: Bool) {
        guard var entry = entries[place] else { return }
        entry.readsEverything = entry.readsEverything || readsEverything
        if entry.stage == .resting { entry.due = .now }
        entries[place] = entry
        if entry.stage == .resting { dues.insert(DueQueue.Entry(due: entry.due ?? .now, place: place)) }
    }

    // MARK: running

    /// Looks at pages until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            takeNews()
            let now = Instant.now
            lineUpDue(now)
            startLooks(now)
            await alarm.wait(until: nextTime)
        }
        isStopping = true
        // No alarm: that of a task that is cancelled rings at once.
        if looking > 0 { await withCheckedContinuation { lastLook = $0 } }
        for pass in passes { pass.end.resume() }
        passes = []
    }

    private var nextTime: Instant? {
        let start = hosts.nextStart.map { max($0, budget.next) }
        let waiting = hosts.hasTurn ? budget.next : nil
        return [dues.first?.due, start, waiting].compactMap(\.self).min()
    }

    private func takeNews() {
        let pages = news.withLock { news in
            defer { news = [] }
            return news
        }
        for page in pages { take(page) }
    }

    private func take(_ page: PageDue) {
        guard watches[page.source] != nil else { return }
        let place = Place(page.page.row)
        var entry = entries[place] ?? Entry(source: page.source, host: page.host)
        entry.due = page.dueMilliseconds.map(Self.instant)
        entry.isConfirmation = page.isConfirmation
        entries[place] = entry
        if entry.stage == .resting, let due = entry.due { dues.insert(DueQueue.Entry(due: due, place: place)) }
    }

    private func lineUpDue(_ now: Instant) {
        while let first = dues.first, first.due <= now || isOutdated(first) {
            dues.removeFirst()
            guard !isOutdated(first), let host = entries[first.place]?.host else { continue }
            entries[first.place]?.stage = .waiting
            hosts.add(first.place, host: host)
        }
        if dues.count > 2 * entries.count + 64 { dues.removeAll(where: isOutdated) }
    }

    private func isOutdated(_ due: DueQueue.Entry) -> Bool {
        guard let entry = entries[due.place], entry.stage == .resting else { return true }
        return entry.due != due.due
    }

    private func startLooks(_ now: Instant) {
        while budget.next <= now,
            let (place, host) = hosts.next(at: now, isWanted: { entries[$0]?.stage == .waiting })
        {
            guard let entry = entries[place], let watcher = watches[entry.source] else {
                hosts.skip(host: host)
                hosts.release()
                entries[place] = nil
                continue
            }
            budget.take(at: now)
            entries[place]?.stage = .looking
            entries[place]?.readsEverything = false
            looking += 1
            let page = PageID(row: Int64(place))
            Task {
                let ending = await looker.look(at: page, for: watcher, readsEverything: entry.readsEverything)
                self.end(place, host: host, ending)
            }
        }
    }

    private func end(_ place: Place, host: String, _ ending: Ending) {
        looking -= 1
        hosts.leave(host: host)
        hosts.release()
        // The commit has told before.
        takeNews()
        entries[place]?.stage = .resting
        switch ending {
        case .unknown: entries[place] = nil
        case .again(let milliseconds): entries[place]?.due = Self.instant(milliseconds)
        case .committed: break
        }
        if let entry = entries[place] {
            if watches[entry.source] == nil {
                entries[place] = nil
            } else if entry.readsEverything {
                ask(place, readsEverything: true)
            } else if let due = entry.due {
                dues.insert(DueQueue.Entry(due: due, place: place))
            }
        }
        if ending != .committed || entries[place]?.isConfirmation != true { endPasses(of: place) }
        alarm.ring()
        if isStopping, looking == 0 {
            lastLook?.resume()
            lastLook = nil
        }
    }

    private func endPasses(of place: Place) {
        for index in passes.indices where passes[index].places.remove(place) != nil {
            passes[index].onProgress?(passes[index].total - passes[index].places.count, passes[index].total)
        }
        passes.removeAll { pass in
            guard pass.places.isEmpty else { return false }
            pass.end.resume()
            return true
        }
    }

    private static func instant(_ milliseconds: Int64) -> Instant {
        .now + .milliseconds(max(0, milliseconds - wallClockMilliseconds()))
    }
}
