import Foundation
import TestSupport
import TidingsCore
@testable import TidingsStore

/// A ledger on a real file in a folder of its own, that is removed with it; and the little that tests write in it.
final class LedgerFixture: Sendable {
    let folder: URL
    var path: String { folder.appending(path: "tidings.db").path }

    init() throws {
        folder = URL(filePath: temporaryFolder).appending(path: "tidings-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Opens the ledger with these sources, whose first import is complete.
    func open(folders: [String] = [], feeds: [String] = []) async throws -> (ledger: Ledger, sources: [SourceRow]) {
        let ledger = try Ledger(path: path)
        let configured =
            folders.map { ConfiguredSource(name: $0, kind: .folder, locator: "/\($0)") }
            + feeds.map {
                ConfiguredSource(name: $0, kind: .feed, locator: "https://\($0).test/feed", host: "\($0).test")
            }
        let rows = try await ledger.configure(configured, at: 1).rows
        for row in rows { try await ledger.completeImport(of: row.id, at: 1) }
        return (ledger, rows)
    }

    /// A reader beside the ledger.
    func reader() throws -> LedgerReader { try LedgerReader(path: path) }

    /// The lines of the stream after the first `count`, shortened to what a test tells apart: "updated a@2 revert".
    func lines(after sequence: Int64 = 0) throws -> [String] {
        try LedgerReader(path: path).lines(after: sequence, limitBytes: .max).map { Self.short(try StreamLine($0.bytes)) }
    }

    /// The same, without the changes of sources.
    func news() throws -> [String] { try lines().filter { !$0.hasPrefix("source") } }

    private static func short(_ event: StreamLine) -> String {
        var words = [event.type.replacingOccurrences(of: "tidings.article.", with: "").replacingOccurrences(of: "tidings.", with: "")]
        if let moved = event.data.movedFrom { words += [moved, "to"] }
        if let key = event.data.origin?.key { words.append(key + (event.data.version.map { "@\($0)" } ?? "")) }
        if let word = event.data.class ?? event.data.reason ?? event.data.state { words.append(word) }
        if event.data.forkedFrom != nil { words.append("forked") }
        if event.data.backfill == true { words.append("backfill") }
        return words.joined(separator: " ")
    }

    func events() throws -> [StreamLine] {
        try LedgerReader(path: path).lines(after: 0, limitBytes: .max).map { try StreamLine($0.bytes) }
    }
}

/// An item whose raw bytes are its text.
func item(_ text: String, id: String? = nil, url: String? = nil, author: String? = nil, date: Int64? = nil) -> Item {
    Item(
        id: id, url: url, datePublished: date.map { ItemDate(milliseconds: $0) }, authors: author.map { [Author(name: $0)] } ?? [], text: text,
        rawHash: Item.rawHash(title: nil, body: Array(text.utf8)))
}

/// Each item with its key.
private func keyed(_ items: [Item], by keys: [SightingKey]) -> Zip2Sequence<[SightingKey], [Item]> {
    precondition(keys.count == items.count, "an item without a key, or a key without an item")
    return zip(keys, items)
}

extension SourceRow {
    /// A file that is one article.
    func file(_ path: String, _ text: String, missing: Set<String> = [], author: String? = nil) -> Report {
        Report(
            source: id,
            finding: .capture(
                CaptureFacts(locator: path, rawHash: ContentHash.of(Array(text.utf8)), stamp: 1, format: "text"),
                .document(SeenDocument([SeenItem(key: SightingKey(path, .path), item: item(text, author: author))]))),
            missing: missing)
    }

    /// A file that lists several items, by id and text.
    func list(_ path: String, _ items: KeyValuePairs<String, String>, isWindow: Bool = false, isPartial: Bool = false) -> Report {
        let items = items.map { item($1, id: $0) }
        return Report(
            source: id,
            finding: .capture(
                CaptureFacts(locator: path, rawHash: ContentHash.of(Array("\(items)".utf8)), format: "json"),
                .document(
                    SeenDocument(
                        keyed(items, by: fileKeys(items, path: path)).map { SeenItem(key: $0, item: $1) }, isWindow: isWindow,
                        isPartial: isPartial))))
    }

    /// A feed's document.
    /// - Parameter leftOut: items that it shows too, above a limit.
    func document(
        _ items: [Item], isPartial: Bool = false, leftOut: [Item] = [], tombstones: [String] = [], etag: String? = nil
    ) -> Report {
        Report(
            source: id,
            finding: .capture(
                facts(items, etag: etag),
                .document(
                    SeenDocument(
                        entries: keyed(items, by: feedKeys(items)).map { .seen(SeenItem(key: $0, item: $1)) }, isWindow: true,
                        isPartial: isPartial || items.isEmpty || !leftOut.isEmpty,
                        leftOutKeys: isPartial ? nil : Set(feedKeys(leftOut).map(\.value)),
                        tombstones: tombstones))))
    }

    private func facts(_ items: [Item], etag: String? = nil) -> CaptureFacts {
        CaptureFacts(locator: locator, rawHash: ContentHash.of(Array("\(items)".utf8)), format: "rss", status: 200, etag: etag)
    }

    /// The same, read with what the ledger `shown` says: of items that it knows nothing is derived.
    func document(_ items: [Item], knowing shown: [SightingKey: ShownItem]) -> Report {
        let entries = keyed(items, by: feedKeys(items)).map { key, item -> SeenDocument.Entry in
            shown[key] == ShownItem(rawHash: item.rawHash, metadata: item.metadata)
                ? .known(UnchangedItem(key: key, item: item)) : .seen(SeenItem(key: key, item: item))
        }
        return Report(
            source: id,
            finding: .capture(
                facts(items), .document(SeenDocument(entries: entries, isWindow: true, isPartial: items.isEmpty))))
    }

    /// The feed's document was asked for, and is what it was.
    func unchanged(status: Int) -> Report {
        Report(source: id, finding: .capture(CaptureFacts(locator: locator, status: status), .unchanged))
    }

    func unreadable(_ path: String, etag: String? = nil) -> Report {
        Report(source: id, finding: .capture(CaptureFacts(locator: path, problem: "not text", etag: etag), .unreadable))
    }
}

// One report each, for tests that look at a single thing.
extension Ledger {
    func remove(
        _ locators: [String], of source: SourceID, pass: RemovalPass?, at now: Int64
    ) throws(StoreError) -> ReportOutcome? {
        try commit([Report(source: source, finding: .gone(locators, pass))], at: now).outcomes.first
    }

    func record(_ look: SourceLook, of source: SourceID, at now: Int64) throws(StoreError) {
        _ = try commit([Report(source: source, finding: .nothing, look: look)], at: now)
    }

    func completeImport(of source: SourceID, at now: Int64) throws(StoreError) {
        var report = Report(source: source, finding: .nothing)
        report.completesImport = true
        _ = try commit([report], at: now)
    }
}
