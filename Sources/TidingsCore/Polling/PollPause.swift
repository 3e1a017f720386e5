/// How long a feed is left alone, and the reason.
struct PollPause: Equatable {
    var milliseconds: Int64
    var reason: PollReason

    init(_ milliseconds: Int64, _ reason: PollReason) {
        self.milliseconds = milliseconds
        self.reason = reason
    }

    /// After a success: the longest of the feed's pace, the freshness of the response (RFC 9111 §4.2.1) and the feed's
    /// own hints, within the settings' bounds.
    static func afterSuccess(
        _ state: PollState, _ hints: PollHints, _ settings: PollSettings, now: Int64
    ) -> PollPause {
        if settings.isPushed { return PollPause(max(settings.everyMilliseconds, PollPlan.safetyMilliseconds), .hub) }
        var pause = state.pace.interval(every: settings.everyMilliseconds, now: now)
        let timeToLive = min(Int64(clamping: state.feedHints.timeToLiveSeconds ?? 0), 1 << 31) * 1000
        for asked in [freshness(hints), PollPause(timeToLive, .ttl)] where asked.milliseconds > pause.milliseconds {
            pause = asked
        }
        let bounds = settings.minimumMilliseconds...settings.maximumMilliseconds
        pause.milliseconds = min(max(pause.milliseconds, bounds.lowerBound), bounds.upperBound)
        return pause
    }

    /// max-age; without it Expires − Date, both by the server's clock.
    static func freshness(_ hints: PollHints) -> PollPause {
        let cacheControl = hints.cacheControl.map { CacheControl($0) } ?? CacheControl()
        if cacheControl.forbidsReuse { return PollPause(0, .maxAge) }
        if let maxAge = cacheControl.maxAgeSeconds { return PollPause(maxAge * 1000, .maxAge) }
        guard let expires = hints.expires.flatMap(httpDate), let date = hints.date.flatMap(httpDate) else {
            return PollPause(0, .expires)
        }
        return PollPause(expires - date, .expires)
    }

    /// After 429 or 503. If the server does not say when, the pause grows with each such answer.
    static func afterThrottle(_ state: PollState, _ asked: Int64?, _ settings: PollSettings) -> PollPause {
        if state.sourceState == .gone { return PollPause(PollPlan.goneProbeMilliseconds, .gone) }
        let every = settings.everyMilliseconds
        guard let asked else {
            let ceiling = max(every, PollPlan.retryAfterMilliseconds.upperBound)
            return backOff(from: every, failures: state.consecutiveThrottles, ceiling: ceiling)
        }
        return asked < every ? PollPause(every, .interval) : PollPause(asked, .retryAfter)
    }

    /// After a failed poll of `request`, which `state` includes already.
    static func afterFailure(_ state: PollState, _ request: PollRequest, _ settings: PollSettings) -> PollPause {
        if state.sourceState == .gone { return PollPause(PollPlan.goneProbeMilliseconds, .gone) }
        // The next poll goes to another address, which has not failed.
        if state.redirects.movedTo != request.url { return PollPause(settings.everyMilliseconds, .backOff) }
        let isSlow = state.lastStatus.map { [401, 402, 403, 404, 407, 410, 451].contains($0) } ?? false
        let base = max(settings.everyMilliseconds, isSlow ? PollPlan.slowBaseMilliseconds : 0)
        return backOff(
            from: base, failures: state.consecutiveFailures, ceiling: PollPlan.backOffCeilingMilliseconds)
    }

    /// As long as there is no network.
    static func withoutNetwork(_ state: PollState, _ settings: PollSettings) -> PollPause {
        let base = min(PollPlan.networkBaseMilliseconds, settings.everyMilliseconds)
        let pause = backOff(from: base, failures: state.pollsWithoutNetwork, ceiling: settings.everyMilliseconds)
        return PollPause(pause.milliseconds, .noNetwork)
    }

    /// `base`, doubled with each failure after the first, up to `ceiling`; never shorter than `base` itself.
    static func backOff(from base: Int64, failures: Int, ceiling: Int64) -> PollPause {
        var delay = base
        for _ in 1..<max(failures, 1) where delay < ceiling { delay = min(delay * 2, ceiling) }
        return PollPause(delay, .backOff)
    }
}
