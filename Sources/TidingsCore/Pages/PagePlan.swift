/// How often pages are looked at again, once they were read.
package enum Recheck: Hashable, Sendable {
    /// By the age of the last change (`PagePlan.pause`).
    case decay
    /// Every so many milliseconds.
    case every(Int64)
    /// Only when the feed's item changes, or a person asks.
    case never
}

/// What one look asks for.
package struct PageRequest: Equatable, Sendable {
    package var url: String
    package var validators: Validators

    package init(url: String, validators: Validators = Validators()) {
        self.url = url
        self.validators = validators
    }
}

/// How one look at a page ended.
package enum PageOutcome: Equatable, Sendable {
    /// The article was read. `validators` are those of its response; nil to keep the old pair, because the page was cut off.
    /// `permanentTarget` as in `PollOutcome`.
    case read(status: Int, validators: Validators?, hints: PollHints, permanentTarget: String?, hasChanged: Bool)
    /// 304, or the bytes of the last look.
    case notModified(status: Int, hints: PollHints, permanentTarget: String?)
    case doubtful(status: Int, StandingDoubt)
    /// It shows something else than before. A second look, right after, tells the edit from what moves (`Item.settled`).
    case unsettled(status: Int)
    /// 404 or 410; or, for so long that it is as good as these, the doubtful page that stands in its place.
    case absent(status: Int, StandingDoubt? = nil)
    /// Another answer that is no page. `retryAfter` is the field verbatim.
    case rejected(status: Int, retryAfter: String?, failure: String)
    /// No answer.
    case failed(failure: String)
    /// robots.txt forbids the look, or could not be read. It is asked again at `until`, in milliseconds since 1970.
    case keptOut(until: Int64, problem: String)
    /// The daemon gave the look up, which says nothing about the page.
    case abandoned
}

/// When to look at a page again, and what to ask for. Pure: the caller supplies the time and the random number.
///
/// The young change most: half of all edits come within the first hours. So a page is looked at by the age of its last change, ever
/// more rarely, and an edit makes it young again. After a year without an edit it rests.
///
/// `jitter` is a random number, 0 ..< 1. It is part of every delay and only lengthens it.
package enum PagePlan {
    /// Two doubtful looks are so far apart, so that three of them take six hours.
    static let doubtMilliseconds = 3 * hourMilliseconds
    /// A doubt that was not believed by now is no accident.
    static let doubtLooks = 8
    /// Three looks at an absent page take a day.
    static let absenceMilliseconds = 12 * hourMilliseconds
    /// How often a page that is gone is still looked for.
    static let goneProbeMilliseconds = 8 * dayMilliseconds
    static let backOffMilliseconds = 15 * minuteMilliseconds
    static let backOffCeilingMilliseconds = 4 * dayMilliseconds
    /// A response that says it is fresh for longer is not believed.
    static let freshnessLimitMilliseconds = dayMilliseconds

    /// The pause after a look at an article whose last change is `age` milliseconds old; nil: it rests.
    package static func pause(age: Int64) -> Int64? {
        switch age {
        case ..<(3 * hourMilliseconds): 15 * minuteMilliseconds
        case ..<dayMilliseconds: hourMilliseconds
        case ..<(7 * dayMilliseconds): 6 * hourMilliseconds
        case ..<(30 * dayMilliseconds): 3 * dayMilliseconds
        case ..<(360 * dayMilliseconds): 30 * dayMilliseconds
        default: nil
        }
    }

    /// What a look at `now` asks for.
    /// - Parameter readsEverything: the page is wanted whatever was read before.
    package static func request(
        _ state: PageState, url: String, now: Int64, readsEverything: Bool = false
    ) -> PageRequest {
        let isConditional = !readsEverything && state.dueReason != .confirmation && state.trust.allowsValidators(now: now)
        return PageRequest(
            url: state.redirects.movedTo ?? url, validators: isConditional ? state.validators : Validators())
    }

    /// The state after a look that asked for `request`, began at `begun`, and ended at `now` with `outcome`. Whoever asked meanwhile gets
    /// another look.
    package static func next(
        after outcome: PageOutcome, to request: PageRequest, state: PageState, recheck: Recheck, begun: Int64, now: Int64,
        jitter: Double
    ) -> PageState {
        var next = next(after: outcome, to: request, state: state, recheck: recheck, now: now, jitter: jitter)
        if let asked = state.askedAt, asked > begun, asked <= now, next.dueReason != .confirmation { next.ask(now: now) }
        return next
    }

    private static func next(
        after outcome: PageOutcome, to request: PageRequest, state: PageState, recheck: Recheck, now: Int64, jitter: Double
    ) -> PageState {
        var next = state
        next.lastAttempt = now
        next.notBefore = state.standingNotBefore(now: now)
        switch outcome {
        case .abandoned: return state
        case .read(let status, let validators, let hints, let permanentTarget, let hasChanged):
            if request.validators.isEmpty {
                let counts = DocumentCounts(items: 1, fresh: 0, edited: hasChanged ? 1 : 0)
                next.trust.learn(old: state.validators, new: validators, counts: counts, now: now, jitter: jitter)
            }
            next.validators = validators ?? state.validators
            if hasChanged { next.lastChange = now }
            next.wasReread = false
            next.succeed(status: status, permanentTarget, now: now)
            next.rest(recheck, fresh: hints, now: now, jitter: jitter)
        case .notModified(let status, let hints, let permanentTarget):
            next.succeed(status: status, permanentTarget, now: now)
            next.rest(recheck, fresh: hints, now: now, jitter: jitter)
        case .doubtful(let status, let doubt):
            next.answered(status: status, problem: doubt.reason.rawValue)
            next.doubt = doubt
            let usual = next.usual(recheck, now: now)?.pause ?? dayMilliseconds
            let pause = doubt.looks > doubtLooks ? max(usual, 2 * doubtMilliseconds) : doubtMilliseconds
            next.schedule(pause, .doubt, now: now, jitter: jitter)
        case .unsettled(let status):
            next.answered(status: status, problem: nil)
            next.nextLook = now
            next.dueReason = .confirmation
        case .absent(let status, let doubt):
            next.answered(status: status, problem: doubt?.reason.rawValue ?? (status == 410 ? "gone" : "not_found"))
            next.doubt = doubt
            let absence = PageAbsence.after(state.absence, now: now)
            next.absence = absence
            if absence.isProof(now: now), recheck == .decay, next.usual(recheck, now: now) == nil {
                next.nextLook = nil
                next.dueReason = .rests
            } else {
                let pause = absence.isProof(now: now) ? goneProbeMilliseconds : absenceMilliseconds
                next.schedule(pause, .notFound, now: now, jitter: jitter)
            }
        case .rejected(let status, let field, let failure) where status == 429 || status == 503:
            let asked = field.flatMap { PollPlan.retryAfter($0, now: now) }
            let throttles = state.consecutiveThrottles + 1
            next.answered(status: status, problem: failure)
            next.consecutiveThrottles = throttles
            if let asked { next.notBefore = max(next.notBefore ?? 0, now + asked) }
            next.schedule(asked ?? backOff(throttles, ceiling: dayMilliseconds), .retryAfter, now: now, jitter: jitter)
        case .rejected(let status, _, let failure):
            next.fail(status: status, problem: failure, request)
            if status == 304 { next.validators = Validators() }
            next.schedule(backOff(next.consecutiveFailures), .backOff, now: now, jitter: jitter)
        case .failed(let failure):
            next.fail(status: nil, problem: failure, request)
            next.schedule(backOff(next.consecutiveFailures), .backOff, now: now, jitter: jitter)
        case .keptOut(let until, let problem):
            next.problem = problem
            next.schedule(max(until - now, minuteMilliseconds), .robots, now: now, jitter: jitter)
        }
        return next
    }

    private static func backOff(_ failures: Int, ceiling: Int64 = backOffCeilingMilliseconds) -> Int64 {
        PollPause.backOff(from: backOffMilliseconds, failures: failures, ceiling: ceiling).milliseconds
    }

    /// When a page is due, as seen at `now`: at `nextLook`. If the clock was set back so that this time has no meaning, it is due at once;
    /// that one look corrects the time. Nil: it rests.
    package static func due(_ nextLook: Int64?, lastAttempt: Int64?, now: Int64) -> Int64? {
        guard let nextLook else { return nil }
        let longest = PollPlan.delayed(30 * dayMilliseconds, by: 1)
        let isByAnotherClock = nextLook > now + longest || (lastAttempt ?? now) > now + minuteMilliseconds
        return isByAnotherClock ? now : nextLook
    }
}

