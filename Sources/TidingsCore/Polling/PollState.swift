/// What is remembered of a feed from one poll to the next. Times are milliseconds since 1970.
///
/// It is stored as JSON. A field that is missing there, because an older version wrote it, has its first value.
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
    package var absence: Absence?
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
package enum PollReason: String, Codable, Sendable {
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

extension PollState: Codable {
    private enum CodingKeys: String, CodingKey {
        case nextPoll, dueReason, notBefore, lastAttempt, lastSuccess, lastStatus, failure, sourceState
        case consecutiveFailures, consecutiveThrottles, absence, validators, trust, redirects, feedHints, pace
    }

    // Written out, because the compiler's own refuses a record that lacks a field which has a first value.
    package init(from decoder: any Decoder) throws {
        let record = try decoder.container(keyedBy: CodingKeys.self)
        nextPoll = try record.decode(Int64.self, forKey: .nextPoll)
        dueReason = try record.decodeIfPresent(PollReason.self, forKey: .dueReason) ?? .interval
        notBefore = try record.decodeIfPresent(Int64.self, forKey: .notBefore)
        lastAttempt = try record.decodeIfPresent(Int64.self, forKey: .lastAttempt)
        lastSuccess = try record.decodeIfPresent(Int64.self, forKey: .lastSuccess)
        lastStatus = try record.decodeIfPresent(Int.self, forKey: .lastStatus)
        failure = try record.decodeIfPresent(String.self, forKey: .failure)
        sourceState = try record.decodeIfPresent(SourceState.self, forKey: .sourceState) ?? .ok
        consecutiveFailures = try record.decodeIfPresent(Int.self, forKey: .consecutiveFailures) ?? 0
        consecutiveThrottles = try record.decodeIfPresent(Int.self, forKey: .consecutiveThrottles) ?? 0
        absence = try record.decodeIfPresent(Absence.self, forKey: .absence)
        validators = try record.decodeIfPresent(Validators.self, forKey: .validators) ?? Validators()
        trust = try record.decodeIfPresent(ValidatorTrust.self, forKey: .trust) ?? ValidatorTrust()
        redirects = try record.decodeIfPresent(RedirectMemory.self, forKey: .redirects) ?? RedirectMemory()
        feedHints = try record.decodeIfPresent(FeedHints.self, forKey: .feedHints) ?? FeedHints()
        pace = try record.decodeIfPresent(ItemPace.self, forKey: .pace) ?? ItemPace()
    }
}
