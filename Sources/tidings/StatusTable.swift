import TidingsCore
import TidingsDaemon
import TidingsServer
import TidingsStore

// For people: a few lines, and a table of the sources.
extension StateStatus {
    /// - Parameter all: whether sources that are configured no longer are listed, too.
    func show(all: Bool) {
        var facts: [(name: String, value: String)] = [("daemon", daemonMessage)]
        if let problem = daemon.problem { facts.append(("", Style.red("degraded: " + printable(problem)))) }
        facts.append(
            ("articles", "\(counts.articles) live, \(counts.removedArticles) removed, \(counted(counts.versions, "version"))"))
        facts.append(("stream", streamMessage))
        if let oldest = stream.oldest, oldest > 1 || stream.oldestRow > 1 {
            facts.append(("kept", "changes from \(oldest) on; in the database from \(stream.oldestRow) on"))
        }
        if let search { facts.append(("search", Self.message(search, of: counts.versions))) }
        let bodies = pageBodyBytes.map { " (pages \(sizeWords($0)))" } ?? ""
        facts.append(("disk", "database \(sizeWords(databaseBytes))\(bodies), stream \(sizeWords(stream.fileBytes))"
            + (search.map { ", search \(sizeWords($0.bytes))" } ?? "")))
        facts.append(("state", printable(path)))
        let shown = all ? sources : sources.filter(\.source.isSubscribed)
        if sources.isEmpty { facts.append(("sources", "none yet")) }
        for (name, value) in facts { standardOutput.line(inTerminal(padded(name, to: 8) + "  " + value, indent: 10)) }
        if !shown.isEmpty {
            standardOutput.line("")
            show(shown)
        }
        showSinks(all ? sinks : sinks.filter(\.isConfigured))
        let hidden = sources.count - shown.count
        if hidden > 0 { standardOutput.line(Style.dim("\n\(counted(hidden, "source")) no longer configured; --all lists them")) }
    }

    private static let sinkColumns = [
        TableColumn(heading: "SINK", least: 12), TableColumn(heading: "KIND", rank: 3), TableColumn(heading: "STATE"),
        TableColumn(heading: "SINCE", rank: 2), TableColumn(heading: "LAG", isOnRight: true), TableColumn(heading: "LAST ANSWER", rank: 1),
        TableColumn(heading: "NEXT TRY"),
    ]

    private func showSinks(_ sinks: [SinkStatus]) {
        if sinks.isEmpty { return }
        let lines = sinks.map(sinkCells)
        standardOutput.line("")
        let layout = TableLayout(Self.sinkColumns, for: lines, width: terminalWidth())
        standardOutput.line(layout.heading)
        for (sink, line) in zip(sinks, lines) {
            standardOutput.line(layout.line(line))
            let state = sink.record.state
            for remark in [state.detail, state.missed?.message].compactMap(\.self) {
                standardOutput.line(inTerminal("    " + printable(remark), indent: 6))
            }
        }
    }

    private func sinkCells(_ sink: SinkStatus) -> [TableCell] {
        let state = sink.record.state
        let answer = state.lastAnswer.map { printable("\($0), \(ago(state.lastAnswerAt))") } ?? "-"
        let next = state.nextTry.map { $0 <= milliseconds ? "now" : "in \(span($0 - milliseconds))" } ?? "-"
        let standing = state.standing.rawValue
        return [
            TableCell(printable(sink.record.name)), TableCell(sink.record.kind.rawValue),
            needsAttention(sink) ? TableCell(standing, Style.red) : TableCell(standing, Style.green), TableCell(ago(state.since)),
            TableCell(String(lag(of: sink))), TableCell(answer), TableCell(next),
        ]
    }

    private var daemonMessage: String {
        guard daemon.isRunning else { return Style.red("not running") + "; start it with `tidings run`" }
        return Style.green("running") + (daemon.pid.map { ", pid \($0)" } ?? "")
    }

    private static func message(_ search: SearchStatus, of versions: Int) -> String {
        if search.isBeingBuilt { return Style.yellow("being built") + ": \(search.versions) of \(counted(versions, "version"))" }
        return search.lag == 0 ? "up to date" : Style.yellow("\(counted(Int(search.lag), "change")) behind")
    }

    private var streamMessage: String {
        guard let published = stream.published, let lag = stream.lag else {
            return Style.red(printable(stream.problem ?? "not readable"))
        }
        if lag == 0 { return "change \(stream.committed), all published" }
        return "change \(stream.committed), published up to \(published): " + Style.yellow("\(lag) behind")
    }

