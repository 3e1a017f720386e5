/// What is stored of a host's robots.txt from one fetch to the next (RFC 9309 §2.3.1, §2.4). Pure: the caller supplies the time
/// and the random number. Times are milliseconds since 1970.
///
/// - A file that was read holds for a day, or for as long as the answer says, within `lifetimeMilliseconds`.
/// - A host that has none (4xx, or redirects that lead nowhere) allows everything, for as long.
/// - A host that cannot say (5xx, no answer) is left alone: "the crawler MUST assume complete disallow". It is asked again after
///   pauses that grow to a day. After 30 days the last rules that were read hold again; if there are none, everything is allowed.
package struct RobotsState: Equatable, Sendable {
    /// How long an answer holds; the second is what holds if it says nothing.
    package static let lifetimeMilliseconds = hourMilliseconds...dayMilliseconds
    /// The pause after a first failure, doubled with each further one, up to a day.
    package static let firstPauseMilliseconds = 5 * minuteMilliseconds
    /// §2.3.1.4: "a reasonably long period of time (for example, 30 days)".
    package static let patienceMilliseconds = 30 * dayMilliseconds
    /// The largest part of a lifetime by which jitter shortens it.
    static let lifetimeJitter = 0.1
    /// Further failures are not counted: a pause has grown to its limit long before.
    static let failuresCounted = 1000

    /// How one fetch ended. `cacheControl` and `retryAfter` are the fields verbatim.
    package enum Outcome: Equatable, Sendable {
        /// 2xx. `body` is the file, or as much of it as was received.
        case read(status: Int, body: [UInt8], cacheControl: String?)
        /// Any other status that ended the chain of redirects.
        case rejected(status: Int, cacheControl: String? = nil, retryAfter: String? = nil)
        /// More than five redirects (§2.3.1.2), or one that may not be followed.
        case misdirected
        /// No answer.
        case unreachable
    }

    /// The product token that the rules were read for.
    package var token: String
    /// The last rules that an answer gave; nil if none did.
    package var rules: RobotsRules?
    /// When that answer came.
    package var fetchedAt: Int64?
    /// The status of the last answer; nil if there was none.
    package var status: Int?
    /// Fetches in a row that did not tell the rules, and when the first of them was.
    package var failures = 0
    package var failingSince: Int64?
    package var nextFetch: Int64

    /// The file was never asked for.
    package init(token: String, nextFetch: Int64) {
        self.token = token
        self.nextFetch = nextFetch
    }

    /// The state after a fetch that ended at `now`.
    /// - Parameters:
    ///   - agent: the User-Agent that was sent. Rules that were read for another one are forgotten.
    ///   - jitter: a random number, 0 ..< 1.
    package static func next(
        after outcome: Outcome, state: RobotsState?, agent: String, now: Int64, jitter: Double
    ) -> RobotsState {
        let token = RobotsRules.token(of: agent)
        var next = state.flatMap { $0.token == token ? $0 : nil } ?? RobotsState(token: token, nextFetch: now)
        switch outcome {
        case .read(let status, let body, let cacheControl):
            next.learn(RobotsRules(body, agent: agent), status: status, cacheControl, now: now, jitter: jitter)
        // RFC 9309 counts 429 among the 4xx, by which everything is allowed. But who says "too many requests" (RFC 6585 §4) does not
        // ask for more of them: it is a server that cannot say now.
        case .rejected(let status, _, let retryAfter) where status == 429 || status >= 500:
            next.fail(status: status, retryAfter, now: now, jitter: jitter)
        case .rejected(let status, let cacheControl, _):
            next.learn(.none, status: status, cacheControl, now: now, jitter: jitter)
        case .misdirected: next.learn(.none, status: nil, nil, now: now, jitter: jitter)
        case .unreachable: next.fail(status: nil, nil, now: now, jitter: jitter)
        }
        return next
    }

    private mutating func learn(_ rules: RobotsRules, status: Int?, _ cacheControl: String?, now: Int64, jitter: Double) {
        self.rules = rules
        self.status = status
        fetchedAt = now
        failures = 0
        failingSince = nil
        let lifetime = Self.lifetime(cacheControl)
        // Shortened, not lengthened: §2.4 allows no more than a day.
        nextFetch = now + lifetime - Int64(Double(lifetime) * Self.lifetimeJitter * jitter)
    }

    /// `no-cache` and `no-store` say nothing of when to ask again; many servers write them on all that they send.
    private static func lifetime(_ cacheControl: String?) -> Int64 {
        let control = cacheControl.map { CacheControl($0) } ?? CacheControl()
        guard !control.forbidsReuse, let seconds = control.maxAgeSeconds else { return lifetimeMilliseconds.upperBound }
        return min(max(seconds * 1000, lifetimeMilliseconds.lowerBound), lifetimeMilliseconds.upperBound)
    }

    private mutating func fail(status: Int?, _ retryAfter: String?, now: Int64, jitter: Double) {
        self.status = status
        failures = min(failures + 1, Self.failuresCounted)
        // A time in the future was written by another clock.
        failingSince = failingSince.map { min($0, now) } ?? now
        let pause = PollPause.backOff(from: Self.firstPauseMilliseconds, failures: failures, ceiling: dayMilliseconds).milliseconds
        let asked = retryAfter.flatMap { PollPlan.retryAfter($0, now: now) } ?? 0
        nextFetch = now + PollPlan.delayed(max(pause, asked), by: PollPlan.backOffJitter * jitter)
    }
}

/// What a host's robots.txt means for the pages of that host.
package enum RobotsAccess: Equatable, Sendable {
    /// These rules hold.
    case obey(RobotsRules)
    /// Nothing is known, or what is known is too old: the file must be fetched first.
    case ask
    /// The host could not say: no page of it is asked for. At that time its robots.txt is asked for again.
    case wait(until: Int64)
}

extension RobotsState {
    /// What holds at `now` for a crawler that sends `agent` as its User-Agent.
    package func access(agent: String, now: Int64) -> RobotsAccess {
        guard token == RobotsRules.token(of: agent), !isDue(now: now) else { return .ask }
        guard let failingSince else { return .obey(rules ?? .none) }
        return failingSince > now - Self.patienceMilliseconds ? .wait(until: nextFetch) : .obey(rules ?? .none)
    }

    /// Whether the file is to be fetched. A time that no pause reaches was written by another clock.
    private func isDue(now: Int64) -> Bool {
        nextFetch <= now || nextFetch > now + PollPlan.delayed(dayMilliseconds, by: PollPlan.backOffJitter)
    }
}
