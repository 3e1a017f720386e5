/// Why a poll of a feed brought no document. The raw value is the name in `status --json` and in the change stream.
/// Names may be added; none is renamed.
package enum FeedFailure: String, Codable, CaseIterable, Sendable {
    // There was no answer, or none that may be used.
    case badURL = "bad_url"
    case badHeader = "bad_header"
    /// The file that `headers_file` names cannot be used.
    case headersFile = "headers_file"
    case dns
    case unreachable
    case proxy
    case timeout
    /// Requests are made by workers (`fetch.command`), and none has taken this one.
    case noWorker = "no_worker"
    case tls
    /// Neither http nor https.
    case forbiddenScheme = "forbidden_scheme"
    /// An address that this feed may not connect to.
    case forbiddenAddress = "forbidden_address"
    /// A redirect from https to http.
    case downgrade
    case redirectLoop = "redirect_loop"
    case tooLarge = "too_large"
    case headerTooLarge = "header_too_large"
    /// The answer was cut off.
    case truncated
    /// The answer is not in the content coding that it says.
    case contentCoding = "content_coding"
    /// The answer is not HTTP.
    case `protocol`

    // The answer's status says that there is no document in it.
    case unauthorized
    case notFound = "not_found"
    case gone
    /// The server says "later". That is no defect of the feed.
    case throttled
    /// "Not modified", in answer to a request that did not ask for that.
    case unaskedNotModified = "unasked_not_modified"
    case serverError = "server_error"
    case httpStatus = "http_status"

    // The answer's body is not a feed.
    case empty
    /// A page that first checks for a browser.
    case challengePage = "challenge_page"
    case loginPage = "login_page"
    case html
    /// A document of another kind.
    case notAFeed = "not_a_feed"
    case malformed
    /// A feed whose one item says that the service that makes the feed has failed.
    case bridgeError = "bridge_error"
    /// Reading these bytes has ended the daemon more than once.
    case quarantined

    /// Whether this machine lacks something that a person has to give it. Nothing was asked then.
    package var isOfOurOwn: Bool { self == .headersFile || self == .badHeader }

    /// The failure that a final answer of `status` means; nil if it may contain a document, or if none is needed (304).
    package static func forStatus(_ status: Int) -> FeedFailure? {
        switch status {
        case 304: nil
        case 204, 205: .empty
        // A partial answer that nobody asked for would look as if the rest were gone (RFC 9110 §15.3.7).
        case 206: .httpStatus
        case 200..<300: nil
        case 401, 403: .unauthorized
        // Proxy Authentication Required.
        case 407: .proxy
        case 404: .notFound
        case 410: .gone
        case 429, 503: .throttled
        case 500..<600: .serverError
        default: .httpStatus
        }
    }
}
