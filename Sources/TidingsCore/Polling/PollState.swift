/// The two validators of one response, kept and sent back together (RFC 9110 §13.1): each verbatim, quotes and `W/`
/// too.
package struct Validators: Hashable, Codable, Sendable {
    package var etag: String?
    package var lastModified: String?

    package init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// What is remembered of a feed from one poll to the next. Times are milliseconds since 1970.
package struct PollState: Equatable, Codable, Sendable {
    /// When to look next. Only `forced` polls come earlier.
    package var nextPoll: Int64
    /// Before this no poll at all is sent, not even when a person asks for one: the server's Retry-After.
    package var notBefore: Int64?
    package var lastAttempt: Int64?
    package var lastSuccess: Int64?
    /// The status of the last answer; nil when there was none.
    package var lastStatus: Int?
    package var validators = Validators()
    /// Failures since the last success. Answers 429 and 503 are none: they say "later", not "broken".
    package var consecutiveFailures = 0
    /// Answers 429 and 503 since the last answer of another kind.
    package var consecutiveThrottles = 0
    package var sourceState = SourceState.ok

    /// A feed that was never polled: due at `nextPoll`.
    package init(nextPoll: Int64) { self.nextPoll = nextPoll }

    /// When a person asks for a poll now: at once, or when the server allows it. No server is given more than a day, so
    /// that more than a day ahead was written by another clock: the machine's has been set back since.
    package func forcedPoll(now: Int64) -> Int64 {
        guard let notBefore, notBefore <= now + PollPlan.retryAfterMilliseconds.upperBound else { return now }
        return max(now, notBefore)
    }
}

/// A feed's interval and its bounds: minimum ≤ every ≤ maximum; who reads the settings sees to that.
package struct PollSettings: Equatable, Sendable {
    package var everyMilliseconds: Int64
    package var minimumMilliseconds: Int64
    package var maximumMilliseconds: Int64

    package init(
        everyMilliseconds: Int64 = 15 * minuteMilliseconds, minimumMilliseconds: Int64 = minuteMilliseconds,
        maximumMilliseconds: Int64 = dayMilliseconds
    ) {
        self.everyMilliseconds = everyMilliseconds
        self.minimumMilliseconds = minimumMilliseconds
        self.maximumMilliseconds = maximumMilliseconds
    }
}

/// What a response says about when to ask again: header fields as they were sent, and the feed's own `ttl`.
package struct PollHints: Equatable, Sendable {
    package var cacheControl: String?
    package var expires: String?
    package var date: String?
    package var timeToLiveSeconds: Int?

    package init(
        cacheControl: String? = nil, expires: String? = nil, date: String? = nil, timeToLiveSeconds: Int? = nil
    ) {
        self.cacheControl = cacheControl
        self.expires = expires
        self.date = date
        self.timeToLiveSeconds = timeToLiveSeconds
    }
}

/// How one poll ended.
package enum PollOutcome: Equatable, Sendable {
    /// A document was read. `validators` are those of its response, or nil to keep the old pair because the document
    /// was partial.
    case read(status: Int, validators: Validators?, hints: PollHints)
    /// 304: what was read last still stands.
    case notModified(hints: PollHints)
    /// An answer that is no document: 4xx, 5xx, a 3xx that leads nowhere. `retryAfter` is the field as it was sent.
    case rejected(status: Int, retryAfter: String?)
    /// An answer whose body is no feed.
    case unreadable(status: Int)
    /// No answer. `isTransient`: the same request may succeed later although nothing changes here.
    case failed(isTransient: Bool)
    /// The poll was given up from this side, and says nothing about the feed.
    case abandoned
}

package let minuteMilliseconds: Int64 = 60_000
package let hourMilliseconds: Int64 = 60 * minuteMilliseconds
package let dayMilliseconds: Int64 = 24 * hourMilliseconds
