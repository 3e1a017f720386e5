import TidingsCore

/// Why one fetch has no response. A response with an error status is not a `FetchError`.
package struct FetchError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case badURL
        case badHeader(name: String)
        /// The URL is neither http nor https.
        case forbiddenScheme
        /// A redirect to a URL that is neither http nor https.
        case redirectedAway(to: String)
        /// A redirect from https to http.
        case downgrade
        /// This source may not connect to the host's address.
        case forbiddenAddress(String)
        case tooManyRedirects(limit: Int)
        /// So many redirects that led back to where they had been.
        case redirectCircle(RedirectCircle)
        case dns
        /// The connection was refused.
        case unreachable
        /// This machine knows no way to the host, or has no network.
        case noRoute
        /// The proxy cannot be reached, wants credentials, or does not connect to the host.
        case proxy
        case timedOut(afterSeconds: Int)
        /// The TLS handshake failed.
        case tlsHandshake
        /// The host's certificate is for another host, or no trusted authority has signed it.
        case certificate
        /// The host's certificate has expired or is not valid yet, by this machine's clock.
        case certificateDate
        /// `FetchRequest.caFile` cannot be read.
        case caFile
        case bodyTooLarge(limitBytes: Int)
        case headersTooLarge(limitBytes: Int)
        /// The body is incomplete.
        case truncated
        /// The body is in none of the content codings that the header names, and is no document without them.
        case badContentCoding(String)
        /// The connection ended before the response, or the response is not HTTP.
        case protocolError
        /// No worker has taken the request (`fetch.command`).
        case noWorker(afterSeconds: Int)
        case cancelled
    }

    /// What a circle of redirects is made of, as far as it matters for the next step.
    package enum RedirectCircle: Equatable, Sendable {
        case ofAddresses
        /// One address that leads to itself.
        case toItself
        /// The server sets a cookie, and does not get it back because the request forbids it.
        case withoutCookies
    }

    /// The URL of the hop that failed, without user and password.
    package let url: String
    package let reason: Reason
    /// libcurl's own message, for the log. It is never parsed or compared.
    package let detail: String
    /// What came of an answer of status 200 that did not end well; nil if nothing came of it that could be of use. It is never to
    /// be taken for the whole body: whoever reads it finds out whether its document has an end.
    package let received: FetchResponse?

    init(url: String, reason: Reason, detail: String = "", received: FetchResponse? = nil) {
        self.url = url
        self.reason = reason
        self.detail = detail
        self.received = received
    }

    /// Whether the same request may succeed later without a change on this machine.
    package var isTransient: Bool {
        switch reason {
        case .dns, .unreachable, .noRoute, .proxy, .timedOut, .tlsHandshake, .truncated, .badContentCoding, .protocolError,
            .noWorker, .cancelled: true
        case .badURL, .badHeader, .forbiddenScheme, .redirectedAway, .downgrade, .forbiddenAddress, .tooManyRedirects,
            .redirectCircle, .certificate, .certificateDate, .caFile, .bodyTooLarge, .headersTooLarge:
            false
        }
    }

    /// Whether it would fail so without any network.
    package var suggestsNoNetwork: Bool {
        switch reason {
        case .dns, .noRoute, .proxy, .noWorker: true
        default: false
        }
    }

    /// Whether a host has answered in some way, so that there is a network.
    package var provesNetwork: Bool {
        switch reason {
        case .dns, .noRoute, .proxy, .noWorker, .timedOut, .badURL, .badHeader, .forbiddenScheme, .forbiddenAddress, .caFile, .cancelled: false
        case .redirectedAway, .downgrade, .tooManyRedirects, .redirectCircle, .unreachable, .tlsHandshake, .certificate,
            .certificateDate, .bodyTooLarge, .headersTooLarge, .truncated, .badContentCoding, .protocolError:
            true
        }
    }

    /// The failure's name in `status --json` and the change stream; nil if the fetch was cancelled.
    package var failure: FeedFailure? {
        switch reason {
        case .badURL: .badURL
        case .badHeader: .badHeader
        case .forbiddenScheme, .redirectedAway: .forbiddenScheme
        case .downgrade: .downgrade
        case .forbiddenAddress: .forbiddenAddress
        case .tooManyRedirects, .redirectCircle: .redirectLoop
        case .dns: .dns
        case .unreachable, .noRoute: .unreachable
        case .proxy: .proxy
        case .timedOut: .timeout
        case .tlsHandshake, .certificate, .certificateDate, .caFile: .tls
        case .bodyTooLarge: .tooLarge
        case .headersTooLarge: .headerTooLarge
        case .truncated: .truncated
        case .badContentCoding: .contentCoding
        case .protocolError: .protocol
        case .noWorker: .noWorker
        case .cancelled: nil
        }
    }

    /// For people: the URL, the problem, and the next step.
    package var message: String { "\(url): \(problem); \(nextStep)" }

    package var problem: String {
        switch reason {
        case .badURL: "not a URL"
        case .badHeader(let name): "the header field '\(name)' cannot be sent"
        case .forbiddenScheme: "neither http nor https"
        case .redirectedAway(let target): "redirected to \(target), which is neither http nor https"
        case .downgrade: "redirected from https to http"
        case .forbiddenAddress(let address): "leads to the private or reserved address \(address)"
        case .tooManyRedirects(let limit): "redirected more than \(limit) times"
        case .redirectCircle(.toItself): "redirected to the same address again and again"
        case .redirectCircle: "redirected in a circle"
        case .dns: "the host's name has no address"
        case .unreachable: "no connection to the host"
        case .noRoute: "there is no way to the host"
        case .proxy: "no connection through the proxy (\(detail))"
        case .timedOut(let seconds): "no complete answer after \(seconds) s"
        case .tlsHandshake: "no secure connection (\(detail))"
        case .certificate: "the host's certificate is not trusted (\(detail))"
        case .certificateDate: "the host's certificate is not valid today (\(detail))"
        case .caFile: "the file of trusted certificates cannot be used (\(detail))"
        case .bodyTooLarge(let limit): "the answer is longer than \(limit) bytes"
        case .headersTooLarge(let limit): "the answer's header is longer than \(limit) bytes"
        case .truncated: "the answer broke off"
        case .badContentCoding(let codings): "the answer says 'Content-Encoding: \(codings)', which it is not"
        case .protocolError: "not an HTTP answer (\(detail))"
        case .noWorker(let seconds): "no worker has taken the request for \(seconds) s"
        case .cancelled: "the fetch was given up"
        }
    }

    private var nextStep: String {
        switch reason {
        case .badURL, .forbiddenScheme: "write a full http:// or https:// address"
        case .badHeader: "write its name and value without line breaks or other control characters"
        case .redirectedAway: "open the address in a browser and look for that of the feed"
        case .downgrade, .tooManyRedirects: "open the address in a browser and write the one it ends at"
        case .redirectCircle(.ofAddresses):
            "open the address in a browser and write the one it ends at; if it ends at the same, \(Self.asBrowsersAre)"
        case .redirectCircle(.toItself): Self.asBrowsersAre
        case .redirectCircle(.withoutCookies): "the server sets a cookie and waits for it: write 'cookies: chain' for this feed"
        case .forbiddenAddress: "if the host is yours, set 'private_network: true' for this feed"
        case .dns: "check the host's name; it is tried again later"
        case .noRoute: "check the network; it is tried again later"
        case .proxy: "check 'proxy' and 'proxy_credentials_file'; it is tried again later"
        case .unreachable, .timedOut, .tlsHandshake, .truncated, .badContentCoding, .protocolError:
            "it is tried again later"
        case .certificate: "check the address; if the host has a private authority, name its file in 'ca_file'"
        case .certificateDate: "check this machine's clock; if it is right, the host must renew its certificate"
        case .caFile: "write the path of a PEM file"
        case .bodyTooLarge: "check that it is a feed, or raise 'max_body'"
        case .headersTooLarge: "check that it is a feed"
        case .noWorker: "check that workers run and reach the broker, and the log for `fetch.command`; it is tried again later"
        case .cancelled: "it is tried again at the next poll"
        }
    }

    private static let asBrowsersAre =
        "the server wants something that browsers send: try another 'user_agent', or a 'Cookie' line in 'headers_file'"
}
