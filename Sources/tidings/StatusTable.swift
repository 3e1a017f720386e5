import TidingsCore
import TidingsDaemon
import TidingsStore

// For people: a few lines, and a table of the sources.
extension StateStatus {
    func show() {
        let running =
            daemon.isRunning ? Style.green("running") + (daemon.pid.map { ", pid \($0)" } ?? "") : Style.red("not running") + "; start it with `tidings run`"
        standardOutput.line("daemon    \(running)")
        if let problem = daemon.problem { standardOutput.line("          " + Style.red("degraded: " + printable(problem))) }
        standardOutput.line(
            "articles  \(counts.articles) live, \(counts.removedArticles) removed, \(counted(counts.versions, "version"))")
        standardOutput.line("stream    " + streamMessage)
        if let oldest = stream.oldest, oldest > 1 || stream.oldestRow > 1 {
            standardOutput.line("kept      changes from \(oldest) on; in the database from \(stream.oldestRow) on")
        }
        standardOutput.line(
            "disk      database \(sizeWords(databaseBytes)), stream \(sizeWords(stream.fileBytes)), below \(printable(state.path))")
        guard !sources.isEmpty else { return standardOutput.line("sources   none yet") }
        standardOutput.line("")
        show(sources)
    }

    private var streamMessage: String {
        guard let published = stream.published, let lag = stream.lag else {
            return Style.red(printable(stream.problem ?? "not readable"))
        }
        if lag == 0 { return "change \(stream.committed), all published" }
        return "change \(stream.committed), published up to \(published): " + Style.yellow("\(lag) behind")
    }

    private func show(_ sources: [SourceStatus]) {
        let nameWidth = max(6, sources.map { displayWidth(printable($0.source.name)) }.max() ?? 0)
        let heading = [
            padded("SOURCE", to: nameWidth), padded("KIND", to: 6), padded("STATE", to: 14), padded("SINCE", to: 10),
            padded("SUCCESS", to: 10), padded("NEXT", to: 10), padded("WHY THEN", to: 11), padded("HTTP", to: 4), "ARTICLES",
            " CHANGES",
        ]
        standardOutput.line(Style.dim(heading.joined(separator: "  ")))
        for status in sources {
            let source = status.source
            let poll = status.pollState
            let columns = [
                padded(printable(source.name), to: nameWidth), padded(source.kind.rawValue, to: 6), coloured(status),
                padded(ago(source.stateSinceMilliseconds), to: 10), padded(ago(source.lastSuccessMilliseconds), to: 10),
                padded(next(poll), to: 10), padded(poll?.dueReason.message ?? "-", to: 11),
                padded(poll?.lastStatus.map(String.init) ?? "-", to: 4),
                padded(String(status.liveSightings), to: 8, onLeft: true),
                padded(String(status.articleChanges), to: 8, onLeft: true),
            ]
            standardOutput.line(columns.joined(separator: "  "))
            for remark in remarks(status) { standardOutput.line("    " + printable(remark)) }
        }
    }

    private func coloured(_ status: SourceStatus) -> String {
        let name = padded(status.stateName.replacing("_", with: " "), to: 14)
        guard status.source.isSubscribed else { return Style.dim(name) }
        return switch status.source.state {
        case .ok: Style.green(name)
        case .failing, .gone: Style.red(name)
        case nil: name
        }
    }

    /// What is wrong with a source, and what to do about it.
    private func remarks(_ status: SourceStatus) -> [String] {
        let source = status.source
        var remarks: [String] = []
        if let detail = source.detail { remarks.append(detail) }
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
