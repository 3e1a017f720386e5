/// A complete response; but that of a `FetchError` is what came before the answer broke off.
///
/// With one exception, which the parser of the document must detect: a gzip stream that ends early in a complete message,
/// for example from a server that died while it wrote its cache. libcurl, as of 7.88, accepts it, because it does not ask
/// zlib whether the stream has ended.
package struct FetchResponse: Equatable, Sendable {
    /// The status of the final response: any but that of a followed redirect.
    package let status: Int
    /// The body without content and transfer codings.
    package let body: [UInt8]
    /// The URL of the final response, after all redirects; without user and password.
    package let finalURL: String
    /// The followed redirects, in order.
    package let hops: [Hop]
    package let headers: HeaderFields
    package let httpVersion: HTTPVersion
    /// A content coding that the header names, and that the body is not in; nil if there is none.
    package let oddCoding: String?

    package enum HTTPVersion: String, Sendable {
        case http1_0 = "1.0"
        case http1_1 = "1.1"
        case http2 = "2"
    }

    package var etag: String? { verbatim(headers["ETag"]) }
    package var lastModified: String? { verbatim(headers["Last-Modified"]) }
    package var contentType: String? { headers["Content-Type"] }
    package var retryAfter: String? { headers["Retry-After"] }
    package var cacheControl: String? {
        let lines = headers.all("Cache-Control")
        return lines.isEmpty ? nil : lines.joined(separator: ", ")  // RFC 9110 §5.3
    }
    package var expires: String? { headers["Expires"] }
    package var date: String? { headers["Date"] }

    /// Nil for a validator that is not UTF-8 or may not be sent, because it could not be sent back byte for byte.
    private func verbatim(_ value: String?) -> String? {
        guard let value, !value.unicodeScalars.contains("\u{FFFD}"), isFieldValue(value) else { return nil }
        return value
    }
}

/// One redirect that was followed.
package struct Hop: Equatable, Sendable {
    /// 301, 302, 303, 307 or 308.
    package let status: Int
    package let from: String
    package let to: String

    package init(status: Int, from: String, to: String) {
        self.status = status
        self.from = from
        self.to = to
    }

    /// Whether the server says that the address has changed permanently (RFC 9110 §15.4.2, §15.4.9).
    package var isPermanent: Bool { status == 301 || status == 308 }
}
