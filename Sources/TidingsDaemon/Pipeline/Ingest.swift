import TidingsCore
import TidingsFormats
import TidingsStore

// The one pipeline. Every article, from a folder or a feed, goes this way:
//
//     look ─► capture ─► items ─► canonical form + content hash ─► decide ─► commit ─► publish
//
//  1. look: `FolderSource` (a scan or a look at single files) or `FeedSource` (a poll) finds that something may be new. What
//     made it look (a watch event, a timer, a signal) is forgotten: what it reads says what is so.
//  2. capture: the bytes, with where and when they were read: `Capture` below.
//  3. items, canonical form, hash: `Ingest.read` below. Pure, and run by several readers at once.
//  4. decide, commit: `Committer` gathers reports into one transaction of the `Ledger`, which looks up what is known of each item,
//     asks Core's `decide`, and writes versions, sightings, captures and change rows together, or nothing of them.
//  5. publish: `Publisher` copies committed change rows into the change file.
//
// A new kind of source adds a way to look. It never adds a second pipeline.

/// The bytes that were read from a source at one moment.
package struct Capture: Sendable {
    package var source: SourceID
    package var kind: SourceKind
    /// Path key below the root, or the feed's URL as configured.
    package var locator: String
    package let bytes: [UInt8]
    package let rawHash: ContentHash
    package var hints: DocumentHints
    /// Of the file; nil for feeds.
    package var stamp: UInt64?
    /// Of the response; nil for files.
    package var response: ResponseFacts?

    package init(
        source: SourceID, kind: SourceKind, locator: String, bytes: [UInt8], hints: DocumentHints, stamp: UInt64? = nil,
        response: ResponseFacts? = nil
    ) {
        self.source = source
        self.kind = kind
        self.locator = locator
        self.bytes = bytes
        rawHash = ContentHash.of(bytes)
        self.hints = hints
        self.stamp = stamp
        self.response = response
    }
}

