import TidingsCore
import TidingsFormats

extension FeedFailure {
    /// The failure for a document that could not be read as a feed.
    init(_ reason: UnreadableDocument) {
        switch reason {
        case .empty: self = .empty
        case .notAFeed(.challenge): self = .challengePage
        case .notAFeed(.login): self = .loginPage
        case .notAFeed(.other): self = .html
        case .malformed, .undecodable: self = .malformed
        case .binary, .unknownKind: self = .notAFeed
        }
    }

    /// For people: what a response with `status` shows.
    func message(status: Int) -> String {
        switch self {
        case .unaskedNotModified: "HTTP status 304, 'not modified', to a request without a condition"
        case .challengePage: "a page that wants to see a browser first (HTTP status \(status))"
        default: "HTTP status \(status)"
        }
    }

    /// For people: the next step after a response that is not a feed.
    var nextStep: String {
        switch self {
        case .unauthorized, .loginPage: "if it wants credentials, give them in 'headers_file'"
        case .proxy: "give the proxy's user and password in 'proxy_credentials_file'"
        case .unaskedNotModified: "it is asked again without one; if that does not help, tell the publisher"
        case .bridgeError: "open the address in a browser to see what the service needs; it is tried again later"
        case .notFound, .gone: "check the address, or take the feed out of the settings"
        case .throttled: "it is asked again when the server allows"
        case .challengePage: "ask the publisher to let feed readers in, or try another 'user_agent'"
        case .html: "open the address in a browser and look for that of the feed"
        case .notAFeed, .malformed, .empty: "open the address in a browser to see what it shows; it is tried again later"
        default: "it is tried again later"
        }
    }
}
