import TidingsCore

/// What one look brings to the ledger. A report is committed whole or not at all.
package struct Report: Sendable {
    package enum Finding: Sendable {
        /// What was read at `CaptureFacts.locator`.
        case capture(CaptureFacts, CaptureContent)
        /// What stood at these locators is proved gone. The pass says how far that is to be believed; nil for absences that were
        /// seen one by one, which say nothing of those that a pass has found.
        case gone([String], RemovalPass?)
        /// Nothing was read.
        case nothing
    }
    package var source: SourceID
    package var finding: Finding
    /// Locators of the same source that are missing at this moment: an item of theirs that shows up elsewhere has moved.
    package var missing: Set<String>
    /// How the look at the whole source went; nil where a source has many captures.
    package var look: SourceLook?
    /// When what was fetched is fetched next, and what is remembered until then.
    package var poll: PollRow?
    /// Whether a person has said that the removals that are held are meant. Of a feed; a folder's are in `gone`.
    package var acceptsRemovals = false
    /// Whether the first import of the source is complete: what it shows from now on is no backfill.
    package var completesImport = false

    package init(
        source: SourceID, finding: Finding, missing: Set<String> = [], look: SourceLook? = nil, poll: PollRow? = nil
    ) {
        self.source = source
        self.finding = finding
        self.missing = missing
        self.look = look
        self.poll = poll
    }
}

/// What the bytes of one capture are.
package enum CaptureContent: Sendable {
    case document(SeenDocument)
    /// The bytes are what they were, or the server said so (304). With status 200 the whole document was sent again, and what it
    /// lacks is missing once more.
    case unchanged
    /// Nothing of it could be read; `CaptureFacts.problem` says why. What it showed before stays.
    case unreadable
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
    /// How many problems were survived, and the first of them as a message.
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

/// How a look at a whole source went.
package struct SourceLook: Equatable, Sendable {
    package var state: SourceState
    /// A message about what is wrong; nil when nothing is.
    package var detail: String?
    /// Whether the source was read, or said that nothing is new.
    package var succeeded: Bool

    package init(state: SourceState, detail: String? = nil, succeeded: Bool = true) {
        self.state = state
        self.detail = detail
        self.succeeded = succeeded
    }
}

/// How far a full pass is to be believed that found files gone.
package enum RemovalPass: Sendable {
    case usual
    /// The removals are held however few they are.
    case suspicious
    /// A person has said that they are meant.
    case confirmed
}

/// What became of a report.
package enum ReportOutcome: Equatable, Sendable {
    case done
    /// So many removals at once are held until a person confirms, or the same has stood for a day. Nothing was removed.
    case held(count: Int, sinceMilliseconds: Int64)
}

/// What one transaction did with its reports.
package struct Commit: Equatable, Sendable {
    /// One for each report, in their order.
    package let outcomes: [ReportOutcome]
    /// How many changes of each type were announced.
    package let changes: [ChangeType: Int]
}
