import TidingsCore

/// The result of one look, for the ledger. A report is committed completely or not at all.
package struct Report: Sendable {
    package enum Finding: Sendable {
        /// The locator `CaptureFacts.locator` was read.
        case capture(CaptureFacts, CaptureContent)
        /// The documents at these locators are proved gone. The second value tells how far to trust the pass that found this; nil
        /// for absences that were found one by one. Those leave the removals alone that an earlier pass found and that are held.
        case gone([String], RemovalPass?)
        /// A page was looked at.
        case page(PageReport)
        /// Nothing was read.
        case nothing
    }
    package var source: SourceID
    package var finding: Finding
    /// Locators of the same source that are missing now. An item that was there and appears at another locator has moved.
    package var missing: Set<String>
    /// The locator from which the kernel says that the captured file was renamed; nil if it says nothing.
    package var renamedFrom: String?
    /// How the look at the whole source went; nil for a look at a part of it.
    package var look: SourceLook?
    /// When the document is polled next, and its poll state until then.
    package var poll: PollRow?
    /// Whether the items of the feed's document get their pages watched.
    package var pages: PageWatch?
    /// Whether a person has confirmed the removals that are held. For a feed only; a folder uses `RemovalPass.confirmed`.
    package var acceptsRemovals = false
    /// The texts of the document, compressed, by their content hash; see `compressTexts`. What is missing here is compressed later.
    var frames: [ContentHash: [UInt8]] = [:]
    /// Whether this completes the first import of the source. Changes before that are marked as backfill.
    package var completesImport = false

    package init(
        source: SourceID, finding: Finding, missing: Set<String> = [], renamedFrom: String? = nil,
        look: SourceLook? = nil, poll: PollRow? = nil
    ) {
        self.source = source
        self.finding = finding
        self.missing = missing
        self.renamedFrom = renamedFrom
        self.look = look
        self.poll = poll
    }
}

/// How the pages of a feed's items are watched.
package struct PageWatch: Equatable, Sendable {
    /// How many of the items of a first import, the newest ones.
    package var backfill: Int

    package init(backfill: Int) { self.backfill = backfill }
}

/// One look at a page. What it is worth, what it means, and when the next one comes, is decided in the transaction.
package struct PageReport: Sendable {
    package enum Finding: Sendable {
        /// An article was read. The second value says what speaks against it, if anything does.
        case article(SeenItem, PageDoubt?)
        /// There is no article in the answer. The hash is that of the answer's body.
        case noArticle(PageDoubt, ContentHash)
        /// Nothing was read.
        case ended(PageOutcome)
    }
    package var page: PageID
    package var finding: Finding
    package var facts: CaptureFacts
    package var request: PageRequest
    /// When the look began, in milliseconds since 1970.
    package var begun: Int64
    package var hints = PollHints()
    package var permanentTarget: String?
    /// The body of the answer. It is kept if the article is believed.
    package var body: PageBody?
    /// The body that is kept, as today's text rules read it; nil if they have read it before.
    package var reread: PageReread?
    /// Which of the page's titles is the headline, by name.
    package var headline: String?
    package var recheck: Recheck
    /// How far the next look is moved by chance, 0 ..< 1.
    package var jitter: Double

    package init(
        page: PageID, finding: Finding, facts: CaptureFacts, request: PageRequest, begun: Int64, recheck: Recheck, jitter: Double
    ) {
        self.page = page
        self.finding = finding
        self.facts = facts
        self.request = request
        self.begun = begun
        self.recheck = recheck
        self.jitter = jitter
    }
}

/// The content of one capture.
package enum CaptureContent: Sendable {
    case document(SeenDocument)
    /// The bytes are unchanged, or the server said so (304). With status 200 the whole document was sent again, and each item that
    /// it lacks is absent once more.
    case unchanged
    /// No item could be read; `CaptureFacts.problem` says why. The items that it showed before stay.
    case unreadable
}

/// Facts about the bytes that one look found at one locator.
package struct CaptureFacts: Equatable, Sendable {
    /// Path key below the root, or the feed's URL as configured.
    package var locator: String
    /// Hash of the bytes; nil if they could not be read at all.
    package var rawHash: ContentHash?
    package var bytes: Int
    /// Fingerprint of the file's size, times and inode; nil for feeds.
    package var stamp: UInt64?
    package var format: String?
    /// How many problems the parser recovered from, and a message about the first.
    package var problems: Int
    package var problem: String?
    package var status: Int?
    package var finalURL: String?
    package var etag: String?
    package var lastModified: String?
    /// Of an HTML page: what was decided about its blocks, for the next look.
    package var blocks: [UInt8]?

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
    /// Nil: the look proves nothing, and the source stays as it is known. One that was never read has no state then.
    package var state: SourceState?
    /// A message about the problem; nil if there is none.
    package var detail: String?
    /// Whether the source was read, or answered that nothing is new.
    package var succeeded: Bool

    package init(state: SourceState?, detail: String? = nil, succeeded: Bool = true) {
        self.state = state
        self.detail = detail
        self.succeeded = succeeded
    }
}

/// How far to trust a full pass that found files gone.
package enum RemovalPass: Sendable {
    /// A mass removal is held.
    case usual
    /// Every removal is held.
    case suspicious
    /// Nothing is held, because a person has confirmed the removals.
    case confirmed
}

/// The outcome of one report.
package enum ReportOutcome: Equatable, Sendable {
    case done
    /// `count` removals are held until a person confirms them or they have been held for a day. Nothing was removed.
    case held(count: Int, sinceMilliseconds: Int64)
}

/// The result of one transaction.
package struct Commit: Equatable, Sendable {
    /// One outcome for each report, in the order of the reports.
    package let outcomes: [ReportOutcome]
    /// How many changes of each type were announced.
    package let changes: [ChangeType: Int]
    /// The pages that are due at another time than before.
    package let pages: [PageDue]
}