extension PageState {
    /// The page is to be looked at now, or when the server allows it.
    package mutating func ask(now: Int64) {
        askedAt = now
        nextLook = allowedLook(now: now)
        dueReason = .asked
    }

    fileprivate mutating func answered(status: Int, problem: String?) {
        lastStatus = status
        self.problem = problem
        consecutiveFailures = 0
        consecutiveThrottles = 0
        absence = nil
        doubt = nil
    }

    fileprivate mutating func succeed(status: Int, _ permanentTarget: String?, now: Int64) {
        answered(status: status, problem: nil)
        lastSuccess = now
        redirects.confirm(permanentTarget, now: now)
    }

    fileprivate mutating func fail(status: Int?, problem: String, _ request: PageRequest) {
        lastStatus = status
        self.problem = problem
        consecutiveFailures += 1
        consecutiveThrottles = 0
        if request.url == redirects.movedTo, consecutiveFailures >= RedirectMemory.failuresBeforeReturn {
            redirects = RedirectMemory()
            validators = Validators()
        }
    }

    /// The pause after a good look, and the reason; nil: it rests.
    fileprivate func usual(_ recheck: Recheck, now: Int64) -> (pause: Int64, reason: PageReason)? {
        switch recheck {
        case .never: nil
        case .every(let pause): (pause, .interval)
        // A change in the future was written by another clock.
        case .decay: PagePlan.pause(age: max(0, now - lastChange)).map { ($0, .age) }
        }
    }

    fileprivate mutating func rest(_ recheck: Recheck, fresh hints: PollHints, now: Int64, jitter: Double) {
        guard var (pause, reason) = usual(recheck, now: now) else {
            nextLook = nil
            dueReason = .rests
            return
        }
        let fresh = min(PollPause.freshness(hints).milliseconds, PagePlan.freshnessLimitMilliseconds)
        if fresh > pause { (pause, reason) = (fresh, .maxAge) }
        schedule(pause, reason, now: now, jitter: jitter)
    }

    fileprivate mutating func schedule(_ pause: Int64, _ reason: PageReason, now: Int64, jitter: Double) {
        let part = reason == .age || reason == .interval || reason == .maxAge ? PollPlan.intervalJitter : PollPlan.backOffJitter
        let due = now + PollPlan.delayed(pause, by: part * jitter)
        nextLook = due
        dueReason = reason
        if let notBefore, due < notBefore {
            nextLook = notBefore + Int64(PollPlan.backOffJitter * jitter * Double(max(notBefore - now, minuteMilliseconds)))
            dueReason = .retryAfter
        }
    }
}
