import TidingsCore
import TidingsStore

/// Identifies a document with its present bytes.
package struct DocumentName: Hashable, Sendable {
    let source: SourceID
    let rawHash: ContentHash
    /// The locator, cut to fit a record. Two documents of a source with the same bytes and the same cut locator count as one.
    let locator: String

    static let locatorLimitBytes = 400

    init(_ capture: Capture) {
        source = capture.source
        rawHash = capture.rawHash
        locator =
            capture.locator.utf8.count <= Self.locatorLimitBytes
            ? capture.locator : String(decoding: capture.locator.utf8.prefix(Self.locatorLimitBytes), as: UTF8.self)
    }

    fileprivate init(source: SourceID, rawHash: ContentHash, locator: String) {
        self.source = source
        self.rawHash = rawHash
        self.locator = locator
    }
}

/// One record of the quarantine's file. All records have the same size and none crosses a page, so that one write(2) writes a
/// record completely, or a kill prevents it.
enum ReadingRecord: Equatable {
    static let size = 512
    static let emptied = [UInt8](repeating: 0, count: 8)

    case reading(DocumentName)
    case suspect(DocumentName, deaths: Int)

    // The layout: kind, deaths, the source's row, the length of the locator (8 bytes each, little-endian), the hash, the locator.
    private static let hashOffset = 32
    private static let locatorOffset = 64

    var bytes: [UInt8] {
        let (kind, deaths, name) =
            switch self {
            case .reading(let name): (1, 0, name)
            case .suspect(let name, let deaths): (2, deaths, name)
            }
        let locator = Array(name.locator.utf8.prefix(Self.size - Self.locatorOffset))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size)
        for number in [Int64(kind), Int64(deaths), name.source.row, Int64(locator.count)] { bytes += Self.bytes(of: number) }
        bytes += name.rawHash.bytes
        bytes += locator
        return bytes
    }

    /// The records of a file, without empty and invalid ones.
    static func all(in file: [UInt8]) -> [ReadingRecord] {
        stride(from: 0, to: file.count, by: size).compactMap { start in
            ReadingRecord(Array(file[start..<min(start + size, file.count)]))
        }
    }

    private init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.locatorOffset else { return nil }
        let numbers = stride(from: 0, to: Self.hashOffset, by: 8).map { Self.number(bytes[$0..<($0 + 8)]) }
        let (kind, deaths, source, length) = (numbers[0], numbers[1], numbers[2], numbers[3])
        guard (0...Int64(bytes.count - Self.locatorOffset)).contains(length), (0...1_000_000).contains(deaths),
            let hash = ContentHash(bytes: Array(bytes[Self.hashOffset..<Self.locatorOffset]))
        else { return nil }
        let locator = String(decoding: bytes[Self.locatorOffset..<(Self.locatorOffset + Int(length))], as: UTF8.self)
        let name = DocumentName(source: SourceID(row: source), rawHash: hash, locator: locator)
        switch kind {
        case 1: self = .reading(name)
        case 2: self = .suspect(name, deaths: Int(deaths))
        default: return nil
        }
    }

    private static func bytes(of number: Int64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
        bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }
}
