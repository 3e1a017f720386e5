/// When to look at a feed again. Pure: the caller brings the time and the dice, and stores what comes back.
///
/// Three ideas make the plan. A feed that answers is asked again after its *interval*: the longest of what the
/// settings, the response and the feed itself ask for, within the settings' bounds. A feed that fails is asked ever
/// more rarely, up to a ceiling of days, and is never dropped: one success makes all good. A server that says "later"
/// (429, 503) is obeyed and is not broken.
///
/// `jitter` is a random number, 0 ..< 1. It only ever delays, so that no floor is broken, and it is in every delay,
/// so that feeds that an outage or a start brought into step drift apart again.
package enum PollPlan {
    /// A delay doubles with each failure up to this. Jitter comes on top.
    package static let backOffCeilingMilliseconds = 4 * dayMilliseconds
    /// Where the doubling starts for an answer that seldom changes by waiting: not found, gone, not allowed.
    package static let slowBaseMilliseconds = 6 * hourMilliseconds
    /// Retry-After is brought into these bounds: `0` is legal, and so is a century.
    package static let retryAfterMilliseconds = minuteMilliseconds...dayMilliseconds
    /// So many failures in a row turn a source to `failing`, where each may pass by itself; one that looks lasting
    /// does at once.
    package static let transientFailuresBeforeFailing = 3
    /// The largest part of an interval that jitter adds; of a back-off it adds up to a quarter.
    package static let intervalJitter = 0.1
    package static let backOffJitter = 0.25
    /// At start, due feeds are spread as if one started each so many milliseconds.
    package static let startSpacingMilliseconds: Int64 = 50

    /// The state after a poll that ended at `now` with `outcome`. `nextPoll` in it is later than `now`, but for a
    /// poll that was given up, which changes nothing.
    package static func next(
        after outcome: PollOutcome, state: PollState, settings: PollSettings, now: Int64, jitter: Double
    ) -> PollState {
        var next = state
        next.lastAttempt = now
        next.notBefore = nil
        let delay: Int64
        var largestJitter = backOffJitter
        switch outcome {
        case .abandoned: return state
        case .read(let status, let validators, let hints):
            next.validators = validators ?? state.validators
            next.succeed(status: status, now: now)
            delay = interval(settings, hints)
            largestJitter = intervalJitter
        case .notModified(let hints):
            next.succeed(status: 304, now: now)
            delay = interval(settings, hints)
            largestJitter = intervalJitter
        case .rejected(let status, let field) where status == 429 || status == 503:
            next.lastStatus = status
            next.consecutiveThrottles += 1
            if let asked = field.flatMap({ retryAfter($0, now: now) }) {
                next.notBefore = now + asked
                delay = max(asked, interval(settings, PollHints()))
            } else {
                delay = backOff(from: settings.everyMilliseconds, failures: next.consecutiveThrottles)
            }
        case .rejected(let status, _):
            next.fail(status: status, isTransient: status >= 500)
            let base = max(settings.everyMilliseconds, isSlow(status: status) ? slowBaseMilliseconds : 0)
            delay = backOff(from: base, failures: next.consecutiveFailures)
        case .unreadable(let status):
            next.fail(status: status, isTransient: false)
            delay = backOff(from: settings.everyMilliseconds, failures: next.consecutiveFailures)
        case .failed(let isTransient):
            next.fail(status: nil, isTransient: isTransient)
            delay = backOff(from: settings.everyMilliseconds, failures: next.consecutiveFailures)
        }
        next.nextPoll = now + delayed(delay, by: largestJitter * jitter)
        return next
    }

    /// When a feed is polled first after a start, one of `feeds` that are configured. One that is not due keeps its
    /// time; one that is due, or new, gets its place in the spread.
    package static func firstPoll(
        of state: PollState?, settings: PollSettings, feeds: Int, now: Int64, jitter: Double
    ) -> Int64 {
        let soon = now + Int64(jitter * Double(Int64(max(feeds, 1)) * startSpacingMilliseconds))
        guard let state else { return soon }
        // A time past any that the plan gives was written by another clock, as in `forcedPoll`.
        let latest = now + delayed(max(backOffCeilingMilliseconds, settings.maximumMilliseconds), by: backOffJitter)
        return state.nextPoll > now && state.nextPoll <= latest ? state.nextPoll : max(soon, state.forcedPoll(now: now))
    }

    /// How long a feed that answers is left alone: the longest of the settings' interval, the freshness of the response
    /// (max-age; without it Expires − Date, RFC 9111 §4.2.1) and the feed's `ttl`, brought into the settings' bounds.
    static func interval(_ settings: PollSettings, _ hints: PollHints) -> Int64 {
        let timeToLive = Int64(clamping: hints.timeToLiveSeconds ?? 0)
        let longest = max(settings.everyMilliseconds, freshness(hints), min(timeToLive, 1 << 31) * 1000)
        return max(min(longest, settings.maximumMilliseconds), settings.minimumMilliseconds)
    }

    private static func freshness(_ hints: PollHints) -> Int64 {
        let cacheControl = hints.cacheControl.map { CacheControl($0) } ?? CacheControl()
        if cacheControl.forbidsReuse { return 0 }
        if let maxAge = cacheControl.maxAgeSeconds { return maxAge * 1000 }
        guard let expires = hints.expires.flatMap(httpDate), let date = hints.date.flatMap(httpDate) else { return 0 }
        return expires - date
    }

    /// Milliseconds from `now` that a Retry-After field asks for (RFC 9110 §10.2.3: seconds, or an HTTP-date), within
    /// `retryAfterMilliseconds`; nil if it is neither.
    static func retryAfter(_ field: String, now: Int64) -> Int64? {
        let asked = deltaSeconds(trimmed(field.utf8)).map { $0 * 1000 } ?? httpDate(field).map { $0 - now }
        return asked.map { min(max($0, retryAfterMilliseconds.lowerBound), retryAfterMilliseconds.upperBound) }
    }

    /// `base`, doubled with each failure after the first, up to the ceiling; never shorter than `base` itself.
    static func backOff(from base: Int64, failures: Int) -> Int64 {
        var delay = base
        for _ in 1..<max(failures, 1) where delay < backOffCeilingMilliseconds {
            delay = min(delay * 2, backOffCeilingMilliseconds)
        }
        return delay
    }

    private static func delayed(_ delay: Int64, by part: Double) -> Int64 { delay + Int64(Double(delay) * part) }

    private static func isSlow(status: Int) -> Bool { [401, 402, 403, 404, 407, 410, 451].contains(status) }
}

extension PollState {
    fileprivate mutating func succeed(status: Int, now: Int64) {
        lastSuccess = now
        lastStatus = status
        consecutiveFailures = 0
        consecutiveThrottles = 0
        sourceState = .ok
    }

    /// A failure that may pass by itself turns the source to `failing` only when it repeats; one that looks lasting
    /// does at once, so that a wrong address shows in `status` within a minute of being written.
    fileprivate mutating func fail(status: Int?, isTransient: Bool) {
        lastStatus = status
        consecutiveFailures += 1
        consecutiveThrottles = 0
        if sourceState == .ok, !isTransient || consecutiveFailures >= PollPlan.transientFailuresBeforeFailing {
            sourceState = .failing
        }
    }
}
