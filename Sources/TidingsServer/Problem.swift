import HTTPTypes
import TidingsCore

/// Why a request gets no answer, as a problem document (RFC 9457). Thrown by routes.
package struct Problem: Error, Equatable, Sendable {
    /// What the change stream has, where a request asks for something else.
    struct Extent: Equatable, Sendable {
        let stream: String
        let oldest: Int64
        let newest: Int64
    }

    let status: HTTPResponse.Status
    /// What happened, and the next step, for people.
    let detail: String
    let extent: Extent?
    /// Header fields that go with it.
    let headers: HTTPFields

    package init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.init(status, detail, extent: nil, headers: headers)
    }

    init(_ status: HTTPResponse.Status, _ detail: String, extent: Extent?, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.extent = extent
        self.headers = headers
    }

    /// `{"title":"Gone","status":410,"detail":"…"}`. Without a `type`, which then is `about:blank` (RFC 9457 §4.2.1).
    var json: [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.field("title", status.reasonPhrase)
            json.field("status", status.code)
            json.field("detail", detail)
            if let extent {
                json.field("stream", "urn:uuid:\(extent.stream)")
                json.field("oldest", extent.oldest)
                json.field("newest", extent.newest)
                json.field("snapshot", "/v1/snapshot")
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}
