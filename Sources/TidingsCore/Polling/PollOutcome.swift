/// What one poll asks for.
package struct PollRequest: Equatable, Sendable {
    /// Where the feed has moved for good; nil: the address in the settings.
    package var url: String?
    /// Sent as they are, both (RFC 9110 §13.1); empty: the document is wanted whatever was read before.
    package var validators: Validators

    package init(url: String? = nil, validators: Validators = Validators()) {
        self.url = url
        self.validators = validators
    }

    package var isUnconditional: Bool { validators.isEmpty }
}

/// The two validators of one response, kept and sent back together: each verbatim, quotes and `W/` too.
package struct Validators: Hashable, Sendable {
    package var etag: String?
    package var lastModified: String?

    package init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }

    package var isEmpty: Bool { etag == nil && lastModified == nil }
}

/// How one poll ended. `failure` is a code for `status`, not a sentence; a server's status alone may be enough.
package enum PollOutcome: Equatable, Sendable {
    /// A document was read. `validators` are those of its response, or nil to keep the old pair because the document
    /// was partial. `counts` is nil where its bytes are those of the document read last. `permanentTarget` is the URL
    /// to which an unbroken chain of 301 and 308 led from the one that was asked for; nil without one, and where
    /// a temporary redirect stood in it.
    case read(
        status: Int, validators: Validators?, hints: PollHints, counts: DocumentCounts? = nil,
        permanentTarget: String? = nil)
    /// 304: what was read last still stands.
    case notModified(hints: PollHints, permanentTarget: String? = nil)
    /// An answer that is no document: 4xx, 5xx, a 3xx that leads nowhere. `retryAfter` is the field as it was sent.
    case rejected(status: Int, retryAfter: String?, failure: String? = nil)
    /// An answer whose body is no feed.
    case unreadable(status: Int, failure: String? = nil)
    /// No answer. `isTransient`: the same request may succeed later although nothing changes here.
    case failed(isTransient: Bool, failure: String? = nil)
    /// The poll was given up from this side, and says nothing about the feed.
    case abandoned
}

/// What a document held, beside what the source had shown before. Articles are counted, not keys: one that came back
/// under another id is not fresh, or a feed that makes up new ids would look like the busiest of all.
package struct DocumentCounts: Equatable, Sendable {
    package var items: Int
    /// Items that the source had not shown before.
    package var fresh: Int
    /// Items that it had shown with another content.
    package var edited: Int

    package init(items: Int, fresh: Int, edited: Int = 0) {
        self.items = items
        self.fresh = fresh
        self.edited = edited
    }
}

/// What an answer says about when to ask again: header fields as they were sent, and what stands in the document.
package struct PollHints: Equatable, Sendable {
    package var cacheControl: String?
    package var expires: String?
    package var date: String?
    /// Nil where no new document was read: what the last one said still stands.
    package var feed: FeedHints?

    package init(
        cacheControl: String? = nil, expires: String? = nil, date: String? = nil, feed: FeedHints? = nil
    ) {
        self.cacheControl = cacheControl
        self.expires = expires
        self.date = date
        self.feed = feed
    }
}

/// What a feed itself says about when to ask. It is remembered, so that a 304 is followed by the same pause.
package struct FeedHints: Equatable, Sendable {
    /// The longer of `ttl` (RSS 2.0) and `sy:updatePeriod` / `sy:updateFrequency` (RSS 1.0 Syndication module).
    package var timeToLiveSeconds: Int?
    /// Hours of the day and days of the week, in GMT, in which RSS asks not to be read.
    package var skips: SkipTimes?

    package init(timeToLiveSeconds: Int? = nil, skips: SkipTimes? = nil) {
        self.timeToLiveSeconds = timeToLiveSeconds
        self.skips = skips
    }
}
