import TidingsCore
import TidingsFormats
import TidingsStore
import TidingsSystem

// The pipeline. Every article, from a folder or a feed, goes this way:
//
//     look ─► capture ─► items ─► canonical form + content hash ─► decide ─► commit ─► sinks
//
//  1. look: `FolderSource` (a scan, or a look at single files) or `FeedSource` (a poll) finds that something may be new. It may
//     look because of a watch event, a timer or a signal. From here on only the bytes that are read count.
//  2. capture: the bytes, with where and when they were read.
//  3. items, canonical forms, hashes: `DocumentReader`. Pure, and done by several reader threads at once.
//  4. report: what the source says to the ledger of what was read (`Look`).
//  5. decide, commit: `Committer` gathers reports into one transaction of the `Ledger`, which looks up what is known of each item,
//     asks Core's `decide`, and writes versions, sightings, captures, polls and change rows together, or nothing of them.
//  6. sinks: a commit wakes every `SinkLoop`, which copies committed change rows: the change file is the first.
//
// `Ingest.carry` runs 2 to 5. A new kind of source is a new `Source` with its `Look`; it never adds a second pipeline.

/// What one look of a source brings, capture by capture.
protocol Look: Sendable {
    /// The progress of the source. By it the watchdog tells a source that works from one that hangs.
    var progress: Progress { get }

    /// Reads the next bytes; nil when there are none. Called on a reader thread, where reading may block.
    mutating func next() -> Looked?
    /// What the source reports of a capture that was read.
    mutating func report(on capture: Capture, _ reading: Reading) -> Report

    /// Adds to the reports what the ledger and the place tell together. Called on the reader thread, before the turn.
    func complete(_ reports: inout [Report], _ reader: () throws(StoreError) -> LedgerReader) throws(StoreError)

    /// Returns when the reports of all earlier looks of the same pass stand in the committer's queue.
    /// - Throws: `CancellationError`.
    nonisolated(nonsending) func waitForTurn() async throws
    /// Called when the reports stand in the committer's queue. Reports that are given after that are committed later.
    func wasQueued()
}

extension Look {
    func complete(_ reports: inout [Report], _ reader: () throws(StoreError) -> LedgerReader) throws(StoreError) {}
}

/// What one read gave.
enum Looked: Sendable {
    case capture(Capture)
    /// No bytes, but something to report: a file that is too large, or cannot be read.
    case report(Report)
}

/// What reading a capture came to.
enum Reading: Sendable {
    /// - Parameter counts: how much of a feed's document is news.
    case document(ParsedDocument, SeenDocument, counts: DocumentCounts?)
    /// The ledger has these very bytes already.
    case unchanged
    case unreadable(UnreadableDocument)
    /// Reading it has ended the daemon too often.
    case quarantined(Quarantined)
}

/// A reader thread, and the pipeline from the bytes to the commit. Several work at once.
package actor Ingest {
    private let executor: BlockingExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    private let documents: DocumentReader
    private let quarantine: Quarantine
    private let committer: Committer
    private let database: String
    /// Opened when the first feed or page needs it. A daemon that watches folders of texts needs none.
    private var ledger: LedgerReader?
    private let compressor = Compressor.forForms()

    package init(
        number: Int, documents: DocumentReader, quarantine: Quarantine, committer: Committer, database: String
    ) {
        executor = BlockingExecutor(label: "tidings.reader.\(number)")
        self.documents = documents
        self.quarantine = quarantine
        self.committer = committer
        self.database = database
    }

    /// Carries what one look brings to the ledger.
    /// - Returns: the look, which knows what became of it. Everything is durable then.
    /// - Throws: `StoreError` when the ledger cannot go on; `CancellationError`. Nothing was committed then.
    func carry<SomeLook: Look>(_ given: SomeLook) async throws -> SomeLook {
        var look = given
        var reports: [Report] = []
        while let looked = look.next() {  // look → capture
            switch looked {
            case .capture(let capture):
                let reading = try read(capture)  // capture → items → canonical forms and hashes
                var report = look.report(on: capture, reading)
                report.compressTexts(with: compressor)
                reports.append(report)
            case .report(let report): reports.append(report)
            }
        }
        try look.complete(&reports) { () throws(StoreError) in try reader() }
        try await look.waitForTurn()
        // Decide and commit, on the ledger's thread. The commit wakes the sinks.
        _ = try await committer.commit(reports, progress: look.progress) { [look] in look.wasQueued() }
        return look
    }

    /// Makes items and canonical forms of the bytes, but not of what the ledger has already.
    func read(_ capture: Capture) throws(StoreError) -> Reading {
        var shown: [SightingKey: ShownItem] = [:]
        if capture.kind != .folder {
            if !capture.readsEverything, try isKnown(capture) { return .unchanged }
            if capture.kind == .feed { shown = try reader().shownItems(of: capture.source) }
        }
        let memory = try memory(of: capture)
        let result: Result<(document: ParsedDocument, seen: SeenDocument), UnreadableDocument>
        do throws(Quarantined) {
            result = try quarantine.read(capture) {
                Result { () throws(UnreadableDocument) in try documents.read(capture, shown: capture.readsEverything ? [:] : shown, memory: memory) }
            }
        } catch {
            return .quarantined(error)
        }
        switch result {
        case .success(let (document, seen)):
            return .document(document, seen, counts: capture.kind == .feed ? try count(seen, shown, of: capture.source) : nil)
        case .failure(let reason): return .unreadable(reason)
        }
    }

    /// What was decided about the blocks of a page when it was last read.
    private func memory(of capture: Capture) throws(StoreError) -> BlockMemory? {
        if let memory = capture.hints.blockMemory { return memory }
        guard capture.kind != .feed, mayBePage(capture.bytes) else { return nil }
        return try reader().blocks(of: capture.source, locator: capture.locator).map(BlockMemory.init(bytes:))
    }

    /// Whether these bytes were read before. An answer of status 226 is partial even if its bytes are those of the whole document.
    private func isKnown(_ capture: Capture) throws(StoreError) -> Bool {
        guard capture.response?.status != 226 else { return false }
        return try reader().rawHash(of: capture.source, locator: capture.locator) == capture.rawHash
    }

    /// How many items of a document are new or edited. Known bytes under a new id do not count: a feed that makes up ids at each poll
    /// would seem to be the busiest of all.
    private func count(
        _ document: SeenDocument, _ shown: [SightingKey: ShownItem], of source: SourceID
    ) throws(StoreError) -> DocumentCounts {
        let contents = Set(shown.values.map(\.rawHash))
        var edited = 0
        var unknown: [SightingKey] = []
        for case .seen(let item) in document.entries {
            if let known = shown[item.key] {
                if known.rawHash != item.item.rawHash { edited += 1 }
            } else if !contents.contains(item.item.rawHash) {
                unknown.append(item.key)
            }
        }
        let fresh = try reader().countUnknown(unknown, of: source)
        return DocumentCounts(items: document.entries.count, fresh: fresh, edited: edited)
    }

    /// What a look at a page needs to know of it; nil if it is not watched any more.
    func page(_ id: PageID, now: Int64) throws -> PageRow? { try reader().page(id, now: now) }

    func reader() throws(StoreError) -> LedgerReader {
        if let ledger { return ledger }
        let opened = try LedgerReader(path: database)
        ledger = opened
        return opened
    }
}
