import TidingsCore

/// A source's row number in the ledger. It stays the same for the life of the database.
package struct SourceID: Hashable, Sendable {
    package let row: Int64

    package init(row: Int64) { self.row = row }
}

/// A source as the settings name it.
package struct ConfiguredSource: Equatable, Sendable {
    package let name: String
    package let kind: SourceKind
    package let locator: String
    /// The host whose polls are limited together; nil for a folder, which is not polled.
    package let host: String?

    package init(name: String, kind: SourceKind, locator: String, host: String? = nil) {
        self.name = name
        self.kind = kind
        self.locator = locator
        self.host = host
    }
}

/// A source's row in the ledger.
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

/// A row of `polls`: a document that is polled, and its state between two polls.
package struct PollRow: Equatable, Sendable {
    /// The URL as configured.
    package var locator: String
    /// The host whose polls are limited together.
    package var host: String
    /// When the next poll is due, in milliseconds since 1970.
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
