import TidingsCore

/// A version that is neither the first nor the newest of its article.
package struct OldVersion: Equatable, Sendable {
    package let key: VersionKey
    /// The number of the article's newest version.
    package let newest: Int
    /// When it was committed, in milliseconds since 1970.
    package let milliseconds: Int64
    /// The change that announced it.
    package let sequence: Int64
    /// The size of its content; 0 if it was not read.
    package let bytes: Int64
}

package struct VersionKey: Equatable, Sendable {
    /// Row number of the article.
    package let article: Int64
    package let number: Int
}

/// Decides which old versions are removed. `LedgerReader.oldVersions` applies it.
package struct VersionRule: Equatable, Sendable {
    private let cutoffMilliseconds: Int64?
    private let count: Int?
    /// Versions that older changes announced are removed to meet the size limit.
    package var firstKeptSequence: Int64 = 0

    package init(_ retention: VersionRetention, now: Int64) {
        cutoffMilliseconds = retention.ageMilliseconds.map { now - $0 }
        count = retention.count
    }

    package func removes(_ version: OldVersion) -> Bool {
        if let cutoffMilliseconds, version.milliseconds < cutoffMilliseconds { return true }
        if let count, version.key.number <= version.newest - count { return true }
        return version.sequence < firstKeptSequence
    }
}

/// The sizes of old versions, summed over ranges of the sequence numbers of their changes. Ranges need constant memory, where there
/// may be millions of versions. The size limit keeps or removes a range as a whole.
package struct BytesBySequence: Sendable {
    private static let ranges: Int64 = 4096

    private let width: Int64
    private var bytes: [Int64]

    /// - Parameter last: the newest sequence number.
    package init(through last: Int64) {
        width = last / Self.ranges + 1
        bytes = Array(repeating: 0, count: Int(last / width) + 1)
    }

    package mutating func add(_ version: OldVersion) {
        bytes[min(max(0, Int(version.sequence / width)), bytes.count - 1)] += version.bytes
    }

    /// The first sequence number from which on all versions fit into `limit` bytes.
    package func firstKept(in limit: Int64) -> Int64 {
        var rest = bytes.reduce(0, +)
        for (index, bytes) in bytes.enumerated() {
            if rest <= limit { return Int64(index) * width }
            rest -= bytes
        }
        return Int64(bytes.count) * width
    }
}

/// A capture, by the primary key of its table.
package struct CaptureKey: Equatable, Sendable {
    package let source: Int64
    package let locator: String

    /// Sorts before all captures.
    package static let start = CaptureKey(source: -1, locator: "")

    /// SQL condition for a capture `c` of the source `o` that is of no more use: its source is no longer configured, or all items
    /// of its document are gone, and all of this was so before the time `?1`. The capture of a feed's present address is kept,
    /// because the next poll sends its validators. A document that never showed an item is kept too: it exists and cannot be read.
    static let isGone = """
        c.seen_ms < ?1 AND (o.unsubscribed_ms < ?1 OR o.unsubscribed_ms IS NULL AND c.locator <> o.locator
            AND (EXISTS (SELECT 1 FROM sightings s WHERE s.source = c.source AND s.key = c.locator)
                 OR EXISTS (SELECT 1 FROM sightings s WHERE s.source = c.source AND s.locator = c.locator))
            AND NOT EXISTS (SELECT 1 FROM sightings s
                            WHERE s.source = c.source AND s.key = c.locator AND (s.gone_ms IS NULL OR s.gone_ms >= ?1))
            AND NOT EXISTS (SELECT 1 FROM sightings s
                            WHERE s.source = c.source AND s.locator = c.locator AND (s.gone_ms IS NULL OR s.gone_ms >= ?1)))
        """
}
