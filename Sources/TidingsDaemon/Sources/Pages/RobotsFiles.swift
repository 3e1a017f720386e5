import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsSystem

/// The robots.txt of each host whose pages are watched (RFC 9309): fetched before the first page, kept in the ledger for a day, and
/// obeyed for pages only.
actor RobotsFiles {
    private struct Key: Hashable { let address: String, token: String }

    private let fetcher: Fetcher
    private let fetch: FetchSettings
    private let committer: Committer
    private let database: String
    private var reader: LedgerReader?
    private var states: [Key: RobotsState] = [:]
    /// Fetches that are under way, so that a host is asked once for all its pages.
    private var fetches: [Key: Task<RobotsState?, Never>] = [:]
    /// A daemon that meets more hosts than this reads the others from the ledger again.
    private static let limit = 4_096
    /// Of a larger file nothing is known; RFC 9309 §2.5 wants at least 500 KiB to be read.
    private static let bodyLimitBytes = 4 << 20

    init(fetcher: Fetcher, fetch: FetchSettings, committer: Committer, database: String) {
        self.fetcher = fetcher
        self.fetch = fetch
        self.committer = committer
        self.database = database
    }

    /// What keeps the daemon from asking for `url`; nil if nothing does.
    func obstacle(to url: String, for watcher: PageWatcher) async -> PageOutcome? {
        guard let address = RobotsRules.address(for: url) else { return nil }
        let agent = watcher.userAgent
        let key = Key(address: address, token: RobotsRules.token(of: agent))
        var state = states[key] ?? stored(key)
        if case .ask = state?.access(agent: agent, now: wallClockMilliseconds()) ?? .ask {
            guard let fetched = await fetched(key, after: state, for: watcher) else { return .abandoned }
            state = fetched
        }
        guard let state else { return nil }
        switch state.access(agent: agent, now: wallClockMilliseconds()) {
        case .ask: return nil
        case .wait(let until): return .keptOut(until: until, problem: "robots_unreachable")
        case .obey(let rules):
            guard case .disallowed = rules.permission(for: url) else { return nil }
            return .keptOut(until: state.nextFetch, problem: "robots")
        }
    }

    /// Nil if the daemon stops.
    private func fetched(_ key: Key, after state: RobotsState?, for watcher: PageWatcher) async -> RobotsState? {
        if let fetch = fetches[key] { return await fetch.value }
        let task = Task { () -> RobotsState? in
            guard let outcome = await ask(key.address, for: watcher) else { return nil }
            let next = RobotsState.next(
                after: outcome, state: state, agent: watcher.userAgent, now: wallClockMilliseconds(), jitter: .random(in: 0..<1))
            await keep(next, key)
            return next
        }
        fetches[key] = task
        defer { fetches[key] = nil }
        return await task.value
    }

    private func ask(_ address: String, for watcher: PageWatcher) async -> RobotsState.Outcome? {
        let request = FetchRequest(
            url: address, userAgent: watcher.userAgent, fetch: fetch, maxBodyBytes: Self.bodyLimitBytes,
            allowsPrivateNetwork: watcher.allowsPrivateNetwork, proxy: watcher.proxy)
        do throws(FetchError) {
            let response = try await fetcher.fetch(request)
            guard (200..<300).contains(response.status) else {
                return .rejected(
                    status: response.status, cacheControl: response.cacheControl, retryAfter: response.retryAfter)
            }
            return .read(status: response.status, body: response.body, cacheControl: response.cacheControl)
        } catch {
            switch error.reason {
            // The host was not asked.
            case .cancelled, .noWorker: return nil
            case .tooManyRedirects, .redirectCircle, .downgrade, .redirectedAway: return .misdirected
            default: return .unreachable
            }
        }
    }

    // MARK: what is kept

    private func stored(_ key: Key) -> RobotsState? {
        // Without it the file is fetched again.
        if reader == nil { reader = try? LedgerReader(path: database) }
        let state = try? reader?.robots(at: key.address, token: key.token)
        if let state { remember(state, key) }
        return state
    }

    private func keep(_ state: RobotsState, _ key: Key) async {
        remember(state, key)
        do {
            try await committer.maintain { ledger in try ledger.putRobots(state, at: key.address) }
        } catch {
            committer.noteFailure(error)
        }
    }

    private func remember(_ state: RobotsState, _ key: Key) {
        if states.count >= Self.limit { states = [:] }
        states[key] = state
    }
}
