import TidingsCore

/// A source's row number in the ledger; stable for as long as the database lives.
package struct SourceID: Hashable, Sendable {
    package let row: Int64

    package init(row: Int64) { self.row = row }
}

/// A source as the settings name it.
package struct ConfiguredSource: Equatable, Sendable {
    package let name: String
    package let kind: SourceKind
    package let locator: String
    /// Whose turn a poll of the locator is; nil for a folder, which is not polled.
    package let host: String?

    package init(name: String, kind: SourceKind, locator: String, host: String? = nil) {
        self.name = name
        self.kind = kind
        self.locator = locator
        self.host = host
    }
}

/// A source as the ledger knows it.
package struct SourceRow: Equatable, Sendable {
    package var id: SourceID
    package var name: String
    package var kind: SourceKind
    package var locator: String
    package var state: SourceState?
    package var stateSinceMilliseconds: Int64?
    package var detail: String?
    package var importedMilliseconds: Int64?
    package var lastAttemptMilliseconds: Int64?
    package var lastSuccessMilliseconds: Int64?
    package var removalsHeldMilliseconds: Int64?
    package var removalsHeld: Int?
    package var isSubscribed: Bool
}

/// One thing that is fetched again and again, and what is remembered of it between two polls: a row of `polls`.
package struct PollRow: Equatable, Sendable {
    /// The URL as configured.
    package var locator: String
    /// Whose turn the poll is: no host is asked for too much at a time.
    package var host: String
    /// When it is due, in milliseconds since 1970.
    package var dueMilliseconds: Int64
    /// `PollState` as JSON; empty before the first poll.
    package var state: String

    package init(locator: String, host: String, dueMilliseconds: Int64, state: String) {
        self.locator = locator
        self.host = host
        self.dueMilliseconds = dueMilliseconds
        self.state = state
    }
}