/// What a response says of its bytes.
package struct ResponseFacts: Equatable, Sendable {
    package var status: Int
    package var finalURL: String
    package var etag: String?
    package var lastModified: String?

    package init(status: Int, finalURL: String, etag: String?, lastModified: String?) {
        self.status = status
        self.finalURL = finalURL
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// Bytes to items to canonical forms: the pure part of the pipeline.
package struct Ingest: Sendable {
    /// An item with more text than this is reported and left out; the rest of its document goes on.
    package var itemLimitBytes = 4 << 20
    /// A document with more items keeps its newest.
    package var itemLimit = 10_000

    package init() {}

    /// What a capture brings to the ledger, and the document that it came from.
    package struct Reading: Sendable {
        package var report: Report
        package var document: Result<ParsedDocument, UnreadableDocument>
    }

    /// Reads `capture`.
    /// - Parameters:
    ///   - missing: locators of the same source that are missing at this moment.
    ///   - shown: what the feed's last document showed: where an item is the same, nothing is derived from it again.
    package func read(
        _ capture: Capture, missing: Set<String> = [], shown: [SightingKey: ShownItem] = [:]
    ) -> Reading {
        var facts = facts(of: capture)
        let document: ParsedDocument
        let entries: [SeenDocument.Entry]
        do {
            (document, entries) = try readEntries(of: capture, shown: shown)
        } catch {
            return Reading(report: report(on: capture, unreadable: error.message), document: .failure(error))
        }
        facts.format = document.format.rawValue
        facts.problems = document.problems.count
        facts.problem = document.problems.first.map(\.description)
        if document.isPartial {
            facts.etag = nil
            facts.lastModified = nil
        }
        let seen = SeenDocument(
            entries: entries, isWindow: document.shape == .window,
            isPartial: document.isPartial || document.items.isEmpty, tombstones: document.tombstones)
        return Reading(
            report: Report(source: capture.source, facts: facts, finding: .document(seen), missing: missing),
            document: .success(document))
    }

    /// What `capture` brings to the ledger when nothing of it could be read.
    /// - Parameter message: why.
    package func report(on capture: Capture, unreadable message: String) -> Report {
        var facts = facts(of: capture)
        facts.problems = 1
        facts.problem = message
        // A response that could not be read proves nothing, and its validators would keep a better one away.
        facts.etag = nil
        facts.lastModified = nil
        return Report(source: capture.source, facts: facts, finding: .unreadable)
    }

    private func facts(of capture: Capture) -> CaptureFacts {
        CaptureFacts(
            locator: capture.locator, rawHash: capture.rawHash, bytes: capture.bytes.count, stamp: capture.stamp,
            status: capture.response?.status, finalURL: capture.response?.finalURL, etag: capture.response?.etag,
            lastModified: capture.response?.lastModified)
    }

    private func readEntries(
        of capture: Capture, shown: [SightingKey: ShownItem]
    ) throws(UnreadableDocument) -> (ParsedDocument, [SeenDocument.Entry]) {
        var hints = capture.hints
        hints.knownRawHashes = Set(shown.values.map(\.rawHash))
        var document = try readDocument(capture.bytes, hints: hints)
        if capture.kind == .feed { dropRepeats(from: &document) }
        // Nobody asked for a delta, and what it lacks stands where it stood (RFC 3229 §10.4).
        if capture.response?.status == 226 {
            document.problems.append(Problem("answered with a part (226) that was not asked for"))
            document.isPartial = true
        }
        applyLimits(to: &document)
        var entries: [SeenDocument.Entry] = []
        for (key, item) in zip(keys(of: document, capture), document.items) {
            if item.isTextDerived {
                entries.append(.seen(SeenItem(key: key, item: item)))
            } else if shown[key] == ShownItem(rawHash: item.rawHash, metadata: item.metadata) {
                entries.append(.known(UnchangedItem(key: key, item: item)))
            } else {
                // Known bytes under another key, or with another author: to decide on it its text is needed after all.
                return try readEntries(of: capture, shown: [:])
            }
        }
        return (document, entries)
    }

    private func keys(of document: ParsedDocument, _ capture: Capture) -> [SightingKey] {
        switch capture.kind {
        case .feed: feedKeys(document.items)
        case .folder where document.shape == .single: [SightingKey(capture.locator, .path)]
        case .folder: fileKeys(document.items, path: capture.locator)
        }
    }

    /// What a feed shows twice, the same in everything, is one item. As two they would take the id from each other, and for as long
    /// as they are shown so the article would go under other keys.
    private func dropRepeats(from document: inout ParsedDocument) {
        struct Name: Hashable {
            let id: String?
            let url: String?
            let rawHash: ContentHash
        }
        var shown: [Name: [Item]] = [:]
        document.items.removeAll { item in
            let name = Name(id: item.id, url: item.url, rawHash: item.rawHash)
            if shown[name]?.contains(item) == true { return true }
            shown[name, default: []].append(item)
            return false
        }
    }

    private func applyLimits(to document: inout ParsedDocument) {
        let all = document.items.count
        document.items.removeAll { $0.text.utf8.count > itemLimitBytes }
        if document.items.count < all {
            document.problems.append(
                Problem("\(all - document.items.count) items with more than \(itemLimitBytes) bytes were left out"))
            document.isPartial = true
        }
        guard document.items.count > itemLimit else { return }
        document.problems.append(
            Problem("\(document.items.count) items, of which the \(itemLimit) newest were kept"))
        document.isPartial = true
        // By date and not by position: some feeds list their oldest first. Items without a date stay in front.
        let newest = document.items.enumerated().sorted { left, right in
            let leftDate = left.element.datePublished?.milliseconds ?? .max
            let rightDate = right.element.datePublished?.milliseconds ?? .max
            return leftDate != rightDate ? leftDate > rightDate : left.offset < right.offset
        }
        document.items = newest.prefix(itemLimit).sorted { $0.offset < $1.offset }.map(\.element)
    }
}

extension Problem {
    /// "line 12: entity 'x' is not defined".
    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}

extension UnreadableDocument {
    /// Why nothing could be read, for people.
    package var message: String {
        switch self {
        case .binary: "binary data, no article"
        case .undecodable(let charset): "text in none of the charsets that could be meant (declared: \(charset))"
        case .empty: "empty"
        case .notAFeed(let page): page.message
        case .malformed(let what, let line): line.map { "line \($0): \(what)" } ?? what
        case .unknownKind(let kind): "not a kind of document that is read (\(kind))"
        }
    }
}
