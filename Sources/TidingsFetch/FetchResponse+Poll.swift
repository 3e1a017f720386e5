import TidingsCore

// What the poll plan is told of an answer.

extension FetchResponse {
    /// The pair to keep when the document was read whole.
    package var validators: Validators { Validators(etag: etag, lastModified: lastModified) }

    /// What the header says about when to ask again; the feed's own `ttl` is the reader's to add.
    package var pollHints: PollHints { PollHints(cacheControl: cacheControl, expires: expires, date: date) }
}
