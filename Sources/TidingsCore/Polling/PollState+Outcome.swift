// What the end of a poll changes in a feed's state; how long it is left alone then is `PollPause`'s to say.

extension PollState {
    mutating func succeed(status: Int, _ permanentTarget: String?, now: Int64) {
        lastSuccess = now
        lastStatus = status
        failure = nil
        consecutiveFailures = 0
        consecutiveThrottles = 0
        absence = nil
        sourceState = .ok
        redirects.confirm(permanentTarget, now: now)
    }

    /// 429 or 503. `asked`: Retry-After, in milliseconds from `now`.
    mutating func wait(status: Int, _ failure: String?, _ asked: Int64?, now: Int64) {
        lastStatus = status
        self.failure = failure
        consecutiveThrottles += 1
        absence = nil
        if let asked { notBefore = max(notBefore ?? 0, now + asked) }
    }

    /// A failure that may pass by itself turns the source to `failing` only when it repeats; one that looks lasting
    /// does at once, so that a wrong address shows in `status` within a minute of being written.
    mutating func fail(_ request: PollRequest, status: Int?, isTransient: Bool, _ failure: String?) {
        lastStatus = status
        self.failure = failure
        consecutiveFailures += 1
        consecutiveThrottles = 0
        if sourceState == .ok, !isTransient || consecutiveFailures >= PollPlan.transientFailuresBeforeFailing {
            sourceState = .failing
        }
        if request.url == nil {
            if let status { absence = .after(status, absence) }
            if absence?.isProof == true { sourceState = .gone }
        } else if consecutiveFailures >= RedirectMemory.failuresBeforeReturn {
            // What is missing at the place it moved to may still be at the old one. The validators are of the document
            // over there: sent here, they could hide this one.
            redirects = RedirectMemory()
            validators = Validators()
        }
    }

    mutating func schedule(_ pause: PollPause, _ settings: PollSettings, now: Int64, jitter: Double) {
        let largestJitter = pause.reason.isTrouble ? PollPlan.backOffJitter : PollPlan.intervalJitter
        nextPoll = now + PollPlan.delayed(pause.milliseconds, by: largestJitter * jitter)
        dueReason = pause.reason
        if !pause.reason.isTrouble { skip(settings, now: now, jitter: jitter) }
        holdBack(now: now, jitter: jitter)
    }

    /// Moves a poll out of the hours that the feed asks to skip, but never leaves it alone for longer than the maximum.
    private mutating func skip(_ settings: PollSettings, now: Int64, jitter: Double) {
        guard let allowed = feedHints.skips?.firstAllowed(from: nextPoll), allowed > nextPoll else { return }
        // Feeds that skip the same hours would all come on the stroke of the next.
        let spread = Int64(PollPlan.intervalJitter * jitter * Double(hourMilliseconds))
        nextPoll = max(nextPoll, min(allowed + spread, now + settings.maximumMilliseconds))
        dueReason = .skipHours
    }

    /// Moves a poll behind `notBefore`, by a part of the wait, lest it end in a stampede.
    mutating func holdBack(now: Int64, jitter: Double) {
        guard let notBefore, nextPoll < notBefore else { return }
        let wait = max(notBefore - now, minuteMilliseconds)
        nextPoll = notBefore + Int64(PollPlan.backOffJitter * jitter * Double(wait))
        dueReason = .retryAfter
    }
}

extension PollReason {
    fileprivate var isTrouble: Bool { self == .backOff || self == .retryAfter || self == .gone }
}
