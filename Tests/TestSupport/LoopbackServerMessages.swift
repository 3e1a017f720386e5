/// A request as the server saw it.
package struct LoopbackRequest: Equatable, Sendable {
    package let method: String
    /// With the query.
    package let path: String
    /// In the order and the spelling they came in.
    package let headers: [Header]
    /// Of a request with a Content-Length.
    package var body: [UInt8] = []

    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    /// The value of the first field of that name, whatever its case.
    package subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// An answer, and how it is brought.
package struct LoopbackReply: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var delivery: Delivery

    package enum Delivery: Sendable {
        /// With its Content-Length.
        case whole
        /// In chunks of that size.
        case chunked(bytes: Int)
        /// With its Content-Length, `bytes` at a time and a pause after each piece.
        case slow(bytes: Int, pauseMilliseconds: Int)
        /// With the Content-Length of all, but the connection ends after `bytes` of it.
        case cutAfter(bytes: Int)
        /// In chunks, but the connection ends in place of the last one.
        case chunkedAndCut(bytes: Int)
        /// The body over and over, without Content-Length, until the client leaves.
        case endlessBody
        /// One field line after another until the client leaves.
        case endlessHeaders
        /// The same with a pause after each.
        case slowHeaders(pauseMilliseconds: Int)
        /// One field that does not end until the client leaves.
        case endlessHeaderLine
        /// The request is read, and nothing comes.
        case silence
        /// The request is read, and the connection ends.
        case hangUp
        /// The body is all that is sent: no status line, no header.
        case raw
    }

    package init(
        status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        delivery: Delivery = .whole
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.delivery = delivery
    }

    package static func text(_ text: String, type: String = "text/plain", delivery: Delivery = .whole) -> LoopbackReply {
        LoopbackReply(headers: [("Content-Type", type)], body: Array(text.utf8), delivery: delivery)
    }

    package static func status(_ status: Int, headers: [(name: String, value: String)] = []) -> LoopbackReply {
        LoopbackReply(status: status, headers: headers)
    }

    package static func redirect(to location: String, status: Int = 302) -> LoopbackReply {
        LoopbackReply(status: status, headers: [("Location", location)])
    }

    /// 304 if the request's If-None-Match is `etag`, else the body with that ETag.
    package static func conditional(
        _ request: LoopbackRequest, etag: String, lastModified: String? = nil, type: String = "application/rss+xml",
        body: [UInt8]
    ) -> LoopbackReply {
        var headers = [(name: "ETag", value: etag)]
        if let lastModified { headers.append(("Last-Modified", lastModified)) }
        if request["If-None-Match"] == etag { return LoopbackReply(status: 304, headers: headers) }
        headers.append(("Content-Type", type))
        return LoopbackReply(headers: headers, body: body)
    }

    package static let silence = LoopbackReply(delivery: .silence)
    package static let hangUp = LoopbackReply(delivery: .hangUp)
}
