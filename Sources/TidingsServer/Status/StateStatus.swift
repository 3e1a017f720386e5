import FoundationEssentials
import TidingsStore
import TidingsStream
import TidingsSystem

/// How a state folder is doing, at one moment.
package struct StateStatus: Sendable {
    /// Absolute path of the state folder.
    package let path: String
    /// When it was looked at.
    package let milliseconds: Int64
    package let daemon: DaemonStatus
    package let counts: LedgerCounts
    package let sources: [SourceStatus]
    /// Webhooks and commands.
    package let sinks: [SinkStatus]
    package let stream: StreamStatus
    package let databaseBytes: Int64
    /// Of these, what the stored bodies of pages take; nil if there are none. Where there are many, estimated.
    package let pageBodyBytes: Int64?
    /// Nil if there is no search index.
    package let search: SearchStatus?

    init(
        path: String, milliseconds: Int64, daemon: DaemonStatus, counts: LedgerCounts, sources: [SourceStatus], stream: StreamStatus,
        sinks: [SinkStatus], databaseBytes: Int64, pageBodyBytes: Int64?, search: SearchStatus?
    ) {
        self.path = path
        self.milliseconds = milliseconds
        self.daemon = daemon
        self.counts = counts
        self.sources = sources
        self.stream = stream
        self.databaseBytes = databaseBytes
        self.pageBodyBytes = pageBodyBytes
        self.search = search
        self.sinks = sinks
    }

    /// - Throws: `StoreError`. Change files that cannot be read are a part of the status.
    package init(
        path: String, databaseFolder: String, streamFolder: String, ledger: LedgerReader, daemon: DaemonStatus
    ) throws {
        self.path = path
        milliseconds = wallClockMilliseconds()
        self.daemon = daemon
        counts = try ledger.counts()
        sources = try ledger.sourceStatuses()
        sinks = try ledger.sinks()
        stream = try StreamStatus(folder: streamFolder, ledger)
        pageBodyBytes = try ledger.pageBodyEstimate()
        databaseBytes = sizeOfFiles(in: databaseFolder) { $0.hasPrefix("tidings.db") }
        search = try? SearchStatus(
            SearchIndex(path: databaseFolder + "/search.db", ledger: ledger), bytes: sizeOfFiles(in: databaseFolder) { $0.hasPrefix("search.db") })
    }
}

/// How far the search index is.
package struct SearchStatus: Equatable, Sendable {
    package let versions: Int
    /// Changes that it lacks.
    package let lag: Int64
    package let isBeingBuilt: Bool
    package let bytes: Int64

    init(versions: Int, lag: Int64, isBeingBuilt: Bool, bytes: Int64) {
        self.versions = versions
        self.lag = lag
        self.isBeingBuilt = isBeingBuilt
        self.bytes = bytes
    }

    init(_ index: SearchIndex, bytes: Int64) throws {
        versions = try index.documents()
        lag = try index.lag()
        isBeingBuilt = try index.state().built != nil
        self.bytes = bytes
    }
}

extension StateStatus {
    /// How many changes a sink lacks: of all, also of those that it does not ask for.
    package func lag(of sink: SinkStatus) -> Int64 {
        sink.record.stream == stream.id ? max(0, stream.committed - sink.record.confirmed) : stream.committed
    }

    /// How long changes may wait for a sink that does not fail before a person should look.
    private static let patienceMilliseconds: Int64 = 60_000

    /// Whether a sink is to be warned of: it does not go on, has missed changes, or lags for more than a minute.
    package func needsAttention(_ sink: SinkStatus) -> Bool {
        guard sink.isConfigured else { return false }
        let lagsLong = sink.lacksSince.map { milliseconds - $0 > Self.patienceMilliseconds } ?? false
        let isSilent = sink.record.state.lastAnswerAt.map { milliseconds - $0 > Self.patienceMilliseconds } ?? true
        return sink.record.state.needsAttention(now: milliseconds) || lagsLong && isSilent
    }
}

/// How far the stream is, in the ledger and in the change files.
package struct StreamStatus: Equatable, Sendable {
    package let id: String
    /// The newest change.
    package let committed: Int64
    /// The newest change in the change files; nil if these cannot be read, and then `problem` says why.
    package let published: Int64?
    package let problem: String?
    /// The oldest change in the change files; nil if these cannot be read.
    package let oldest: Int64?
    /// The oldest change whose row the ledger keeps.
    package let oldestRow: Int64
    package let fileBytes: Int64

    /// Committed changes that wait to be published.
    package var lag: Int64? { published.map { max(0, committed - $0) } }

    init(
        id: String, committed: Int64, published: Int64?, problem: String?, oldest: Int64?, oldestRow: Int64, fileBytes: Int64
    ) {
        self.id = id
        self.committed = committed
        self.published = published
        self.problem = problem
        self.oldest = oldest
        self.oldestRow = oldestRow
        self.fileBytes = fileBytes
    }

    init(folder: String, _ ledger: LedgerReader) throws {
        id = try ledger.stream()
        // The files first: what is committed meanwhile must not count as published before.
        do {
            let reader = try ChangeReader(folder: folder, from: .last(0), isFollowing: false)
            published = reader.stream == id ? reader.last : 0
            problem = nil
        } catch {
            published = nil
            problem = error.description
        }
        committed = try ledger.lastSequence()
        oldest = try? ChangeReader.oldest(in: folder)
        oldestRow = try ledger.firstSequence()
        fileBytes = sizeOfFiles(in: folder) { $0.hasPrefix("changes") }
    }
}

/// The sizes of the files in `folder` whose names are meant, together.
func sizeOfFiles(in folder: String, _ isMeant: (String) -> Bool) -> Int64 {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter(isMeant).reduce(0) { sum, name in
        sum + ((try? FileStatus(path: "\(folder)/\(name)"))?.size ?? 0)
    }
}
