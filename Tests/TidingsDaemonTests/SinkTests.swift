import CSQLite
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import TidingsCore
import TidingsStore
import TidingsStream
import TidingsSystem

@testable import TidingsDaemon

/// Sinks beside each other: the change file, and one that can be made to fail.
@Suite("sinks", .timeLimit(.minutes(1))) struct SinkTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// A ledger, the change file and a second sink, as the daemon wires them.
    private struct Scene {
        let state: TemporaryState
        let ledger: Ledger
        let changeFile: SinkLoop<ChangeFileSink>
        let mirror = Mirror()
        let mirrorLoop: SinkLoop<MirrorSink>
        let health = Health()
        let committer: Committer
        let source: SourceID

        var sinks: [any SinkService] { [changeFile, mirrorLoop] }

        init() async throws {
            state = try TemporaryState()
            ledger = try Ledger(path: state.folder.database)
            let docs = ConfiguredSource(name: "docs", kind: .folder, locator: "/docs")
            source = try await ledger.configure([docs], at: CommandState.start).rows[0].id
            var limits = ChangeFile.Limits()
            limits.rotationSpacingSeconds = 0
            changeFile = try await SinkLoop(
                state: state.folder, ledger: ledger, limits: limits, progress: Progress(name: "change file"), health: health,
                logger: SinkTests.logger)
            mirrorLoop = SinkLoop(
                MirrorSink(try LedgerReader(path: state.folder.database), mirror), progress: Progress(name: "mirror"), health: health,
                logger: SinkTests.logger, retryPauses: [.milliseconds(1)])
            let signal = CommitSignal()
            committer = Committer(ledger: ledger, signal: signal, health: health, logger: SinkTests.logger)
            for sink in sinks { signal.subscribe(sink.wake) }
        }

        func commit(_ names: Range<Int>) async throws {
            _ = try await committer.commit(
                names.map { RetentionTests.report(source, "note-\($0)", "Tide \($0).") }, progress: Progress(name: "test"))
        }

        func waitForChangeFile(_ sequence: Int64) async throws {
            #expect(
                try waitForChange(sequence, ofStream: await ledger.stream, in: state.folder.streamFolder, limitMilliseconds: 30_000))
        }

        func published() throws -> [CommittedLine] {
            var reader = try ChangeReader(folder: state.folder.streamFolder, from: .after(0), isFollowing: false)
            var lines: [CommittedLine] = []
            while case .line(let sequence, let bytes)? = try reader.next() {
                lines.append(CommittedLine(sequence: sequence, bytes: bytes))
            }
            return lines
        }

        func firstRow() throws -> Int64 { try LedgerReader(path: state.folder.database).firstSequence() }
    }

    @Test("one that fails is tried again, gets each change once and in order, and holds back retention but not the change file")
    func second() async throws {
        let scene = try await Scene()
        scene.mirror.fail(after: 7)
        var settings = RetentionSettings()
        settings.changes.ageMilliseconds = 1
        let retention = Retention(
            settings: settings, state: scene.state.folder, committer: scene.committer, changeFile: scene.changeFile, sinks: scene.sinks,
            progress: Progress(name: "retention"), health: scene.health, logger: Self.logger)
        let muchLater = wallClockMilliseconds() + 1_000_000
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: scene.sinks.map { .init(service: $0) }, logger: Self.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }

            // 1 is the source.
            try await scene.commit(0..<11)
            try await scene.commit(11..<20)
            try await scene.waitForChangeFile(21)
            await scene.mirror.waitForRefusals(3)
            #expect(scene.mirror.lines.map(\.sequence) == Array(1...7))
            #expect(await scene.mirrorLoop.confirmed == 7)
            #expect(scene.health.message == "mirror: \(MirrorError.refused)")

            // The live segment begins after all that is published, so that only the mirror needs rows.
            _ = try await scene.changeFile.rotate()
            #expect(await scene.changeFile.liveFirst == 22)
            #expect(await scene.changeFile.confirmed == 21)
            #expect(try await retention.prune(at: muchLater).changes == 7)
            #expect(try scene.firstRow() == 8)

            scene.mirror.fail(after: nil)
            await scene.mirror.waitForLines(21)
            #expect(await scene.mirrorLoop.confirmed == 21)
            // The newest row always stays.
            #expect(try await retention.prune(at: muchLater).changes == 13)
            #expect(try scene.firstRow() == 21)

            // What is committed before the stop is delivered.
            try await scene.commit(20..<25)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(scene.health.message == nil)
        let lines = try scene.published()
        #expect(lines.map(\.sequence) == Array(1...26))
        #expect(scene.mirror.lines == lines)
    }

    @Test("a stop does not wait for one that fails")
    func stopped() async throws {
        let scene = try await Scene()
        scene.mirror.fail(after: 0)
        try await scene.commit(0..<3)
        let loop = scene.mirrorLoop
        let run = Task { try await loop.run() }
        await scene.mirror.waitForRefusals(1)
        run.cancel()
        try await run.value
        #expect(scene.mirror.lines == [])
    }

    @Test("an error that does not pass ends the work")
    func failed() async throws {
        let scene = try await Scene()
        scene.mirror.fail(after: 2, with: .broken)
        try await scene.commit(0..<3)
        await #expect(throws: MirrorError.broken) { try await scene.mirrorLoop.run() }
        #expect(scene.mirror.lines.count == 2)
        #expect(await scene.mirrorLoop.confirmed == 2)
    }

    @Test("nobody who asks how far the search index is waits for its work")
    func indexAtWork() async throws {
        let state = try TemporaryState()
        _ = try Ledger(path: state.folder.database)
        let indexer = try SearchIndexer(
            state: state.folder, progress: Progress(name: "search index"), health: Health(), logger: Self.logger)
        let begun = Alarm()
        let end = DispatchSemaphore(value: 0)
        async let work: Void = Self.occupy(indexer, begun, until: end)
        await begun.wait()
        let sink: any SinkService = indexer
        #expect(sink.name == "search index")
        #expect(await sink.confirmed == nil)
        end.signal()
        await work
        try await indexer.deliverAll()
        #expect(await sink.confirmed == 0)
    }

    /// Keeps the indexer's thread at work.
    private static func occupy(_: isolated SearchIndexer, _ begun: Alarm, until end: DispatchSemaphore) {
        begun.ring()
        end.wait()
    }

    @Test("the search index keeps little memory when it has caught up")
    func indexAtRest() async {
        // In a process of its own: SQLite counts the memory of all connections together.
        await #expect(processExitsWith: .success) {
            let scene = try await Scene()
            var random = Seeded(seed: 1)
            let letters = Array("abcdefghij  ".unicodeScalars)
            let reports = (0..<200).map { RetentionTests.report(scene.source, "note-\($0)", random.text(of: letters, length: 8_000)) }
            _ = try await scene.committer.commit(reports, progress: Progress(name: "test"))
            try await scene.ledger.releaseMemory()
            let before = sqlite3_memory_used()
            let caughtUp = Alarm()
            let indexer = try SearchIndexer(
                state: scene.state.folder, caughtUp: caughtUp, progress: Progress(name: "search index"), health: Health(),
                logger: SinkTests.logger)
            let running = Task { try await indexer.run() }
            await caughtUp.wait(until: .now + .seconds(60))
            let used = sqlite3_memory_used() - before
            #expect(await indexer.confirmed == scene.ledger.lastSequence)
            #expect(used < 1 << 20, "\(used) bytes")
            running.cancel()
            try await running.value
        }
    }

    @Test("the change file is repaired although nothing is new")
    func edited() async throws {
        let scene = try await Scene()
        try await scene.commit(0..<3)
        try await scene.changeFile.deliverAll()
        let path = scene.state.folder.streamFolder + "/changes.ndjson"
        let bytes = try Data(contentsOf: URL(filePath: path))
        try (bytes + Data("tide\n".utf8)).write(to: URL(filePath: path))
        try await scene.changeFile.deliverAll()
        #expect(try scene.published().map(\.sequence) == Array(1...4))
        #expect(FileManager.default.fileExists(atPath: path + ".damaged"))
    }
}

