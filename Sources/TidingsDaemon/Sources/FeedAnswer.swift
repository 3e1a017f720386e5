import TidingsCore
import TidingsFetch
import TidingsFormats
import TidingsStore

/// The answer to a poll, and what it means: a document, nothing new, or a failure that has a name.
struct FeedAnswer: Sendable {
    enum Meaning {
        case failure(PollFailure)
        /// Nothing has to be read.
        case nothingNew(PollOutcome, detail: String?, every: Int64)
        case document(Capture)
    }

    let poll: FeedPoll
    private let response: FetchResponse
    /// Why the poll fails if the document has no end; nil for an answer that ended well.
    let broken: PollFailure?

    init(_ response: FetchResponse, to poll: FeedPoll, broken: PollFailure? = nil) {
        self.response = response
        self.poll = poll
        self.broken = broken
    }

    private var settings: FeedSettings { poll.feed.settings }

    var meaning: Meaning {
        if let failure {
            return .failure(
                PollFailure(
                    outcome: response.outcome(failure),
                    message: "\(settings.url): \(failure.message(status: response.status)); \(failure.nextStep)"))
        }
        let notModified = PollOutcome.notModified(hints: response.pollHints, permanentTarget: response.permanentTarget)
        if let owner {
            // Two sources that show one document would announce everything twice. It is only looked whether that lasts.
            let detail = "moved for good to the address of '\(owner)', which reads it; take one of the two out"
            return .nothingNew(notModified, detail: detail, every: dayMilliseconds)
        }
        if response.status == 304 { return .nothingNew(notModified, detail: remark, every: 0) }
        return .document(
            Capture(
                source: poll.feed.id, kind: .feed, locator: settings.url, bytes: response.body,
                hints: DocumentHints(contentType: response.contentType, baseURL: response.finalURL, expectsFeed: true),
                response: ResponseFacts(
                    status: response.status, finalURL: response.finalURL, etag: response.etag,
                    lastModified: response.lastModified),
                // The ledger takes equal bytes of a whole answer for another proof of what they lack.
                readsEverything: poll.wish.readsEverything || broken != nil))
    }

    /// Why there is no document in the answer; nil if there may be one, or none is needed.
    private var failure: FeedFailure? {
        if response.status == 304, poll.request.isUnconditional { return .unaskedNotModified }
        return response.failure
    }

    /// The outcome of a poll whose document was read.
    /// - Parameter document: nil where the ledger has its bytes already.
    func outcome(_ document: ParsedDocument?, counts: DocumentCounts? = nil) -> PollOutcome {
        var hints = response.pollHints
        if let document { hints.feed = document.feedHints }
        return .read(
            status: response.status, validators: document?.isPartial == true ? nil : response.validators, hints: hints,
            counts: counts, permanentTarget: response.permanentTarget)
    }

    /// Who tells of the feed's news; nil if nobody does.
    func hubLinks(_ document: ParsedDocument) -> HubLinks? {
        HubLinks(
            header: (response.links("hub"), response.links("self").first), document: (document.hubs.map(absolute), document.feedURL.map(absolute)),
            asked: response.permanentTarget ?? poll.request.url ?? settings.url)
    }

    private func absolute(_ reference: String) -> String { URI.resolve(reference, against: response.finalURL) }

    /// Why the body is no document.
    func failure(_ failure: FeedFailure, _ reason: String) -> PollFailure {
        PollFailure(
            outcome: .unreadable(status: response.status, failure: failure.rawValue), message: "\(settings.url): \(reason)")
    }

    /// The other configured feed that this one has moved to.
    private var owner: String? {
        guard response.permanentTarget != nil || poll.request.url != nil else { return nil }
        return poll.feed.context.registry.name(at: response.finalURL).flatMap { $0 == poll.feed.name ? nil : $0 }
    }

    /// What to tell of an answer that is of use all the same.
    var remark: String? {
        let coding = response.oddCoding.map { "the answer says 'Content-Encoding: \($0)', which it is not; it was read as it is" }
        return [moved, coding].joined
    }

    /// What to tell of a permanent redirect.
    private var moved: String? {
        (response.permanentTarget ?? poll.state.redirects.movedTo).map { "moved for good to \($0); write this address" }
    }
}

extension [String?] {
    /// What there is, as one message; nil if there is nothing.
    var joined: String? {
        let all = compactMap(\.self)
        return all.isEmpty ? nil : all.joined(separator: "; ")
    }
}

extension ParsedDocument {
    fileprivate var feedHints: FeedHints {
        // RSS names the days, from Sunday; ISO 8601 numbers them, from Monday.
        let skips = SkipTimes(hours: Array(skipHours), days: skipDays.map { $0 == 0 ? 7 : $0 })
        return FeedHints(
            timeToLiveSeconds: timeToLiveSeconds, skips: skipHours.isEmpty && skipDays.isEmpty ? nil : skips)
    }
}

extension FetchResponse {
    /// Why an answer of this status has no document in it.
    fileprivate var failure: FeedFailure? {
        guard let failure = FeedFailure.forStatus(status) else { return nil }
        return isChallenge ? .challengePage : failure
    }

    fileprivate func outcome(_ failure: FeedFailure) -> PollOutcome {
        (200..<300).contains(status)
            ? .unreadable(status: status, failure: failure.rawValue)
            : .rejected(status: status, retryAfter: retryAfter, failure: failure.rawValue)
    }

    /// Whether the page wants to see a browser first: such pages come with 403, 429 or 503.
    var isChallenge: Bool {
        headers["cf-mitigated"] == "challenge" || PageKind(ofPage: body) == .challenge
    }

    /// Where an unbroken chain of permanent redirects led (RFC 9110 §15.4.2, §15.4.9).
    var permanentTarget: String? {
        // A redirect that only sets a cookie leads back to where it came from.
        guard let first = hops.first, finalURL != first.from else { return nil }
        return hops.allSatisfy(\.isPermanent) ? finalURL : nil
    }
}
