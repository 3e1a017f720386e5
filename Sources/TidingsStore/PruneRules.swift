import TidingsCore

/// A version that is neither the first nor the newest of its article.
package struct OldVersion: Equatable, Sendable {
    package let key: VersionKey
    /// The number of the article's newest version.
    package let newest: Int
    package let milliseconds: Int64
    package let sequence: Int64
    /// Of its text; 0 where nobody asked.
    package let bytes: Int64
}

package struct VersionKey: Equatable, Sendable {
    /// A row of the ledger.
    package let article: Int64
    package let number: Int
}

/// Which old versions go. Pure: see `oldVersions` for how it is carried out.
package struct VersionRule: Equatable, Sendable {
    private let cutoffMilliseconds: Int64?
    private let count: Int?
    /// Older changes' versions go, because there is too much of them.
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

/// How many bytes of old versions there are, by the age of the change that announced them. In constant memory, because there may be
/// millions: by ranges of sequence numbers, which are what is kept or goes as one.
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

    /// From which sequence number on all can be kept in `limit`.
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

    /// Before all captures.
    package static let start = CaptureKey(source: -1, locator: "")

    /// What of captures `c` of sources `o` is of no more use, with the time before which all of it must lie as `?1`: those of a source
    /// that is not configured any more, and of a document all of whose items are gone. Not that of a feed's present address, whose
    /// validators are sent with the next poll; nor what never showed anything, because it is there and cannot be read.
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
