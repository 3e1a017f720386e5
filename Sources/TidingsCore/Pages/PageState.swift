/// What is stored of a page from one look to the next. Times are milliseconds since 1970.
///
/// `PageState+JSON.swift` writes and reads it as JSON.
package struct PageState: Equatable, Sendable {
    /// When to look next, and why then; nil: the page rests. Only a forced look comes earlier.
    package var nextLook: Int64?
    package var dueReason = PageReason.first
    /// No request is sent before this time: it is the server's Retry-After, given to this page or to another of its domain.
    package var notBefore: Int64?
    package var lastAttempt: Int64?
    /// When the feed's item, or a person, asked for a look last.
    package var askedAt: Int64?
    /// The last look that showed the article, or said that it is as before.
    package var lastSuccess: Int64?
    /// The status of the last answer; nil when there was none.
    package var lastStatus: Int?
    /// Why the last look brought no text, by name; nil after a success.
    package var problem: String?
    /// Failures since the last answer. Answers 429 and 503 do not count: they say "later", not "broken".
    package var consecutiveFailures = 0
    /// Answers 429 and 503 since the last answer of another kind.
    package var consecutiveThrottles = 0
    /// The 404 and 410 that the last answer belongs to, if any.
    package var absence: PageAbsence?
    /// The doubtful look that stands, if the last one was doubtful.
    package var doubt: StandingDoubt?
    package var validators = Validators()
    package var trust = ValidatorTrust()
    package var redirects = RedirectMemory()
    /// Whether newer text rules have read the stored bytes, and no look has settled since what of it moves.
    package var wasReread = false
    /// When the article changed last: as its dates say at first, then as it was seen.
    package var lastChange: Int64
    /// Which of the page's titles is the headline, by name; nil before the first text.
    package var headline: String?

    /// A page that was never looked at: due at `nextLook`.
    package init(nextLook: Int64?, lastChange: Int64) {
        self.nextLook = nextLook
        self.lastChange = lastChange
    }

    /// `notBefore`, if it is in the future. No wait exceeds a day, so a later time was written by another clock.
    func standingNotBefore(now: Int64) -> Int64? {
        notBefore.flatMap { $0 > now && $0 <= now + PollPlan.retryAfterMilliseconds.upperBound ? $0 : nil }
    }

    /// When a look is allowed: now, or when the server allows it.
    package func allowedLook(now: Int64) -> Int64 { max(now, standingNotBefore(now: now) ?? now) }
}

/// Why the next look is when it is.
package enum PageReason: String, Sendable {
    /// It was never read.
    case first
    /// The age of the last change (`PagePlan.pause`).
    case age
    /// The settings' `recheck`.
    case interval
    /// The response is fresh until then (Cache-Control, Expires).
    case maxAge = "max_age"
    /// The feed's item has changed, or a person wants it.
    case asked
    /// What the page showed is doubtful.
    case doubt
    /// The page showed something new, and a second look is to tell whether it is the article.
    case confirmation
    /// The page was not found.
    case notFound = "not_found"
    case backOff = "back_off"
    case retryAfter = "retry_after"
    /// The site's robots.txt does not allow it.
    case robots
    /// The article is a year without a change, or was removed.
    case rests
}

/// How many times in a row a page has answered 404 or 410.
package struct PageAbsence: Equatable, Sendable {
    static let looksBeforeGone = 3
    static let timeBeforeGoneMilliseconds = dayMilliseconds

    package var since: Int64
    package var looks: Int

    static func after(_ absence: PageAbsence?, now: Int64) -> PageAbsence {
        // A start in the future was written by another clock: the day begins anew.
        guard let absence, absence.since <= now else { return PageAbsence(since: now, looks: 1) }
        return PageAbsence(since: absence.since, looks: absence.looks + 1)
    }

    /// Whether the page is proved gone.
    package func isProof(now: Int64) -> Bool {
        looks >= Self.looksBeforeGone && now - since >= Self.timeBeforeGoneMilliseconds
    }
}
