/// When to look at a feed again, and what to ask for. Pure: the caller brings the time and the dice, and stores what
/// comes back.
///
/// A feed that answers is asked again after its *interval*: the longest of what its pace, the response and the feed
/// itself ask for, within the settings' bounds (`PollPause`, `ItemPace`, `SkipTimes`). A feed that fails is asked ever
/// more rarely, up to a ceiling of days, and is never dropped: even one that is gone is looked after, and one success
/// makes all good. A server that says "later" (429, 503) is obeyed and is not broken.
///
/// `jitter` is a random number, 0 ..< 1. It only ever delays, so that no floor is broken, and it is in every delay,
/// so that feeds that an outage or a start brought into step drift apart again.
package enum PollPlan {
    /// A delay doubles with each failure up to this. Jitter comes on top.
    package static let backOffCeilingMilliseconds = 4 * dayMilliseconds
    /// Where the doubling starts for an answer that seldom changes by waiting: not found, gone, not allowed.
    package static let slowBaseMilliseconds = 6 * hourMilliseconds
    /// How often a feed that is gone is still looked after.
    package static let goneProbeMilliseconds = 8 * dayMilliseconds
    /// Retry-After is brought into these bounds: `0` is legal, and so is a century. A server that says "later" without
    /// saying when is given no more either.
    package static let retryAfterMilliseconds = minuteMilliseconds...dayMilliseconds
    /// So many failures in a row turn a source to `failing`, where each may pass by itself; one that looks lasting
    /// does at once.
    package static let transientFailuresBeforeFailing = 3
    /// The largest part of an interval that jitter adds; of a back-off it adds up to a quarter.
    package static let intervalJitter = 0.1
    package static let backOffJitter = 0.25
    /// At start, due feeds are spread as if one started each so many milliseconds.
    package static let startSpacingMilliseconds: Int64 = 50

    /// What a poll at `now` asks for.
    /// - Parameter readsEverything: a person wants the document whatever was read before.
    package static func request(_ state: PollState, now: Int64, readsEverything: Bool = false) -> PollRequest {
        let isConditional = !readsEverything && state.trust.allowsValidators(now: now)
        return PollRequest(url: state.redirects.movedTo, validators: isConditional ? state.validators : Validators())
    }

    /// The state after a poll that asked for `request` and ended at `now` with `outcome`. `nextPoll` in it is later
    /// than `now`, but for a poll that was given up, which changes nothing.
    package static func next(
        after outcome: PollOutcome, to request: PollRequest, state: PollState, settings: PollSettings, now: Int64,
        jitter: Double
    ) -> PollState {
        var next = state
        next.lastAttempt = now
        // Another feed of the domain may have been told to wait while this one's poll was on its way.
        next.notBefore = state.standingNotBefore(now: now)
        let pause: PollPause
        switch outcome {
        case .abandoned: return state
        case .read(let status, let validators, let hints, let counts, let permanentTarget):
            if request.isUnconditional {
                next.trust.learn(old: state.validators, new: validators, counts: counts, now: now, jitter: jitter)
            }
            next.validators = validators ?? state.validators
            next.feedHints = hints.feed ?? state.feedHints
            next.pace.learn(counts, isWhole: validators != nil, lastSuccess: state.lastSuccess, now: now)
            next.succeed(status: status, permanentTarget, now: now)
            pause = .afterSuccess(next, hints, settings, now: now)
        case .notModified(let hints, let permanentTarget):
            next.pace.learn(nil, isWhole: false, lastSuccess: state.lastSuccess, now: now)
            next.succeed(status: 304, permanentTarget, now: now)
            pause = .afterSuccess(next, hints, settings, now: now)
        case .rejected(let status, let field, let failure) where status == 429 || status == 503:
            let asked = field.flatMap { retryAfter($0, now: now) }
            next.wait(status: status, failure, asked, now: now)
            pause = .afterThrottle(next, asked, settings)
        case .rejected(let status, _, let failure):
            next.fail(request, status: status, isTransient: status >= 500, failure)
            pause = .afterFailure(next, request, settings)
        case .unreadable(let status, let failure):
            next.fail(request, status: status, isTransient: false, failure)
            pause = .afterFailure(next, request, settings)
        case .failed(let isTransient, let failure):
            next.fail(request, status: nil, isTransient: isTransient, failure)
            pause = .afterFailure(next, request, settings)
        }
        next.schedule(pause, settings, now: now, jitter: jitter)
        return next
    }

    /// The state of a feed that another of its registrable domain was told to wait for, `until` then. No longer than
    /// a day; and behind it the feeds of the domain are spread, lest the wait end in a stampede.
    package static func throttled(_ state: PollState, until: Int64, now: Int64, jitter: Double) -> PollState {
        let bounded = min(until, now + retryAfterMilliseconds.upperBound)
        guard bounded > now else { return state }
        var next = state
        next.notBefore = max(bounded, state.standingNotBefore(now: now) ?? bounded)
        next.holdBack(now: now, jitter: jitter)
        return next
    }

    /// When a feed is due, seen at `now`: its `nextPoll`; or at once, but for Retry-After, if the clock was set back so
    /// that the time means nothing any more. The one poll that follows puts it right.
    package static func due(_ state: PollState, _ settings: PollSettings, now: Int64) -> Int64 {
        let longest = max(goneProbeMilliseconds, settings.maximumMilliseconds)
        // Small steps are the daily work of time services, and no reason to poll.
        let isByAnotherClock =
            state.nextPoll > now + delayed(longest, by: backOffJitter)
            || (state.lastAttempt ?? now) > now + minuteMilliseconds
        return isByAnotherClock ? state.forcedPoll(now: now) : state.nextPoll
    }

    /// The state with which a feed starts, one of `feeds` that are configured. One that is not due keeps its time; one
    /// that is due, or new, gets its place in the spread.
    package static func started(
        _ state: PollState?, settings: PollSettings, feeds: Int, now: Int64, jitter: Double
    ) -> PollState {
        let soon = now + Int64(jitter * Double(Int64(max(feeds, 1)) * startSpacingMilliseconds))
        var next = state ?? PollState(nextPoll: soon)
        let due = due(next, settings, now: now)
        if due <= now || due != next.nextPoll {
            next.nextPoll = max(due, soon)
            next.dueReason = .start
        }
        return next
    }

    /// Milliseconds from `now` that a Retry-After field asks for (RFC 9110 §10.2.3: seconds, or an HTTP-date), within
    /// `retryAfterMilliseconds`; nil if it is neither.
    static func retryAfter(_ field: String, now: Int64) -> Int64? {
        let asked = deltaSeconds(trimmed(field.utf8)).map { $0 * 1000 } ?? httpDate(field).map { $0 - now }
        return asked.map { min(max($0, retryAfterMilliseconds.lowerBound), retryAfterMilliseconds.upperBound) }
    }

    static func delayed(_ delay: Int64, by part: Double) -> Int64 { delay + Int64(Double(delay) * part) }
}
