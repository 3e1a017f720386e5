import CZstd
import TidingsCore

/// The body of a page as the ledger keeps it: one zstd frame (RFC 8878), and what the body was read with. The same bytes with the same
/// values give the same text, as long as the text rules are the same.
///
/// Of 1,121 pages, 192 kB each, level 3 makes a sixth at 420 MB/s; level 9 saves a tenth of that more at a quarter of the speed. A page
/// of the same host as a dictionary saves a fifth, which is not worth a dictionary to keep for as long as any frame needs it.
package struct PageBody: Equatable, Sendable {
    /// No setting allows a larger body.
    package static let limitBytes = 1 << 30
    private static let level: Int32 = 3

    /// Hash of the body, and how many bytes it has.
    package let rawHash: ContentHash
    package let count: Int
    /// The response's Content-Type field and final address.
    package let contentType: String?
    package let baseURL: String?
    /// The title of the page's item in its feed.
    package let feedTitle: String?
    /// Where the page's headline was found, by name.
    package let headline: String?
    let frame: [UInt8]

    /// Compresses `bytes`; nil if there is no memory for that.
    /// - Parameter rawHash: the hash of `bytes`.
    package init?(
        _ bytes: [UInt8], rawHash: ContentHash, contentType: String? = nil, baseURL: String? = nil, feedTitle: String? = nil,
        headline: String? = nil
    ) {
        guard let frame = Self.compress(bytes) else { return nil }
        self.init(
            frame: frame, count: bytes.count, rawHash: rawHash, contentType: contentType, baseURL: baseURL, feedTitle: feedTitle,
            headline: headline)
    }

    init(
        frame: [UInt8], count: Int, rawHash: ContentHash, contentType: String?, baseURL: String?, feedTitle: String?,
        headline: String?
    ) {
        self.frame = frame
        self.count = count
        self.rawHash = rawHash
        self.contentType = contentType
        self.baseURL = baseURL
        self.feedTitle = feedTitle
        self.headline = headline
    }

    /// The body.
    /// - Throws: if it has more than `limitBytes`, or is not the body that was stored. No more memory than that was taken then.
    package func bytes(limitBytes: Int) throws(PageBodyError) -> [UInt8] {
        guard count <= limitBytes else { throw .tooLarge(bytes: count, limitBytes: limitBytes) }
        // A damaged frame may claim any size: it gets the memory that the row claims as well.
        let claimed = unsafe frame.withUnsafeBytes { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard count >= 0, claimed == UInt64(count) else { throw .damaged }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let written = unsafe frame.withUnsafeBytes {
                unsafe ZSTD_decompress(buffer.baseAddress, buffer.count, $0.baseAddress, $0.count)
            }
            initialized = ZSTD_isError(written) == 0 ? min(written, count) : 0
        }
        guard bytes.count == count, ContentHash.of(bytes) == rawHash else { throw .damaged }
        return bytes
    }

    private static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        // "Compression runs faster if `dstCapacity` >= `ZSTD_compressBound(srcSize)`", and cannot fail for lack of it (zstd.h).
        let bound = ZSTD_compressBound(bytes.count)
        guard ZSTD_isError(bound) == 0 else { return nil }
        let frame = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
            let written = unsafe bytes.withUnsafeBytes {
                unsafe ZSTD_compress(buffer.baseAddress, buffer.count, $0.baseAddress, $0.count, level)
            }
            initialized = ZSTD_isError(written) == 0 ? min(written, bound) : 0
        }
        return frame.isEmpty ? nil : frame
    }
}

/// Why a stored body cannot be read.
package enum PageBodyError: Error, Equatable, Sendable {
    case tooLarge(bytes: Int, limitBytes: Int)
    case damaged
}

extension PageBodyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let bytes, let limit): "it has \(bytes) bytes, and \(limit) are allowed"
        case .damaged: "it is not the body that was stored; stop the daemon and run `tidings verify --repair`"
        }
    }
}

/// What today's text rules make of the stored body of a page that older rules have read.
package struct PageReread: Sendable {
    /// Hash of the body.
    package let rawHash: ContentHash
    package let seen: SeenItem
    /// What was decided about its blocks.
    package let blocks: [UInt8]?

    package init(rawHash: ContentHash, seen: SeenItem, blocks: [UInt8]?) {
        self.rawHash = rawHash
        self.seen = seen
        self.blocks = blocks
    }
}
