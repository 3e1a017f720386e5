import Foundation
import Logging
import TestSupport
import Testing
import TidingsCore
import TidingsFailpoints
import TidingsStore
import TidingsStream

@testable import TidingsDaemon

/// Retention as the daemon does it, files and rows and versions and captures, dying at each of its steps.
@Suite("retention") struct RetentionTests {
    private static let day: Int64 = 86_400_000
    /// A day's worth goes each day; the last day is day 5.
    private static let now = CommandState.start + 6 * day

    private static var settings: RetentionSettings {
        var settings = RetentionSettings()
        // Days 4 and 5 stay in files, days 2 to 5 as rows.
        settings.changeFiles.ageMilliseconds = 5 * day / 2
        settings.changes.ageMilliseconds = 9 * day / 2
        settings.captureAgeMilliseconds = day
        settings.versions.count = 2
        return settings
    }

    /// What is left, whatever happened on the way.
    private struct Left: Equatable {
        var files: [String]
        var firstRow: Int64
        var last: Int64
        var versions: [Int]
        var counts: LedgerCounts
        var captures: [Int]
    }

    @Test("a kill at any step, and another at any after it, leaves no hole; what is left in the end is the same")
    func killed() async throws {
        let template = try TemporaryState()
        try await fill(template)
        let clean = try TemporaryState(copying: template)
        try await prune(clean)
        let expected = try left(clean)
        #expect(expected.versions == [1, 4, 5])
        #expect(expected.captures == [12, 0])
        #expect(expected.firstRow == 15)
        #expect(expected.files.count == 3)

        var step = 0
        var wasKilled = true
        while wasKilled {
            step += 1
            // The second death at any step in the long form, at one or two in the short.
            var second = isLongRun ? 0 : step % 5
            var wasKilledAgain = true
            while wasKilledAgain {
                second += isLongRun ? 1 : 9
                let state = try TemporaryState(copying: template)
                wasKilled = try await dies(at: step, state)
                try expectReadable(state, "killed at \(step)")
                wasKilledAgain = try await dies(at: second, state)
                try expectReadable(state, "killed at \(step), then at \(second)")
                try await prune(state)
                try expectReadable(state, "killed at \(step), then at \(second)")
                #expect(try left(state) == expected, "killed at \(step), then at \(second)")
            }
        }
        #expect(step > 15)
    }

    @Test("by size, what is kept fits it, and is counted on from round to round")
    func size() async throws {
        let state = try TemporaryState()
        try await fill(state)
        var settings = RetentionSettings()
        settings.changes.bytes = 5_000
        let ledger = try Ledger(path: state.folder.database)
        let changeFile = try await Self.changeFile(state, ledger)
        let retention = Self.retention(settings, state, ledger, changeFile)
        let reader = try LedgerReader(path: state.folder.database)
        let source = try LedgerReader(path: state.folder.database).sources()[0]
        for round in 0..<4 {
            _ = try await ledger.commit((0..<20).map { Self.report(source.id, "more-\(round)-\($0)", "Tide.") }, at: Self.now)
            try await changeFile.deliverAll()
            _ = try await changeFile.rotate()
            let removed = try await retention.prune(at: Self.now)
            let bytes = try #require(try reader.changeBytes(after: 0)).bytes
            let oldest = Int64(try (reader.lines(after: 0, limitBytes: 1) as [CommittedLine])[0].bytes.count)
            #expect(removed.changes > 0)
            #expect(bytes <= 5_000 && bytes + oldest + 200 > 5_000, "\(bytes)")
        }
    }

    @Test("the bodies of pages that were captured first go, and the rest fits")
    func pageBodies() async throws {
        let state = try TemporaryState()
        let ledger = try Ledger(path: state.folder.database)
        let urls = (1...150).map { "https://a.test/\($0)" }
        let list = ConfiguredSource(name: "list", kind: .page, locator: "", pages: urls)
        let source = try await ledger.configure([list], at: Self.now).rows[0]
        let reader = try LedgerReader(path: state.folder.database)
        var reports: [Report] = []
        for due in try reader.pages(of: source.id, now: Self.now) {
            let page = try #require(try reader.page(due.page, now: Self.now))
            let text = "Boat \(page.locator) lies in the harbour."
            let hash = ContentHash.of(Array(text.utf8))
            var look = PageReport(
                page: page.id, finding: .article(SeenItem(key: page.key, item: Item(text: text, rawHash: hash)), nil),
                facts: CaptureFacts(locator: page.locator, rawHash: hash), request: PageRequest(url: page.locator), begun: Self.now,
                recheck: .decay, jitter: 0)
            look.body = PageBody(Array(text.utf8), rawHash: hash)
            reports += Array(repeating: Report(source: source.id, finding: .page(look)), count: 2)
        }
        _ = try await ledger.commit(reports, at: Self.now)
        var settings = RetentionSettings()
        settings.pageBodies.bytes = try reader.pageBodyBytes() / 5
        let retention = Self.retention(settings, state, ledger, try await Self.changeFile(state, ledger))
        // In more steps than one.
        #expect(try await (110...130).contains(retention.prune(at: Self.now).pageBodies))
        #expect(try reader.pageBodyBytes() <= settings.pageBodies.bytes ?? 0)
        #expect(try await retention.prune(at: Self.now).pageBodies == 0)
    }

    // MARK: a state