private enum MirrorError: RetryableError {
    case refused, broken

    var isTransient: Bool { self == .refused }
}

/// Keeps in memory what it gets.
private struct MirrorSink: Sink {
    let name = "mirror"
    let rows: any CommittedLines
    private let mirror: Mirror

    init(_ rows: any CommittedLines, _ mirror: Mirror) {
        self.rows = rows
        self.mirror = mirror
    }

    var confirmed: Int64 { mirror.lines.last?.sequence ?? 0 }

    func deliver(_ batch: [CommittedLine]) throws {
        for line in batch { try mirror.take(line) }
    }
}

/// What a `MirrorSink` has, for both the sink and the test.
private final class Mirror: Sendable {
    private struct State {
        var lines: [CommittedLine] = []
        var refusals = 0
        /// How many lines it takes; nil for all.
        var limit: Int?
        var error = MirrorError.refused
    }
    private let state = Mutex(State())
    private let changed = Alarm()

    var lines: [CommittedLine] { state.withLock { $0.lines } }

    func fail(after limit: Int?, with error: MirrorError = .refused) {
        state.withLock { state in
            state.limit = limit
            state.error = error
        }
    }

    func take(_ line: CommittedLine) throws {
        defer { changed.ring() }
        try state.withLock { state in
            if let limit = state.limit, state.lines.count >= limit {
                state.refusals += 1
                throw state.error
            }
            state.lines.append(line)
        }
    }

    func waitForRefusals(_ count: Int) async {
        while state.withLock({ $0.refusals }) < count { await changed.wait() }
    }

    func waitForLines(_ count: Int) async {
        while state.withLock({ $0.lines.count }) < count { await changed.wait() }
    }
}
