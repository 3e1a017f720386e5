/// A complete answer: a body that broke off is a `FetchError`.
///
/// One gap is left to the reader of the document: a gzip body that ends early inside a complete message (a server
/// that died while it wrote its cache) is whole to libcurl, as of 7.88, which does not ask zlib whether the stream
/// had its end.
package struct FetchResponse: Equatable, Sendable {
    /// The final answer's; any but a redirect that was followed.
    package let status: Int
    /// Decoded: no content or transfer coding is left.
    package let body: [UInt8]
    /// Where the answer came from, after all redirects; without user and password.
    package let finalURL: String
    /// The redirects on the way, in order.
    package let hops: [Hop]
    package let headers: HeaderFields
    package let httpVersion: HTTPVersion

    package enum HTTPVersion: Sendable { case http1_0, http1_1, http2 }

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

    /// A validator that was not UTF-8, or may not be sent, cannot go back byte for byte, and is as good as none.
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

    /// Whether the server says that the address has changed for good (RFC 9110 §15.4.2, §15.4.9).
    package var isPermanent: Bool { status == 301 || status == 308 }
}
