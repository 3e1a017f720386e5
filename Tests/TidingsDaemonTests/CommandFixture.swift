import Foundation
import TestSupport
import TidingsCore
import TidingsStore
import TidingsStream

@testable import TidingsDaemon

/// A state folder as a daemon leaves it: a real ledger, a real change file, and settings that name them.
///
/// The folder source `harbour` has shown `tides.txt` in two versions and `gulls.txt` in one; what they say is `CommandState.tides`
/// and so on. The feed `far-coast` fails. Six changes in all: 1 and 2 are the sources.
final class CommandState: Sendable {
    static let start: Int64 = 1_770_000_000_000
    static let tides = ["The tide comes at noon.\nBoats wait.", "The tide comes at dusk.\nBoats wait."]
    static let gulls = "Gulls \"shout\".\nNobody answers."

    let folder: StateFolder
    let settings: String
    private let base: String

    init() async throws {
        base = temporaryFolder + "/tidings-commands-\(UUID().uuidString)"
        folder = StateFolder(path: base + "/state")
        settings = base + "/tidings.yaml"
        try folder.prepare()
        try FileManager.default.createDirectory(atPath: base + "/harbour", withIntermediateDirectories: true)
        try """
        state: state
        folders:
          - { name: harbour, path: harbour }
        feeds:
          - { name: far-coast, url: "https://far-coast.example/feed.xml" }
        """.write(toFile: settings, atomically: true, encoding: .utf8)

        let ledger = try Ledger(path: folder.database)
        let rows = try await ledger.configure(
            [
                ConfiguredSource(name: "harbour", kind: .folder, locator: base + "/harbour"),
                ConfiguredSource(name: "far-coast", kind: .feed, locator: "https://far-coast.example/feed.xml"),
            ], at: Self.start
        ).rows
        let reports = [
            Self.report(rows[0].id, "tides.txt", title: "Tides \u{1B}[31mtoday", Self.tides[0]),
            Self.report(rows[0].id, "tides.txt", title: "Tides \u{1B}[31mtoday", Self.tides[1]),
            Self.report(rows[0].id, "gulls.txt", title: "Gulls", Self.gulls),
        ]
        for (position, report) in reports.enumerated() {
            _ = try await ledger.commit([report], at: Self.start + Int64(position + 1) * 1000)
        }
        let throttled = PollPlan.next(
            after: .rejected(status: 503, retryAfter: "3600", failure: "throttled"), to: PollRequest(),
            state: PollState(nextPoll: Self.start), settings: PollSettings(), now: Self.start, jitter: 0)
        let look = SourceLook(
            state: .failing, detail: "the server says 503; it is asked again in an hour", succeeded: false)
        let poll = PollRow(
            locator: rows[1].locator, host: "far-coast.example", dueMilliseconds: throttled.nextPoll, state: throttled.json)
        _ = try await ledger.commit(
            [
                Report(source: rows[0].id, finding: .nothing, look: SourceLook(state: .ok)),
                Report(source: rows[1].id, finding: .nothing, look: look, poll: poll),
            ], at: Self.start + 4000)
        try publish()
    }

    deinit { try? FileManager.default.removeItem(atPath: base) }

    /// Brings the change file up to what is committed.
    func publish() throws {
        let reader = try LedgerReader(path: folder.database)
        let now = Self.start + 10_000
        var file = try ChangeFile(
            folder: folder.streamFolder, stream: reader.stream(), committed: reader, nowMilliseconds: { now })
        _ = try file.publish()
    }

    /// Commits one article more, unpublished.
    func commitGull(_ number: Int) async throws {
        let ledger = try Ledger(path: folder.database)
        let source = try LedgerReader(path: folder.database).sources()[0].id
        let report = Self.report(source, "gull-\(number).txt", title: "Gull \(number)", "It flies, number \(number).")
        _ = try await ledger.commit([report], at: Self.start + 20_000)
    }

    /// Commits what the file `path` shows now, unpublished.
    /// - Returns: the article's id.
    func commit(_ path: String, title: String, author: String = "Ada Pier", tags: [String] = [], _ text: String, after seconds: Int64) async throws -> String {
        let ledger = try Ledger(path: folder.database)
        let source = try LedgerReader(path: folder.database).sources()[0].id
        let report = Self.report(source, path, title: title, author: author, tags: tags, text)
        _ = try await ledger.commit([report], at: Self.start + seconds * 1000)
        return Self.id(path)
    }

