// How the end of a poll changes a feed's state. `PollPause` says how long the feed is then left alone.

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

    /// A failure that may pass by itself turns the source to `failing` only when it repeats. One that looks permanent
    /// does it at once, so that a wrong address shows in `status` within a minute of being written.
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
            // A document missing at the new address may still be at the old one. The validators belong to the new
            // address: sent to the old one, they could hide its document.
            redirects = RedirectMemory()
            validators = Validators()
        }
    }

    /// There is no network yet. What is known of the feed stays.
    mutating func waitForNetwork(_ failure: String?) {
        lastStatus = nil
        self.failure = failure
        pollsWithoutNetwork += 1
    }

    mutating func schedule(_ pause: PollPause, _ settings: PollSettings, now: Int64, jitter: Double) {
        let largestJitter = pause.reason.isTrouble ? PollPlan.backOffJitter : PollPlan.intervalJitter
        nextPoll = now + PollPlan.delayed(pause.milliseconds, by: largestJitter * jitter)
        dueReason = pause.reason
        if !pause.reason.isTrouble { skip(settings, now: now, jitter: jitter) }
        holdBack(now: now, jitter: jitter)
    }

    /// Moves the next poll out of the hours that the feed asks to skip, but never beyond the maximum interval.
    private mutating func skip(_ settings: PollSettings, now: Int64, jitter: Double) {
        guard let allowed = feedHints.skips?.firstAllowed(from: nextPoll), allowed > nextPoll else { return }
        // Otherwise all feeds that skip the same hours would be polled at the moment when those end.
        let spread = Int64(PollPlan.intervalJitter * jitter * Double(hourMilliseconds))
        nextPoll = max(nextPoll, min(allowed + spread, now + settings.maximumMilliseconds))
        dueReason = .skipHours
    }

    /// Moves a poll to after `notBefore`, by a random part of the wait, to avoid a burst of requests.
    mutating func holdBack(now: Int64, jitter: Double) {
        guard let notBefore, nextPoll < notBefore else { return }
        let wait = max(notBefore - now, minuteMilliseconds)
        nextPoll = notBefore + Int64(PollPlan.backOffJitter * jitter * Double(wait))
        dueReason = .retryAfter
    }
}

extension PollReason {
    fileprivate var isTrouble: Bool { self == .backOff || self == .retryAfter || self == .gone || self == .noNetwork }
}
