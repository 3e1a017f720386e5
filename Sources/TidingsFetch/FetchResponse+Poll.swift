import TidingsCore

// What the poll plan needs to know about a response.

extension FetchResponse {
    /// The pair to store if the document was read to its end.
    package var validators: Validators { Validators(etag: etag, lastModified: lastModified) }

    /// What the header says about the time of the next poll. The caller adds the feed's own `ttl`.
    package var pollHints: PollHints { PollHints(cacheControl: cacheControl, expires: expires, date: date) }
}
