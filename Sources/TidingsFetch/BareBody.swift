/// A body without content codings, whatever its header says of them.
struct BareBody {
    let bytes: [UInt8]
    /// What the header says, where the body is not so.
    let oddCoding: String?

    enum Failure: Error, Equatable {
        case tooLarge
        /// The bytes are neither in these codings nor a document without them.
        case notInCoding([String])
    }

    /// - Parameter isDecoded: whether `body` is what libcurl made of the codings that the header names. If not, it is as it came.
    init(_ body: [UInt8], headers: HeaderFields, isDecoded: Bool, limits: FetchLimits) throws(Failure) {
        let codings = ContentCodings(headers)
        var odd = codings.odd
        var bytes = body
        if !isDecoded, !codings.known.isEmpty, !body.isEmpty {
            if let decoded = try Self.decode(body, from: codings.known, limits) {
                bytes = decoded
            } else if beginsAsDocument(body) {
                odd = codings.known + odd
            } else {
                throw .notInCoding(codings.known)
            }
        }
        // A file that was packed beforehand, and is sent as it is; or one that was packed once more on the way.
        if isGzip(bytes), let decoded = try Self.decode(bytes, from: ["gzip"], limits) { bytes = decoded }
        self.bytes = bytes
        oddCoding = odd.isEmpty ? nil : odd.joined(separator: ", ")
    }

    /// Nil if they are not in these codings.
    private static func decode(_ bytes: [UInt8], from codings: [String], _ limits: FetchLimits) throws(Failure) -> [UInt8]? {
        do throws(ContentDecoder.Failure) {
            return try ContentDecoder(limits: limits).decode(bytes, from: codings)
        } catch {
            guard error == .tooLarge else { return nil }
            throw .tooLarge
        }
    }
}
