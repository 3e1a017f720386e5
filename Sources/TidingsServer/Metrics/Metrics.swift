import TidingsCore
import TidingsStore
import TidingsSystem

/// Everything that `/metrics` shows, at one moment. The names are a contract: fields may be added, none is renamed, and a counter
/// never falls but at a restart.
struct Metrics {
    /// The files of the state folder, with their sizes in bytes.
    struct FileSizes: Equatable {
        let database: Int64
        /// SQLite's log, which the database takes over now and then.
        let log: Int64
        let changeFiles: Int64
        let searchIndex: Int64?
    }

    /// How far a sink is behind.
    struct Lag: Equatable {
        let sink: String
        let confirmed: Int64
        /// How long the oldest change that it lacks has waited; 0 if it lacks none.
        let seconds: Double
        /// How a webhook or command is doing; nil for the daemon's own sinks.
        let standing: SinkState.Standing?
    }

    struct Traffic: Equatable {
        let connections: Int
        let followers: Int
        /// Answers by the class of their status: 2 for 200…299.
        let answers: [Int: Int64]
    }

    let ledger: LedgerFigures
    let articles: [SourceID: Int]
    /// The newest change in the change files.
    let published: Int64
    let files: FileSizes
    let lags: [Lag]
    let traffic: Traffic
    let daemon: DaemonFigures
    let process: ProcessFigures?

    func text(_ format: MetricsText.Format) -> String {
        var text = MetricsText(format, capacity: 16 << 10 + ledger.sources.count << 11)
        text.family("tidings_build", .info, "The program that answers.")
        text.sample(1, [("version", daemon.version)])
        writeSources(&text)
        writeStream(&text)
        writeFiles(&text)
        writeTraffic(&text)
        writeProcess(&text)
        return text.finished()
    }

    private func writeSources(_ text: inout MetricsText) {
        func each(_ write: (SourceFigures, [(String, String)]) -> Void) {
            for figures in ledger.sources { write(figures, [("source", figures.source.name), ("kind", figures.source.kind.rawValue)]) }
        }
        text.family("tidings_source_up", .gauge, "Whether the source can be read: 1 or 0.")
        each { text.sample($0.source.state == .failing || $0.source.state == .gone ? 0 : 1, $1) }
        text.family("tidings_source_state", .stateSet, "The state of the source.")
        each { figures, labels in
            let state = figures.source.state.map(\.rawValue) ?? "new"
            for name in ["new"] + SourceState.allCases.map(\.rawValue) {
                text.sample(name == state ? 1 : 0, labels + [("tidings_source_state", name)])
            }
        }
        text.family("tidings_source_last_success_timestamp_seconds", .gauge, unit: "seconds", "When the source was last read.")
        each { figures, labels in
            if let time = figures.source.lastSuccessMilliseconds { text.sample(seconds(time), labels) }
        }
        text.family("tidings_source_next_due_timestamp_seconds", .gauge, unit: "seconds", "When the source is read next.")
        each { figures, labels in
            if let time = figures.nextDueMilliseconds { text.sample(seconds(time), labels) }
        }
        text.family("tidings_source_consecutive_failures", .gauge, "Failed polls since the last one that succeeded.")
        each { text.sample($0.consecutiveFailures, $1) }
        text.family("tidings_source_articles", .gauge, "Articles that the source shows now.")
        each { text.sample(articles[$0.source.id] ?? 0, $1) }
        text.family("tidings_source_changes", .counter, "Changes that the source has brought.")
        each { figures, labels in
            for type in Self.countedTypes { text.sample(figures.changes[type] ?? 0, labels + [("type", type.rawValue)]) }
        }
    }

    /// What a source brings more than once.
    private static let countedTypes = ChangeType.allCases.filter { $0.rawValue.hasPrefix("article.") || $0 == .sourceGap || $0 == .sourceState }

    private func writeStream(_ text: inout MetricsText) {
        text.family("tidings_stream_newest_sequence", .gauge, "Number of the newest change that is committed.")
        text.sample(ledger.newest)
        text.family("tidings_stream_published_sequence", .gauge, "Number of the newest change in the change files.")
        text.sample(published)
        text.family("tidings_stream_oldest_sequence", .gauge, "Number of the oldest change that is kept.")
        text.sample(ledger.oldest)
        text.family("tidings_sink_confirmed_sequence", .gauge, "Number of the newest change that the sink has and keeps.")
        for lag in lags { text.sample(lag.confirmed, [("sink", lag.sink)]) }
        text.family("tidings_sink_lag_changes", .gauge, "Committed changes that the sink lacks.")
        for lag in lags { text.sample(max(0, ledger.newest - lag.confirmed), [("sink", lag.sink)]) }
        text.family("tidings_sink_lag_seconds", .gauge, unit: "seconds", "For how long the oldest change has waited that the sink lacks.")
        for lag in lags { text.sample(lag.seconds, [("sink", lag.sink)]) }
        text.family("tidings_sink_up", .gauge, "Whether a webhook or command takes changes, as far as was tried: 1 or 0.")
        for lag in lags {
            if let standing = lag.standing { text.sample(standing == .ok || standing == .new ? 1 : 0, [("sink", lag.sink)]) }
        }
        text.family("tidings_commit_duration_seconds", .histogram, unit: "seconds", "How long a transaction of the ledger takes, synced.")
        text.sample(daemon.commits)
        text.family(
            "tidings_publish_duration_seconds", .histogram, unit: "seconds", "How long a batch of changes takes into the change file.")
        text.sample(daemon.publishes)
    }

    private func writeFiles(_ text: inout MetricsText) {
        text.family("tidings_file_size_bytes", .gauge, unit: "bytes", "Sizes of the files in the state folder.")
        text.sample(files.database, [("file", "database")])
        text.sample(files.log, [("file", "log")])
        text.sample(files.changeFiles, [("file", "changes")])
        if let size = files.searchIndex { text.sample(size, [("file", "search")]) }
    }

    private func writeTraffic(_ text: inout MetricsText) {
        text.family("tidings_http_connections", .gauge, "Open connections.")
        text.sample(traffic.connections)
        text.family("tidings_http_followers", .gauge, "Requests that wait for changes.")
        text.sample(traffic.followers)
        text.family("tidings_http_requests", .counter, "Requests that were answered, by the class of the status.")
        for status in 1...5 { text.sample(traffic.answers[status] ?? 0, [("code", "\(status)xx")]) }
    }

    /// Named as in all programs that Prometheus watches (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
    private func writeProcess(_ text: inout MetricsText) {
        guard let process else { return }
        text.family("process_cpu_seconds", .counter, unit: "seconds", "Processor time, user and system.")
        text.sample(process.cpuSeconds)
        text.family("process_resident_memory_bytes", .gauge, unit: "bytes", "Memory that the process occupies.")
        text.sample(process.residentBytes)
        text.family("process_virtual_memory_bytes", .gauge, unit: "bytes", "Addresses that the process has in use.")
        text.sample(process.virtualBytes)
        text.family("process_start_time_seconds", .gauge, unit: "seconds", "When the process began.")
        text.sample(process.startSeconds)
        text.family("process_open_fds", .gauge, "Open descriptors.")
        text.sample(process.openDescriptors)
        if let limit = process.descriptorLimit {
            text.family("process_max_fds", .gauge, "How many descriptors may be open.")
            text.sample(limit)
        }
        text.family("process_threads", .gauge, "Threads.")
        text.sample(process.threads)
    }

    private func seconds(_ milliseconds: Int64) -> Double { Double(milliseconds) / 1_000 }
}
