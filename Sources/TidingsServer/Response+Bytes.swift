import HTTPTypes
import Hummingbird

extension Response {
    /// An answer that is there as a whole.
    init(_ status: HTTPResponse.Status = .ok, type: String, headers: HTTPFields = [:], bytes: [UInt8]) {
        var fields = headers
        fields[.contentType] = type
        self.init(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func json(_ bytes: [UInt8], headers: HTTPFields = [:]) -> Response {
        Response(type: "application/json", headers: headers, bytes: bytes + [UInt8(ascii: "\n")])
    }

    init(_ problem: Problem) {
        self.init(problem.status, type: "application/problem+json", headers: problem.headers, bytes: problem.json)
    }
}

/// A validator of what a client may have already (RFC 9110 §8.8.3, §13.1.2).
struct EntityTag: Equatable, Sendable {
    /// With its quotes; `W/` in front of a weak one.
    let text: String

    init(_ opaque: String, isWeak: Bool = false) { text = (isWeak ? "W/" : "") + "\"\(opaque)\"" }

    /// Whether `request` has what has this tag. If-None-Match compares weakly.
    func isKnown(to request: Request) -> Bool {
        request.headers[values: .ifNoneMatch].contains { field in
            field.split(separator: ",").contains { given in
                let given = given.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
                return given == "*" || Self.opaque(given) == Self.opaque(text[...])
            }
        }
    }

    private static func opaque(_ tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }

    /// The answer with this tag: 304 if the client has it, else what `make` makes.
    func answer(_ request: Request, _ make: () async throws -> Response) async throws -> Response {
        var fields: HTTPFields = [.eTag: text, .cacheControl: "no-cache"]
        if isKnown(to: request) { return Response(status: .notModified, headers: fields) }
        var response = try await make()
        fields.append(contentsOf: response.headers)
        response.headers = fields
        return response
    }
}