    /// Commits and publishes so many articles more, in one commit.
    func addGulls(_ range: ClosedRange<Int>) async throws {
        let ledger = try Ledger(path: folder.database)
        let source = try LedgerReader(path: folder.database).sources()[0].id
        let reports = range.map { Self.report(source, "gull-\($0).txt", title: "Gull \($0)", "It flies, number \($0).") }
        _ = try await ledger.commit(reports, at: Self.start + 20_000)
        try publish()
    }

    /// Commits an item of the feed `far-coast` with all that HTTP says of a document.
    /// - Returns: the article's id.
    func readFeed() async throws -> String {
        let ledger = try Ledger(path: folder.database)
        let source = try LedgerReader(path: folder.database).sources()[1].id
        let item = Item(title: "Far", text: "Out there.", rawHash: Item.rawHash(title: "Far", body: Array("Out there.".utf8)))
        let facts = CaptureFacts(
            locator: "https://far-coast.example/feed.xml", rawHash: item.rawHash, bytes: 2048, format: "rss", problems: 2,
            problem: "no date", status: 200, finalURL: "https://www.far-coast.example/feed.xml", etag: "\"\u{1B}[31mv1\"",
            lastModified: "Sun, 01 Feb 2026 10:00:00 GMT")
        let document = SeenDocument([SeenItem(key: SightingKey("item-1", .id), item: item)], isWindow: true)
        _ = try await ledger.commit([Report(source: source, finding: .capture(facts, .document(document)))], at: Self.start + 40_000)
        return ArticleID(source: "far-coast", key: "item-1").description
    }

    /// Configures the feed `near-coast` in the place of `far-coast`. Its first look brought nothing and proves nothing.
    func replaceFeed() async throws {
        let ledger = try Ledger(path: folder.database)
        let rows = try await ledger.configure(
            [
                ConfiguredSource(name: "harbour", kind: .folder, locator: base + "/harbour"),
                ConfiguredSource(name: "near-coast", kind: .feed, locator: "https://near-coast.example/feed.xml", host: "near-coast.example"),
            ], at: Self.start + 50_000
        ).rows
        let look = SourceLook(state: .ok, detail: "", succeeded: false)
        _ = try await ledger.commit([Report(source: rows[1].id, finding: .nothing, look: look)], at: Self.start + 50_000)
    }

    /// Lets half of many files vanish at once, which is held.
    func holdRemovals() async throws {
        try await addGulls(1...60)
        let ledger = try Ledger(path: folder.database)
        let source = try LedgerReader(path: folder.database).sources()[0].id
        let report = Report(source: source, finding: .gone((1...60).map { "gull-\($0).txt" }, .usual))
        _ = try await ledger.commit([report], at: Self.start + 60_000)
    }

    /// Begins a new stream, as a daemon does whose database was lost.
    func resetStream() async throws {
        let ledger = try Ledger(path: folder.database)
        try await ledger.resetStream(after: ledger.lastSequence, now: Self.start + 30_000)
        try publish()
    }

    /// The id of the stream.
    var stream: String { get throws { try LedgerReader(path: folder.database).stream() } }

    func run(_ arguments: String...) async throws -> ProgramResult {
        try await RunningProgram(arguments + ["--config", settings]).result()
    }

    func start(_ arguments: String..., output: FileHandle? = nil, environment: [String: String] = ["TZ": "UTC"]) throws -> RunningProgram {
        try RunningProgram(arguments + ["--config", settings], environment: environment, output: output)
    }

    /// The lines as they are in the change file, without its header.
    var changes: [String] {
        get throws {
            let text = try String(contentsOfFile: folder.streamFolder + "/changes.ndjson", encoding: .utf8)
            return text.split(separator: "\n").dropFirst().map(String.init)
        }
    }

    /// The id of the article that was first seen at `key`.
    static func id(_ key: String) -> String { ArticleID(source: "harbour", key: key).description }

    private static func report(
        _ source: SourceID, _ path: String, title: String, author: String = "Ada Pier", tags: [String] = [], _ text: String
    ) -> Report {
        let item = Item(
            title: title, authors: [Author(name: author)], tags: tags, text: text,
            rawHash: Item.rawHash(title: title, body: Array(text.utf8)))
        return Report(
            source: source,
            finding: .capture(
                CaptureFacts(locator: path, rawHash: item.rawHash, bytes: text.utf8.count, format: "text"),
                .document(SeenDocument([SeenItem(key: SightingKey(path, .path), item: item)]))))
    }
}

/// `text` as JSON.
func json(_ text: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    guard let object = value as? [String: Any] else { throw NotAnObject(text: text) }
    return object
}

struct NotAnObject: Error { let text: String }
