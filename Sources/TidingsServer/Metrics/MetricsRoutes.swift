import HTTPTypes
import Hummingbird
import Synchronization
import TidingsCore
import TidingsStore
import TidingsSystem

/// `GET /metrics`, `/healthz`, `/readyz`: what monitors ask.
func addMetricsRoutes(to routes: Routes, _ state: ServerState) {
    let articles = ArticleCounts()
    routes.get("metrics") { request, _ in
        _ = try RequestQuery(request, known: [])
        let format = MetricsText.Format(for: request)
        let text = try await state.metrics(articles).text(format)
        return Response(type: format.contentType, headers: [.cacheControl: "no-store", .vary: "Accept"], bytes: Array(text.utf8))
    }
    routes.get("healthz") { request, _ in
        _ = try RequestQuery(request, known: [])
        return Response.json(Array(#"{"status":"live"}"#.utf8), headers: [.cacheControl: "no-store"])
    }
    routes.get("readyz") { request, _ in
        _ = try RequestQuery(request, known: [])
        let reasons = try await state.hindrances()
        if !reasons.isEmpty {
            throw Problem(.serviceUnavailable, reasons.joined(separator: "; "), headers: [.cacheControl: "no-store", .retryAfter: "10"])
        }
        return Response.json(Array(#"{"status":"ready"}"#.utf8), headers: [.cacheControl: "no-store"])
    }
}

extension MetricsText.Format {
    /// OpenMetrics for who names it, else the older format: as Prometheus' own libraries answer.
    fileprivate init(for request: Request) {
        let best = AcceptedType.best(of: ["text/plain", "application/openmetrics-text"], for: request)
        self = best == "text/plain" ? .plain : .openMetrics
    }

    fileprivate var contentType: String {
        switch self {
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        case .plain: "text/plain; version=0.0.4; charset=utf-8"
        }
    }
}

/// How many articles each source shows, as of the newest change when they were counted: counting reads all sightings.
private final class ArticleCounts: Sendable {
    private let known = Mutex<(newest: Int64, counts: [SourceID: Int])?>(nil)

    func counts(_ ledger: LedgerReader, newest: Int64) throws -> [SourceID: Int] {
        if let known = known.withLock({ $0 }), known.newest == newest { return known.counts }
        let counts = try ledger.articlesBySource()
        known.withLock { $0 = (newest, counts) }
        return counts
    }
}

extension ServerState {
    /// A sink that lacks a change for longer than this lags.
    private static let lagLimitSeconds = 60.0

    fileprivate func metrics(_ articles: ArticleCounts) async throws -> Metrics {
        let figures = await daemon.figures()
        let published = recent.cursor.sequence
        let traffic = Metrics.Traffic(
            connections: traffic.connections.load(ordering: .relaxed), followers: recent.followers, answers: traffic.answers)
        let (database, streamFolder, searchIndex) = (database, streamFolder, searchIndex)
        return try await ledger.read { reader in
            let ledger = try reader.figures()
            return Metrics(
                ledger: ledger, articles: try articles.counts(reader, newest: ledger.newest), published: published,
                files: Metrics.FileSizes(database: database, streamFolder: streamFolder, searchIndex: searchIndex),
                lags: try Metrics.Lag.all(figures.sinks, reader), traffic: traffic, daemon: figures, process: ProcessFigures())
        }
    }

    /// Why the daemon does not do all that it is there for, each in a few words; none if it does.
    fileprivate func hindrances() async throws -> [String] {
        let figures = await daemon.figures()
        let lags = try await ledger.read { try Metrics.Lag.all(figures.sinks, $0) }
        return [figures.trouble].compactMap { $0 } + figures.stuckParts.map { "\($0): no progress" }
            + lags.filter { $0.seconds > Self.lagLimitSeconds }.map { "\($0.sink): lags by \(Int($0.seconds)) seconds" }
    }
}

extension Metrics.Lag {
    /// Of the daemon's own sinks, and of the webhooks and commands.
    static func all(_ own: [DaemonFigures.Sink], _ reader: LedgerReader) throws -> [Metrics.Lag] {
        let now = wallClockMilliseconds()
        // The clock may have been set back since.
        func seconds(since time: Int64?) -> Double { time.map { Double(max(0, now - $0)) / 1_000 } ?? 0 }
        return try own.map { sink in
            Metrics.Lag(
                sink: sink.name, confirmed: sink.confirmed, seconds: seconds(since: try reader.commitTime(after: sink.confirmed)), standing: nil)
        } + reader.sinks().filter(\.isConfigured).map { sink in
            Metrics.Lag(
                sink: sink.record.name, confirmed: sink.record.confirmed, seconds: seconds(since: sink.lacksSince),
                standing: sink.record.state.standing)
        }
    }
}

extension Metrics.FileSizes {
    init(database path: String, streamFolder: String, searchIndex index: String) {
        func size(_ path: String) -> Int64? { (try? FileStatus(path: path))?.size }
        database = size(path) ?? 0
        log = size(path + "-wal") ?? 0
        changeFiles = sizeOfFiles(in: streamFolder) { $0.hasPrefix("changes") }
        searchIndex = size(index)
    }
}
