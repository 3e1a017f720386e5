/// What one poll asks for.
package struct PollRequest: Equatable, Sendable {
    /// Where the feed has moved permanently; nil: the address in the settings.
    package var url: String?
    /// Both are sent as they are (RFC 9110 §13.1). Empty: the document is wanted whatever was read before.
    package var validators: Validators

    package init(url: String? = nil, validators: Validators = Validators()) {
        self.url = url
        self.validators = validators
    }

    package var isUnconditional: Bool { validators.isEmpty }
}

/// The two validators of one response, kept and sent back together, each verbatim with its quotes and `W/`.
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
    /// was partial. `counts` is nil if its bytes are those of the document read last. `permanentTarget` is the URL that
    /// an unbroken chain of 301 and 308 led to from the requested one; nil if there was no redirect, or a temporary one
    /// was in the chain.
    case read(
        status: Int, validators: Validators?, hints: PollHints, counts: DocumentCounts? = nil,
        permanentTarget: String? = nil)
    /// 304: the document that was read last is still current.
    case notModified(hints: PollHints, permanentTarget: String? = nil)
    /// An answer that is no document: 4xx, 5xx, a 3xx that leads nowhere. `retryAfter` is the field verbatim.
    case rejected(status: Int, retryAfter: String?, failure: String? = nil)
    /// An answer whose body is no feed.
    case unreadable(status: Int, failure: String? = nil)
    /// No answer. `isTransient`: the same request may succeed later although nothing changes here.
    case failed(isTransient: Bool, failure: String? = nil)
    /// No answer, as it is without any network; and no feed has had an answer since the daemon started. It says nothing about the feed.
    case noNetwork(failure: String? = nil)
    /// The daemon gave the poll up, which says nothing about the feed.
    case abandoned
}

/// What a document held, compared with what the source had shown before. Articles are counted, not keys: one that came
/// back under another id is not fresh. Otherwise a feed that invents new ids would look like the busiest of all.
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

/// What an answer says about when to ask again: header fields verbatim, and the hints in the document.
package struct PollHints: Equatable, Sendable {
    package var cacheControl: String?
    package var expires: String?
    package var date: String?
    /// Nil if no new document was read: the hints of the last one still apply.
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

/// What a feed itself says about when to ask. It is stored, so that a 304 is followed by the same pause.
package struct FeedHints: Equatable, Sendable {
    /// The longer of `ttl` (RSS 2.0) and `sy:updatePeriod` / `sy:updateFrequency` (RSS 1.0 Syndication module).
    package var timeToLiveSeconds: Int?
    /// Hours of the day and days of the week, in GMT, in which the feed asks not to be read (RSS).
    package var skips: SkipTimes?

    package init(timeToLiveSeconds: Int? = nil, skips: SkipTimes? = nil) {
        self.timeToLiveSeconds = timeToLiveSeconds
        self.skips = skips
    }
}