    /// What is left out first on a narrow terminal has the highest rank.
    private static let columns = [
        TableColumn(heading: "SOURCE", least: 12), TableColumn(heading: "KIND", rank: 5), TableColumn(heading: "STATE"),
        TableColumn(heading: "SINCE", rank: 4), TableColumn(heading: "SUCCESS"), TableColumn(heading: "NEXT", rank: 1),
        TableColumn(heading: "WHY THEN", rank: 7), TableColumn(heading: "HTTP", rank: 6),
        TableColumn(heading: "ARTICLES", isOnRight: true, rank: 2), TableColumn(heading: "CHANGES", isOnRight: true, rank: 3),
    ]

    private func show(_ sources: [SourceStatus]) {
        let lines = sources.map { status in
            // Nobody asks for what is configured no longer, whatever its poll state says.
            let poll = status.source.isSubscribed ? status.pollState : nil
            return [
                TableCell(printable(status.source.name)), TableCell(status.source.kind.rawValue), stateCell(status),
                TableCell(ago(status.source.stateSinceMilliseconds)), TableCell(ago(status.source.lastSuccessMilliseconds)),
                TableCell(next(poll)), TableCell(poll?.dueReason.message ?? "-"), TableCell(poll?.lastStatus.map(String.init) ?? "-"),
                TableCell(String(status.liveSightings)), TableCell(String(status.articleChanges)),
            ]
        }
        let layout = TableLayout(Self.columns, for: lines, width: terminalWidth())
        standardOutput.line(layout.heading)
        for (status, line) in zip(sources, lines) {
            standardOutput.line(layout.line(line))
            for remark in remarks(status) where !remark.isEmpty {
                standardOutput.line(inTerminal("    " + printable(remark), indent: 6))
            }
        }
    }

    private func stateCell(_ status: SourceStatus) -> TableCell {
        switch status.stateName {
        case "new": TableCell("not read yet", Style.yellow)
        case "ok": TableCell("ok", Style.green)
        case "not_configured": TableCell("not configured", Style.dim)
        default: TableCell(status.stateName, Style.red)
        }
    }

    /// What is wrong with a source, and what to do about it.
    private func remarks(_ status: SourceStatus) -> [String] {
        let source = status.source
        var remarks: [String] = []
        if let detail = source.detail { remarks.append(detail) }
        if let hub = status.hub, let problem = hub.problem { remarks.append("hub \(hub.hub): \(problem); the feed is polled as without it") }
        if let poll = status.pollState, poll.trust.validatorLies > 0 {
            remarks.append(
                "\(counted(poll.trust.validatorLies, "change")) came behind an unchanged ETag or Last-Modified: "
                    + "the server hides edits")
        }
        if let pages = status.pages { remarks += self.remarks(pages) }
        if status.pages == nil, status.pollState?.teasers.verdict == .teasers {
            remarks.append("its items are teasers: with `full_text: auto` their pages are watched, too")
        }
        if let held = source.removalsHeld {
            remarks.append(
                "\(counted(held, "removal")) held, \(ago(source.removalsHeldMilliseconds)): if they are meant, "
                    + "run `tidings reingest \(source.name) --accept-removals`")
        }
        if status.unreadable > 0 {
            remarks.append("\(status.unreadable) of \(counted(status.captures, "document")) could not be read")
        }
        if status.withProblems > 0 { remarks.append("\(counted(status.withProblems, "document")) with problems") }
        for problem in status.problems { remarks.append("  \(problem.locator): \(problem.message)") }
        return remarks
    }

    private func remarks(_ pages: PageCounts) -> [String] {
        let next = pages.nextDueMilliseconds.map { ", next look \($0 <= milliseconds ? "now" : "in \(span($0 - milliseconds))")" } ?? ""
        let rest = pages.resting > 0 ? ", \(pages.resting) at rest" : ""
        return ["\(counted(pages.watched, "page")) watched, \(pages.withText) with text\(rest)\(next)"]
            + pages.problems.map { "  \($0.pages) \($0.name.replacing("_", with: " ")), as \($0.example)" }
    }

    private func ago(_ moment: Int64?) -> String {
        guard let moment else { return "-" }
        return "\(span(max(0, milliseconds - moment))) ago"
    }

    private func next(_ poll: PollState?) -> String {
        guard let due = poll?.nextPoll else { return "-" }
        return due <= milliseconds ? "now" : "in \(span(due - milliseconds))"
    }

    /// The largest unit that fits, rounded down: `90 s` is `1 m`.
    private func span(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) m"
        case ..<86_400: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }
}

extension PollReason {
    /// Short, for a column.
    fileprivate var message: String { rawValue.replacing("_", with: " ") }
}
