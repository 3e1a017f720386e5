/// Whether to send a feed's validators.
///
/// A server that keeps an ETag while the document changes answers 304 to a request with that ETag, and so hides edits,
/// possibly for ever. Only a request without validators reveals this. So each feed is asked without them once in 8 to
/// 16 hours, and a feed that was caught twice is asked without them for a month: fetching its whole document each time
/// is the price of seeing every edit.
package struct ValidatorTrust: Equatable, Sendable {
    static let unconditionalAfterMilliseconds = 8 * hourMilliseconds
    static let liesBeforeDistrust = 2
    static let distrustMilliseconds = 30 * dayMilliseconds

    /// When validators are left out next; nil until a document was read without them.
    package var nextUnconditional: Int64?
    /// How often an unconditional answer brought other content with the old validators.
    package var validatorLies = 0
    /// Until when no validators are sent. The lies are forgotten then.
    package var distrustedUntil: Int64?

    package init() {}

    /// Whether a poll at `now` sends validators. A time further in the future than this code sets was written by
    /// another clock and does not count.
    func allowsValidators(now: Int64) -> Bool {
        if isDistrusted(now: now) { return false }
        guard let nextUnconditional else { return true }
        return nextUnconditional > now && nextUnconditional <= now + 2 * Self.unconditionalAfterMilliseconds
    }

    /// Learns from a document that answered a request without validators.
    /// - Parameters:
    ///   - old: the pair kept from the document before.
    ///   - new: this document's; nil if it was partial.
    mutating func learn(
        old: Validators, new: Validators?, counts: DocumentCounts?, now: Int64, jitter: Double
    ) {
        nextUnconditional = now + PollPlan.delayed(Self.unconditionalAfterMilliseconds, by: jitter)
        if isDistrusted(now: now) { return }
        if distrustedUntil != nil { self = ValidatorTrust(nextUnconditional: nextUnconditional) }
        guard let new, let counts, counts.fresh + counts.edited > 0, old.wouldHide(new) else { return }
        validatorLies += 1
        if validatorLies >= Self.liesBeforeDistrust { distrustedUntil = now + Self.distrustMilliseconds }
    }

    private init(nextUnconditional: Int64?) { self.nextUnconditional = nextUnconditional }

    private func isDistrusted(now: Int64) -> Bool {
        guard let distrustedUntil else { return false }
        return distrustedUntil > now && distrustedUntil <= now + Self.distrustMilliseconds
    }
}

extension Validators {
    /// Whether a server that has the pair `new` answers 304 to a request with this one: the date counts only without an
    /// ETag (RFC 9110 §13.1.3).
    fileprivate func wouldHide(_ new: Validators) -> Bool {
        etag != nil ? etag == new.etag : lastModified != nil && lastModified == new.lastModified
    }
}
