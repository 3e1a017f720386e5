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
    /// The addresses of a list of pages; empty for other sources.
    package let pages: [String]

    package init(name: String, kind: SourceKind, locator: String, host: String? = nil, pages: [String] = []) {
        self.name = name
        self.kind = kind
        self.locator = locator
        self.host = host
        self.pages = pages
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

    package init(
        id: SourceID, name: String, kind: SourceKind, locator: String, state: SourceState?, stateSinceMilliseconds: Int64?,
        detail: String?, importedMilliseconds: Int64?, lastAttemptMilliseconds: Int64?, lastSuccessMilliseconds: Int64?,
        removalsHeldMilliseconds: Int64?, removalsHeld: Int?, isSubscribed: Bool
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.locator = locator
        self.state = state
        self.stateSinceMilliseconds = stateSinceMilliseconds
        self.detail = detail
        self.importedMilliseconds = importedMilliseconds
        self.lastAttemptMilliseconds = lastAttemptMilliseconds
        self.lastSuccessMilliseconds = lastSuccessMilliseconds
        self.removalsHeldMilliseconds = removalsHeldMilliseconds
        self.removalsHeld = removalsHeld
        self.isSubscribed = isSubscribed
    }
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

/// A page's row number in the ledger.
package struct PageID: Hashable, Sendable {
    package let row: Int64

    package init(row: Int64) { self.row = row }
}

/// When a page is due. Without a time it rests.
package struct PageDue: Equatable, Sendable {
    package let page: PageID
    package let source: SourceID
    package let host: String
    /// In milliseconds since 1970.
    package let dueMilliseconds: Int64?
    /// Whether that look is the second of two.
    package var isConfirmation = false
}

/// What a look at a page needs to know of it.
package struct PageRow: Equatable, Sendable {
    package let id: PageID
    package let source: SourceID
    /// The address to ask.
    package let locator: String
    package let host: String
    package let state: PageState
    /// Under which the article is known.
    package let key: SightingKey
    /// What the feed's item says; nil for a listed page.
    package let feedItem: Item?
    /// Whether a text came from the page before.
    package let hasText: Bool
}
