import TidingsCore

/// A source's row number in the ledger; stable for as long as the database lives.
package struct SourceID: Hashable, Sendable {
    package let row: Int64

    package init(row: Int64) { self.row = row }
}

/// What is known of the bytes of one look at one locator.
package struct CaptureFacts: Equatable, Sendable {
    /// Path key below the root, or the feed's URL as configured.
    package var locator: String
    /// Of the bytes; nil when they could not be read at all.
    package var rawHash: ContentHash?
    package var bytes: Int
    /// Fingerprint of the file's size, times and inode; nil for feeds.
    package var stamp: UInt64?
    package var format: String?
    /// How many problems were survived, and the first in words.
    package var problems: Int
    package var problem: String?
    package var status: Int?
    package var finalURL: String?
    package var etag: String?
    package var lastModified: String?

    package init(
        locator: String, rawHash: ContentHash? = nil, bytes: Int = 0, stamp: UInt64? = nil, format: String? = nil,
        problems: Int = 0, problem: String? = nil, status: Int? = nil, finalURL: String? = nil, etag: String? = nil,
        lastModified: String? = nil
    ) {
        self.locator = locator
        self.rawHash = rawHash
        self.bytes = bytes
        self.stamp = stamp
        self.format = format
        self.problems = problems
        self.problem = problem
        self.status = status
        self.finalURL = finalURL
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// What one look brings to the ledger. One report is committed whole or not at all.
package struct Report: Sendable {
    package enum Finding: Sendable {
        case document(SeenDocument)
        /// The bytes are what they were, or the server said so (304). With status 200 the whole document was sent again, and
        /// what it lacks is missing once more.
        case unchanged
        /// Nothing of it could be read; says why. What it showed before stays.
        case unreadable
        /// The locators are proved gone.
        case gone(locators: [String], reason: RemovalReason)
    }
    package var source: SourceID
    package var facts: CaptureFacts
    package var finding: Finding
    /// Locators of the same source that are missing at this moment: an item of theirs that shows up elsewhere has moved.
    package var missing: Set<String>
    /// How the look went as a whole; stored with the items or not at all. Nil where a source has many captures.
    package var look: SourceLook?
    /// Whether a person has said that the removals that are held are meant. Of a feed; a folder's are handed in apart.
    package var acceptsRemovals = false

    package init(
        source: SourceID, facts: CaptureFacts, finding: Finding, missing: Set<String> = [], look: SourceLook? = nil
    ) {
        self.source = source
        self.facts = facts
        self.finding = finding
        self.missing = missing
        self.look = look
    }
}

/// How a look at a whole source went.
package struct SourceLook: Equatable, Sendable {
    package var state: SourceState
    /// What is wrong, for people; nil when nothing is.
    package var detail: String?
    /// Whether the source was read, or said that nothing is new.
    package var succeeded: Bool
    /// The feed's poll state after the look, JSON.
    package var poll: String?

    package init(state: SourceState, detail: String? = nil, succeeded: Bool = true, poll: String? = nil) {
        self.state = state
        self.detail = detail
        self.succeeded = succeeded
        self.poll = poll
    }
}

/// What a commit did.
package struct CommitSummary: Equatable, Sendable {
    /// The newest sequence number after it.
    package var lastSequence: Int64 = 0
    package var changes: [ChangeType: Int] = [:]
    package var unchangedItems = 0

    package init() {}

    package mutating func add(_ other: CommitSummary) {
        lastSequence = max(lastSequence, other.lastSequence)
        changes.merge(other.changes, uniquingKeysWith: +)
        unchangedItems += other.unchangedItems
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
    package var poll: String?
    package var isSubscribed: Bool
}
