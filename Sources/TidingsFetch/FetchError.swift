import TidingsCore

/// Why one fetch has no answer. An answer of any status is none of these.
package struct FetchError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case badURL
        case badHeader(name: String)
        /// Neither http nor https.
        case forbiddenScheme
        /// The same of a redirect.
        case redirectedAway(to: String)
        /// A redirect from https to http.
        case downgrade
        /// The host's address is none that this source may connect to.
        case forbiddenAddress(String)
        case tooManyRedirects(limit: Int)
        case dns
        /// Refused, no route, or no network.
        case unreachable
        case timedOut(afterSeconds: Int)
        /// The secure connection broke off before it stood.
        case tlsHandshake
        /// The host's certificate is not for this host, or of nobody whom we trust.
        case certificate
        /// The host's certificate is no longer valid, or not yet, by this machine's clock.
        case certificateDate
        /// `FetchRequest.caFile` cannot be read.
        case caFile
        case bodyTooLarge(limitBytes: Int)
        case headersTooLarge(limitBytes: Int)
        /// The answer ended before its end.
        case truncated
        /// The connection ended before the answer, or what came is no HTTP.
        case protocolError
        case cancelled
    }
    /// Where the failure is: the last hop's URL, without user and password.
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
        case .dns, .unreachable, .timedOut, .tlsHandshake, .truncated, .protocolError, .cancelled: true
        case .badURL, .badHeader, .forbiddenScheme, .redirectedAway, .downgrade, .forbiddenAddress, .tooManyRedirects,
            .certificate, .certificateDate, .caFile, .bodyTooLarge, .headersTooLarge:
            false
        }
    }

    /// The name for programs; nil if the fetch was given up from this side.
    package var failure: FeedFailure? {
        switch reason {
        case .badURL: .badURL
        case .badHeader: .badHeader
        case .forbiddenScheme, .redirectedAway: .forbiddenScheme
        case .downgrade: .downgrade
        case .forbiddenAddress: .forbiddenAddress
        case .tooManyRedirects: .redirectLoop
        case .dns: .dns
        case .unreachable: .unreachable
        case .timedOut: .timeout
        case .tlsHandshake, .certificate, .certificateDate, .caFile: .tls
        case .bodyTooLarge: .tooLarge
        case .headersTooLarge: .headerTooLarge
        case .truncated: .truncated
        case .protocolError: .protocol
        case .cancelled: nil
        }
    }

    /// For people: what went wrong on which URL, and the next step.
    package var message: String { "\(url): \(problem); \(nextStep)" }

    private var problem: String {
        switch reason {
        case .badURL: "not a URL"
        case .badHeader(let name): "the header field '\(name)' cannot be sent"
        case .forbiddenScheme: "neither http nor https"
        case .redirectedAway(let target): "redirected to \(target), which is neither http nor https"
        case .downgrade: "redirected from https to http"
        case .forbiddenAddress(let address): "leads to the private or reserved address \(address)"
        case .tooManyRedirects(let limit): "redirected more than \(limit) times"
        case .dns: "the host's name has no address"
        case .unreachable: "no connection to the host"
        case .timedOut(let seconds): "no complete answer after \(seconds) s"
        case .tlsHandshake: "no secure connection (\(detail))"
        case .certificate: "the host's certificate is not trusted (\(detail))"
        case .certificateDate: "the host's certificate is not valid today (\(detail))"
        case .caFile: "the file of trusted certificates cannot be used (\(detail))"
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
        case .redirectedAway: "open the address in a browser and look for that of the feed"
        case .downgrade, .tooManyRedirects: "open the address in a browser and write the one it ends at"
        case .forbiddenAddress: "if the host is yours, set 'private_network: true' for this feed"
        case .dns: "check the host's name; it is tried again later"
        case .unreachable, .timedOut, .tlsHandshake, .truncated, .protocolError: "it is tried again later"
        case .certificate: "check the address; if the host has a private authority, name its file in 'ca_file'"
        case .certificateDate: "check this machine's clock; if it is right, the host must renew its certificate"
        case .caFile: "write the path of a PEM file"
        case .bodyTooLarge: "check that it is a feed, or raise 'max_body'"
        case .headersTooLarge: "check that it is a feed"
        case .cancelled: "it is tried again at the next poll"
        }
    }
}
