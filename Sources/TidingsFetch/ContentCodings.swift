/// The content codings that a response names (RFC 9110 §8.4), in the order in which they were applied to the body.
struct ContentCodings: Equatable {
    /// Those of the registry, which the body should be in. libcurl may not have the decoder of each.
    private(set) var known: [String] = []
    /// Names of nothing, which object stores and badly set up servers write: `aws-chunked`, a charset, a media type. The body is
    /// as it would be without them.
    private(set) var odd: [String] = []

    init(_ headers: HeaderFields) {
        for name in headers.all("Content-Encoding").flatMap({ $0.split(separator: ",") }) {
            let name = name.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
            switch name.lowercased() {
            case "", "identity", "none": break
            case let coding where Self.registered.contains(coding): known.append(coding)
            default: odd.append(name)
            }
        }
    }

    /// The codings of IANA's registry that a server may use without being asked to.
    private static let registered: Set<String> = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"]
}

/// Whether `body` is gzip (RFC 1952 §2.3.1), whatever the header says of it. No document begins like this.
func isGzip(_ body: [UInt8]) -> Bool { body.starts(with: [0x1F, 0x8B, 8]) }

/// Whether `body` begins as documents in XML or JSON do, and so is in no coding.
func beginsAsDocument(_ body: [UInt8]) -> Bool {
    // The byte order mark of UTF-8, or of UTF-16.
    if body.starts(with: [0xFF, 0xFE]) || body.starts(with: [0xFE, 0xFF]) { return true }
    let text = body.starts(with: [0xEF, 0xBB, 0xBF]) ? body.dropFirst(3) : body[...]
    guard let first = text.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return false }
    return [UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "[")].contains(first)
}
