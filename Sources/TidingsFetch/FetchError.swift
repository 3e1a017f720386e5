/// Why one fetch has no answer. An answer of any status is none of these.
package struct FetchError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case badURL
        case badHeader(name: String)
        /// Neither http nor https, in the request or in a redirect.
        case forbiddenScheme
        /// A redirect from https to http.
        case downgrade
        /// The name stands for an address that this source may not connect to.
        case forbiddenAddress(String)
        case tooManyRedirects(limit: Int)
        case dns
        /// Refused, no route, or no network.
        case unreachable
        case timedOut(afterSeconds: Int)
        case tls
        case bodyTooLarge(limitBytes: Int)
        case headersTooLarge(limitBytes: Int)
        /// The answer ended before its end.
        case truncated
        /// The connection ended before the answer, or what came is no HTTP.
        case protocolError
        case cancelled
    }
    /// Where the failure is: the last hop's URL.
    package let url: String
    package let reason: Reason
    /// libcurl's own words: for the log, never parsed or compared.
    package let detail: String

    init(url: String, reason: Reason, detail: String = "") {
        self.url = url
        self.reason = reason
        self.detail = detail
    }

    /// Whether the same request may succeed later although nothing changes here.
    package var isTransient: Bool {
        switch reason {
        case .dns, .unreachable, .timedOut, .truncated, .protocolError, .cancelled: true
        case .badURL, .badHeader, .forbiddenScheme, .downgrade, .forbiddenAddress, .tooManyRedirects, .tls,
            .bodyTooLarge, .headersTooLarge:
            false
        }
    }

    /// For people: what went wrong on which URL, and the next step.
    package var words: String { "\(url): \(problem); \(nextStep)" }

    private var problem: String {
        switch reason {
        case .badURL: "not a URL"
        case .badHeader(let name): "the header field '\(name)' cannot be sent"
        case .forbiddenScheme: "neither http nor https"
        case .downgrade: "redirected from https to http"
        case .forbiddenAddress(let address): "leads to the private or reserved address \(address)"
        case .tooManyRedirects(let limit): "redirected more than \(limit) times"
        case .dns: "the host's name has no address"
        case .unreachable: "no connection to the host"
        case .timedOut(let seconds): "no complete answer after \(seconds) s"
        case .tls: "no secure connection (\(detail))"
        case .bodyTooLarge(let limit): "the answer is longer than \(limit) bytes"
        case .headersTooLarge(let limit): "the answer's header is longer than \(limit) bytes"
        case .truncated: "the answer broke off"
        case .protocolError: "not an HTTP answer (\(detail))"
        case .cancelled: "the fetch was given up"
        }
    }

    private var nextStep: String {
        switch reason {
        case .badURL, .forbiddenScheme: "write a full http:// or https:// address"
        case .badHeader: "write its name and value without line breaks or other control characters"
        case .downgrade, .tooManyRedirects: "open the address in a browser and write the one it ends at"
        case .forbiddenAddress: "if the host is yours, set 'private_network: true' for this feed"
        case .dns: "check the host's name; it is tried again later"
        case .unreachable, .timedOut, .truncated, .protocolError: "it is tried again later"
        case .tls: "check the host's certificate; it is tried again later"
        case .bodyTooLarge: "check that it is a feed, or raise 'max_body'"
        case .headersTooLarge: "check that it is a feed"
        case .cancelled: "it is tried again at the next poll"
        }
    }
}