    /// Five days with a segment each; `a` gets a version each day, ten other articles come, and a source goes.
    private func fill(_ state: TemporaryState) async throws {
        let ledger = try Ledger(path: state.folder.database)
        let docs = ConfiguredSource(name: "docs", kind: .folder, locator: "/docs")
        let old = ConfiguredSource(name: "old", kind: .folder, locator: "/old")
        let rows = try await ledger.configure([docs, old], at: CommandState.start + Self.day).rows
        let changeFile = try await Self.changeFile(state, ledger)
        for day in 1...5 {
            let now = CommandState.start + Int64(day) * Self.day
            var reports = [Self.report(rows[0].id, "a", "Tide \(day)."), Self.report(rows[0].id, "b", "Gull \(day % 2).")]
            for number in 0..<(day == 1 ? 10 : 0) { reports.append(Self.report(rows[0].id, "n\(number)", "Note \(number).")) }
            for number in 0..<(day == 2 ? 3 : 0) { reports.append(Self.report(rows[1].id, "o\(number)", "Old \(number).")) }
            _ = try await ledger.commit(reports, at: now)
            if day == 4 { _ = try await ledger.configure([docs], at: now) }
            try await changeFile.deliverAll()
            _ = try await changeFile.rotate()
        }
    }

    static func report(_ source: SourceID, _ path: String, _ text: String) -> Report {
        let item = Item(text: text, rawHash: Item.rawHash(title: nil, body: Array(text.utf8)))
        return Report(
            source: source,
            finding: .capture(
                CaptureFacts(locator: path, rawHash: item.rawHash, bytes: text.utf8.count, format: "text"),
                .document(SeenDocument([SeenItem(key: SightingKey(path, .path), item: item)]))))
    }

    private static func changeFile(_ state: TemporaryState, _ ledger: Ledger) async throws -> SinkLoop<ChangeFileSink> {
        var limits = ChangeFile.Limits()
        limits.rotationSpacingSeconds = 0
        return try await SinkLoop(
            state: state.folder, ledger: ledger, limits: limits, nowMilliseconds: { now }, progress: Progress(name: "change file"),
            health: Health(), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private static func retention(
        _ settings: RetentionSettings, _ state: TemporaryState, _ ledger: Ledger, _ changeFile: SinkLoop<ChangeFileSink>
    ) -> Retention {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let committer = Committer(ledger: ledger, signal: CommitSignal(), health: Health(), logger: logger)
        return Retention(
            settings: settings, state: state.folder, committer: committer, changeFile: changeFile, sinks: [changeFile],
            progress: Progress(name: "retention"), health: Health(), logger: logger)
    }

    /// As a start of the daemon does it: recovery first.
    private func prune(_ state: TemporaryState) async throws {
        let ledger = try Ledger(path: state.folder.database)
        let changeFile = try await Self.changeFile(state, ledger)
        try await changeFile.deliverAll()
        _ = try await Self.retention(Self.settings, state, ledger, changeFile).prune(at: Self.now)
    }

    private func dies(at step: Int, _ state: TemporaryState) async throws -> Bool {
        do {
            try await FailurePlan.$current.withValue(FailurePlan("*=die@\(step)-")) { try await prune(state) }
            return false
        } catch let error as StoreError where error.reason == .other(code: Fault.death) {
            return true
        } catch let fault as Fault where fault.code == Fault.death {
            return true
        }
    }

    private func left(_ state: TemporaryState) throws -> Left {
        let reader = try LedgerReader(path: state.folder.database)
        #expect(try reader.check() == [])
        return Left(
            files: try FileManager.default.contentsOfDirectory(atPath: state.folder.streamFolder).sorted(),
            firstRow: try reader.firstSequence(), last: try reader.lastSequence(),
            versions: try reader.versions(of: ArticleID(source: "docs", key: "a")).map(\.summary.number),
            counts: try reader.counts(), captures: try reader.sourceStatuses().map(\.captures))
    }

    /// Who reads files gets all from any number on that they keep, and the rows have no hole.
    private func expectReadable(_ state: TemporaryState, _ note: String) throws {
        let ledger = try LedgerReader(path: state.folder.database)
        let last = try ledger.lastSequence()
        let rows: [(sequence: Int64, bytes: [UInt8])] = try ledger.lines(after: 0, limitBytes: .max)
        #expect(rows.map(\.sequence) == Array(try ledger.firstSequence()...last), "\(note)")
        let oldest = try #require(try ChangeReader.oldest(in: state.folder.streamFolder))
        for number in (oldest - 1)...last {
            var reader = try ChangeReader(folder: state.folder.streamFolder, from: .after(number), isFollowing: false)
            var seen: [Int64] = []
            while case .line(let sequence, let bytes)? = try reader.next() {
                seen.append(sequence)
                if let row = rows.first(where: { $0.sequence == sequence }) { #expect(row.bytes == bytes, "\(note)") }
            }
            #expect(seen == Array(number..<last).map { $0 + 1 }, "\(note)")
        }
    }
}

/// A state folder that is removed with the test.
final class TemporaryState {
    let folder: StateFolder
    private let base = temporaryFolder + "/tidings-retention-\(UUID().uuidString)"

    init(copying other: TemporaryState? = nil) throws {
        folder = StateFolder(path: base + "/state")
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        if let other { try FileManager.default.copyItem(atPath: other.folder.path, toPath: folder.path) } else { try folder.prepare() }
    }

    deinit { try? FileManager.default.removeItem(atPath: base) }
}
