/// What is remembered of a feed from one poll to the next. Times are milliseconds since 1970.
///
/// It is stored as JSON: `PollState+JSON.swift`.
package struct PollState: Equatable, Sendable {
    /// When to look next, and why then. Only `forced` polls come earlier.
    package var nextPoll: Int64
    package var dueReason = PollReason.start
    /// Before this no poll at all is sent, not even when a person asks for one: the server's Retry-After, given to
    /// this feed or to another of its domain.
    package var notBefore: Int64?
    package var lastAttempt: Int64?
    package var lastSuccess: Int64?
    /// The status of the last answer; nil when there was none.
    package var lastStatus: Int?
    /// Why the last poll failed, as the outcome named it; nil after a success.
    package var failure: String?
    package var sourceState = SourceState.ok
    /// Failures since the last success. Answers 429 and 503 are none: they say "later", not "broken".
    package var consecutiveFailures = 0
    /// Answers 429 and 503 since the last answer of another kind.
    package var consecutiveThrottles = 0
    /// The last answers, if they said that nothing is there.
    package var absence: NotFoundStreak?
    package var validators = Validators()
    package var trust = ValidatorTrust()
    package var redirects = RedirectMemory()
    package var feedHints = FeedHints()
    package var pace = ItemPace()

    /// A feed that was never polled: due at `nextPoll`.
    package init(nextPoll: Int64) { self.nextPoll = nextPoll }

    /// When a person asks for a poll now: at once, or when the server allows it.
    package func forcedPoll(now: Int64) -> Int64 { max(now, standingNotBefore(now: now) ?? now) }

    /// Until when the server told this feed to wait, if its last answer did: other feeds of the domain are served by
    /// the same patience.
    package var throttledUntil: Int64? { consecutiveThrottles > 0 ? notBefore ?? nextPoll : nil }

    /// `notBefore`, if it is still ahead. No server is given more than a day, so that more than a day ahead was written
    /// by another clock: the machine's has been set back since.
    func standingNotBefore(now: Int64) -> Int64? {
        notBefore.flatMap { $0 > now && $0 <= now + PollPlan.retryAfterMilliseconds.upperBound ? $0 : nil }
    }
}

/// Why the next poll is when it is: what asked for the longest pause, or moved it last.
package enum PollReason: String, Sendable {
    /// The settings' `every`.
    case interval
    case maxAge = "max_age"
    case expires
    case ttl
    case skipHours = "skip_hours"
    /// Nothing new has come for long, so that it is asked more rarely.
    case quiet
    /// So much comes that it is asked more often, lest items leave the document unseen.
    case busy
    case backOff = "back_off"
    case retryAfter = "retry_after"
    case gone
    /// Its place in the spread at the daemon's start.
    case start
}
