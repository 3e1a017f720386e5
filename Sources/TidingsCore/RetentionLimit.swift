/// How much is kept of data that accumulates. Nil is no limit; both limits apply.
package struct RetentionLimit: Equatable, Sendable {
    package var ageMilliseconds: Int64?
    package var bytes: Int64?

    package init(ageMilliseconds: Int64? = nil, bytes: Int64? = nil) {
        self.ageMilliseconds = ageMilliseconds
        self.bytes = bytes
    }

    package var isOff: Bool { self == RetentionLimit() }

    /// A unit that may be removed, such as a change row or a file of them.
    package struct Thing: Equatable, Sendable {
        /// When the newest part of it was committed.
        package var milliseconds: Int64
        package var bytes: Int64

        package init(milliseconds: Int64, bytes: Int64) {
            self.milliseconds = milliseconds
            self.bytes = bytes
        }
    }

    /// How many of `oldest` to remove. Only the first ones are removed, so that what stays has no gap: if the clock was
    /// set back, a thing that looks older than one before it waits for that one.
    /// - Parameters:
    ///   - oldest: what may be removed, or the beginning of it, in order.
    ///   - total: bytes of everything that counts, including what may not be removed.
    package func countToRemove(of oldest: [Thing], total: Int64, now: Int64) -> Int {
        var rest = total
        var count = 0
        for thing in oldest {
            let isOld = ageMilliseconds.map { thing.milliseconds < now - $0 } ?? false
            let isTooMuch = bytes.map { rest > $0 } ?? false
            guard isOld || isTooMuch else { break }
            rest -= thing.bytes
            count += 1
        }
        return count
    }
}

/// Which old versions of articles are kept. The first and the newest version of each article are always kept.
package struct VersionRetention: Equatable, Sendable {
    package var ageMilliseconds: Int64?
    /// How many of the newest versions of each article are kept.
    package var count: Int?
    /// Limit of the texts of old versions, of all articles together.
    package var bytes: Int64?

    package init(ageMilliseconds: Int64? = nil, count: Int? = nil, bytes: Int64? = nil) {
        self.ageMilliseconds = ageMilliseconds
        self.count = count
        self.bytes = bytes
    }

    package var isOff: Bool { self == VersionRetention() }
}
