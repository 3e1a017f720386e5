/// What is stored of a feed from one poll to the next. Times are milliseconds since 1970.
///
/// `PollState+JSON.swift` writes and reads it as JSON.
package struct PollState: Equatable, Sendable {
    /// When to poll next, and why then. Only a forced poll comes earlier.
    package var nextPoll: Int64
    package var dueReason = PollReason.start
    /// No poll is sent before this time, not even when a person asks for one: it is the server's Retry-After, given to
    /// this feed or to another of its domain.
    package var notBefore: Int64?
    package var lastAttempt: Int64?
    package var lastSuccess: Int64?
    /// The status of the last answer; nil when there was none.
    package var lastStatus: Int?
    /// Why the last poll failed, as the outcome named it; nil after a success.
    package var failure: String?
    package var sourceState = SourceState.ok
    /// Failures since the last success. Answers 429 and 503 do not count: they say "later", not "broken".
    package var consecutiveFailures = 0
    /// Answers 429 and 503 since the last answer of another kind.
    package var consecutiveThrottles = 0
    /// Polls in a row without any network, as many as are counted. Not stored: a start begins anew.
    package var pollsWithoutNetwork = 0
    /// The streak of 404 or 410 that the last answer belongs to, if any.
    package var absence: NotFoundStreak?
    package var validators = Validators()
    package var trust = ValidatorTrust()
    package var redirects = RedirectMemory()
    package var feedHints = FeedHints()
    package var pace = ItemPace()
    /// Whether its items are teasers.
    package var teasers = TeaserMemory()
    /// Whether all items of the last document got their pages watched, if they have any.
    package var watchesPages = false

    /// A feed that was never polled: due at `nextPoll`.
    package init(nextPoll: Int64) { self.nextPoll = nextPoll }

    /// What a look at this feed proves of it: nothing, as long as it was never read and has not failed for good.
    package var verdict: SourceState? { sourceState == .ok && lastSuccess == nil ? nil : sourceState }

    /// Whether the last poll was one without any network, since the daemon started.
    package var hasMissedNetwork: Bool { pollsWithoutNetwork > 0 }

    /// Whether the last poll failed for a reason that lies with this machine: it had no network, or lacks a file.
    package var hasFailedHere: Bool { hasMissedNetwork || dueReason == .noNetwork || failure.flatMap(FeedFailure.init)?.isOfOurOwn == true }

    /// When a person asks for a poll now: at once, or when the server allows it.
    package func forcedPoll(now: Int64) -> Int64 { max(now, standingNotBefore(now: now) ?? now) }

    /// Until when the server told this feed to wait, if its last answer did. Other feeds of the domain wait as well.
    package var throttledUntil: Int64? { consecutiveThrottles > 0 ? notBefore ?? nextPoll : nil }

    /// `notBefore`, if it is in the future. No wait exceeds a day, so a later time was written by another clock: the
    /// machine's clock has been set back since.
    func standingNotBefore(now: Int64) -> Int64? {
        notBefore.flatMap { $0 > now && $0 <= now + PollPlan.retryAfterMilliseconds.upperBound ? $0 : nil }
    }
}

/// Why the next poll is when it is: what asked for the longest pause, or what moved the poll last.
package enum PollReason: String, Sendable {
    /// The settings' `every`.
    case interval
    case maxAge = "max_age"
    case expires
    case ttl
    case skipHours = "skip_hours"
    /// Nothing new has come for a long time, so the feed is asked more rarely.
    case quiet
    /// So much comes that the feed is asked more often, lest items leave the document unseen.
    case busy
    /// Its hub tells of news; this is the daily poll for safety.
    case hub
    case backOff = "back_off"
    case retryAfter = "retry_after"
    case gone
    /// There is no network yet.
    case noNetwork = "no_network"
    /// The feed's slot in the spread at the daemon's start.
    case start
}
