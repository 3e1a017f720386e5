import TidingsCore
import TidingsFetch
import TidingsFormats
import TidingsStore

/// The answer to a look at a page, and what it means: a document that may be the article, nothing new, or a failure that has a name.
struct PageAnswer: Sendable {
    enum Meaning {
        case ended(PageOutcome)
        case document
    }

    let response: FetchResponse
    let request: PageRequest

    init(_ response: FetchResponse, to request: PageRequest) {
        self.response = response
        self.request = request
    }

    var meaning: Meaning {
        let status = response.status
        if status == 304 {
            guard request.validators.isEmpty else { return .ended(notModified) }
            return .ended(.rejected(status: status, retryAfter: nil, failure: FeedFailure.unaskedNotModified.rawValue))
        }
        if status == 404 || status == 410 { return .ended(.absent(status: status)) }
        if let failure = FeedFailure.forStatus(status) {
            let name = response.isChallenge ? PageDoubt.challenge.rawValue : failure.rawValue
            return .ended(.rejected(status: status, retryAfter: response.retryAfter, failure: name))
        }
        return .document
    }

    /// The page is as it was.
    var notModified: PageOutcome {
        .notModified(status: response.status, hints: response.pollHints, permanentTarget: response.permanentTarget)
    }

    /// Where the redirects led, as seen from what was asked.
    var target: RedirectTarget { RedirectTarget(from: request.url, to: response.finalURL) }

    var facts: ResponseFacts {
        ResponseFacts(
            status: response.status, finalURL: response.finalURL, etag: response.etag, lastModified: response.lastModified)
    }
}
