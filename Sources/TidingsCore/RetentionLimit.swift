/// How much is kept of things that pile up. Nil is no limit; both limits hold.
package struct RetentionLimit: Equatable, Sendable {
    package var ageMilliseconds: Int64?
    package var bytes: Int64?

    package init(ageMilliseconds: Int64? = nil, bytes: Int64? = nil) {
        self.ageMilliseconds = ageMilliseconds
        self.bytes = bytes
    }

    package var isOff: Bool { self == RetentionLimit() }

    /// A thing that may go, such as a change row or a file of them.
    package struct Thing: Equatable, Sendable {
        /// When the newest that is in it was committed.
        package var milliseconds: Int64
        package var bytes: Int64

        package init(milliseconds: Int64, bytes: Int64) {
            self.milliseconds = milliseconds
            self.bytes = bytes
        }
    }

    /// How many of `oldest` are to go. Always the first ones, so that what stays has no hole: what is younger by its date than
    /// something before it, because the clock was set back, waits for that.
    /// - Parameters:
    ///   - oldest: what may go, or the beginning of it, in order.
    ///   - total: bytes of everything that counts, also of what may not go.
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

/// Which old versions of articles are kept. The first and the newest of each always are.
package struct VersionRetention: Equatable, Sendable {
    package var ageMilliseconds: Int64?
    /// So many of the newest of each article.
    package var count: Int?
    /// The texts of old versions together, of all articles.
    package var bytes: Int64?

    package init(ageMilliseconds: Int64? = nil, count: Int? = nil, bytes: Int64? = nil) {
        self.ageMilliseconds = ageMilliseconds
        self.count = count
        self.bytes = bytes
    }

    package var isOff: Bool { self == VersionRetention() }
}
