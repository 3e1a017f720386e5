/// When to poll a feed again, and what to ask for. Pure: the caller supplies the time and the random number, and stores
/// the result.
///
/// A feed that answers is asked again after its *interval*: the longest of what its pace, the response and the feed
/// itself ask for, within the settings' bounds (`PollPause`, `ItemPace`, `SkipTimes`). A feed that fails is asked ever
/// more rarely, up to a ceiling of days, and is never dropped: even one that is gone is still polled, and one success
/// ends all that. A server that says "later" (429, 503) is obeyed and does not count as broken.
///
/// `jitter` is a random number, 0 ..< 1. It is part of every delay and only lengthens it: no minimum is broken, and
/// feeds that an outage or a start has synchronised drift apart again.
package enum PollPlan {
    /// Each failure doubles the delay, up to this limit. Jitter is added to it.
    package static let backOffCeilingMilliseconds = 4 * dayMilliseconds
    /// The first delay after an answer that waiting seldom changes: not found, gone, not allowed.
    package static let slowBaseMilliseconds = 6 * hourMilliseconds
    /// The first delay after a poll without any network.
    package static let networkBaseMilliseconds: Int64 = 2_000
    /// So many polls wait for a network, over eight minutes. Then its absence is a failure, as a wrong name of the only host is.
    package static let networkPolls = 8
    /// How often a feed that is gone is still polled.
    package static let goneProbeMilliseconds = 8 * dayMilliseconds
    /// Bounds of Retry-After: `0` is legal, and so is a century. A server that says "later" without a time gets no
    /// longer pause.
    package static let retryAfterMilliseconds = minuteMilliseconds...dayMilliseconds
    /// How many failures in a row turn a source to `failing` if each may pass by itself. One that looks permanent does
    /// it at once.
    package static let transientFailuresBeforeFailing = 3
    /// How often a feed is polled whose hub tells of its news: a hub may die, and nobody would tell.
    package static let safetyMilliseconds = dayMilliseconds
    /// The largest part of an interval, and of a back-off, that jitter adds.
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

    /// The state after a poll that asked for `request` and ended at `now` with `outcome`. Its `nextPoll` is later than
    /// `now`, except after an abandoned poll, which changes nothing.
    package static func next(
        after outcome: PollOutcome, to request: PollRequest, state: PollState, settings: PollSettings, now: Int64,
        jitter: Double
    ) -> PollState {
        var next = state
        next.lastAttempt = now
        // During this poll another feed of the domain may have been told to wait.
        next.notBefore = state.standingNotBefore(now: now)
        if case .noNetwork = outcome {} else { next.pollsWithoutNetwork = 0 }
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
            // "Not modified" without a condition: whatever the server compares with, it is not what was sent.
            if status == 304 { next.validators = Validators() }
            pause = .afterFailure(next, request, settings)
        case .unreadable(let status, let failure):
            next.fail(request, status: status, isTransient: false, failure)
            pause = .afterFailure(next, request, settings)
        case .failed(let isTransient, let failure):
            next.fail(request, status: nil, isTransient: isTransient, failure)
            pause = .afterFailure(next, request, settings)
        case .noNetwork(let failure) where next.pollsWithoutNetwork < networkPolls:
            next.waitForNetwork(failure)
            pause = .withoutNetwork(next, settings)
        case .noNetwork(let failure):
            next.fail(request, status: nil, isTransient: true, failure)
            pause = .afterFailure(next, request, settings)
        }
        next.schedule(pause, settings, now: now, jitter: jitter)
        return next
    }

    /// The state of a feed when another feed of its registrable domain was told to wait until `until`. The wait is at
    /// most a day. The domain's feeds are spread after its end, to avoid a burst of requests.
    package static func throttled(_ state: PollState, until: Int64, now: Int64, jitter: Double) -> PollState {
        let bounded = min(until, now + retryAfterMilliseconds.upperBound)
        guard bounded > now else { return state }
        var next = state
        next.notBefore = max(bounded, state.standingNotBefore(now: now) ?? bounded)
        next.holdBack(now: now, jitter: jitter)
        return next
    }

    /// When a feed is due, as seen at `now`: at its `nextPoll`. If the clock was set back so that this time has no
    /// meaning, the feed is due at once, or when Retry-After allows; that one poll corrects the time.
    package static func due(_ state: PollState, _ settings: PollSettings, now: Int64) -> Int64 {
        let longest = max(goneProbeMilliseconds, settings.maximumMilliseconds)
        // Time services make small steps every day. They are no reason to poll.
        let isByAnotherClock =
            state.nextPoll > now + delayed(longest, by: backOffJitter)
            || (state.lastAttempt ?? now) > now + minuteMilliseconds
        return isByAnotherClock ? state.forcedPoll(now: now) : state.nextPoll
    }

    /// The state in which a feed starts, as one of `feeds` that are configured. A feed that is not due keeps its time;
    /// one that is due, or new, or that failed for a reason of this machine's, gets a slot in the spread.
    package static func started(
        _ state: PollState?, settings: PollSettings, feeds: Int, now: Int64, jitter: Double
    ) -> PollState {
        let soon = slot(among: feeds, now: now, jitter: jitter)
        var next = state ?? PollState(nextPoll: soon)
        let due = due(next, settings, now: now)
        if due <= now || due != next.nextPoll {
            next.nextPoll = max(due, soon)
            next.dueReason = .start
        }
        return triedAgain(next, feeds: feeds, now: now, jitter: jitter)
    }

    /// The state of one of `feeds` when what this machine lacked may be there now: the network, or a file. One that failed for such a
    /// reason is polled soon; others keep their time.
    package static func triedAgain(_ state: PollState, feeds: Int, now: Int64, jitter: Double) -> PollState {
        guard state.hasFailedHere else { return state }
        var next = state
        next.nextPoll = state.forcedPoll(now: slot(among: feeds, now: now, jitter: jitter))
        next.dueReason = .start
        next.pollsWithoutNetwork = 0
        return next
    }

    private static func slot(among feeds: Int, now: Int64, jitter: Double) -> Int64 {
        now + Int64(jitter * Double(Int64(max(feeds, 1)) * startSpacingMilliseconds))
    }

    /// Milliseconds from `now` that a Retry-After field asks for (RFC 9110 §10.2.3: seconds, or an HTTP-date), within
    /// `retryAfterMilliseconds`; nil if it is neither.
    package static func retryAfter(_ field: String, now: Int64) -> Int64? {
        let asked = deltaSeconds(trimmed(field.utf8)).map { $0 * 1000 } ?? httpDate(field).map { $0 - now }
        return asked.map { min(max($0, retryAfterMilliseconds.lowerBound), retryAfterMilliseconds.upperBound) }
    }

    static func delayed(_ delay: Int64, by part: Double) -> Int64 { delay + Int64(Double(delay) * part) }
}
