import FoundationEssentials
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore
import TidingsStream

/// How a state folder is doing, at one moment.
struct StatusReport {
    let state: StateFolder
    let now = wallClockMilliseconds()
    let isRunning: Bool
    let pid: Int32?
    /// What keeps the daemon from its work, in its own words; nil while nothing does.
    let trouble: String?
    let counts: LedgerCounts
    let sources: [SourceStatus]
    let stream: String
    let committed: Int64
    /// The newest change in the change files; nil if these cannot be read, for which `streamProblem` has the words.
    let published: Int64?
    let streamProblem: String?
    /// The oldest change in the change files; nil if these cannot be read.
    let oldest: Int64?
    /// The oldest change whose row the ledger keeps.
    let oldestRow: Int64
    let databaseBytes: Int64
    let streamBytes: Int64

    init(state: StateFolder) throws {
        let ledger = try openLedger(state)
        self.state = state
        pid = StateLock.holder(of: state)
        isRunning = pid != nil
        trouble = isRunning ? Self.trouble(of: state) : nil
        counts = try ledger.counts()
        sources = try ledger.sourceStatuses()
        stream = try ledger.stream()
        // The files first: what is committed meanwhile must not count as published before.
        do {
            let reader = try ChangeReader(folder: state.streamFolder, from: .last(0), isFollowing: false)
            published = reader.stream == stream ? reader.last : 0
            streamProblem = nil
        } catch {
            published = nil
            streamProblem = error.description
        }
        committed = try ledger.lastSequence()
        oldest = try? ChangeReader.oldest(in: state.streamFolder)
        oldestRow = try ledger.firstSequence()
        databaseBytes = Self.bytes(below: state.databaseFolder) { $0.hasPrefix("tidings.db") }
        streamBytes = Self.bytes(below: state.streamFolder) { $0.hasPrefix("changes") }
    }

    /// How long a daemon that hangs is waited for: what else there is to say does not need it.
    private static let answerLimitSeconds = 2

    private static func trouble(of state: StateFolder) -> String? {
        do {
            let reply = try ControlClient.send(.health, to: state, limitSeconds: answerLimitSeconds)
            return reply.outcome == .done && !reply.message.isEmpty ? reply.message : nil
        } catch {
            switch error {
            // Who may read the stream need not be allowed to ask the daemon; and it may just have ended.
            case .denied, .noDaemon: return nil
            default: return "it does not answer"
            }
        }
    }

    /// Committed changes that wait to be published.
    var lag: Int64? { published.map { max(0, committed - $0) } }

    private static func bytes(below folder: String, _ isMeant: (String) -> Bool) -> Int64 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter(isMeant).reduce(0) { sum, name in
            var status = stat()
            return unsafe stat("\(folder)/\(name)", &status) == 0 ? sum + Int64(status.st_size) : sum
        }
    }
}

extension SourceStatus {
    /// A feed's poll state; nil before its first poll.
    var pollState: PollState? { poll.flatMap { PollState(json: $0.state, nextPoll: $0.dueMilliseconds) } }

    /// Of articles; those of the source's own state are not counted.
    var articleChanges: Int { changes.reduce(0) { $0 + ($1.key.rawValue.hasPrefix("article.") ? $1.value : 0) } }

    /// `ok`, `failing`, `gone`, or what else there is to say.
    var stateName: String {
        source.isSubscribed ? source.state?.rawValue ?? "new" : "not_configured"
    }
}

// MARK: For programs. Keys are a contract: fields may be added, none is renamed.

extension StatusReport {
    var json: [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.object { json in
            json.field("time", time(now))
            json.field("state", state.path)
            json.object("daemon") { json in
                json.field("running", isRunning)
                json.field("pid", pid.map(Int.init))
                json.field("problem", trouble)
            }
            json.object("articles") { json in
                json.field("live", counts.articles)
                json.field("removed", counts.removedArticles)
                json.field("versions", counts.versions)
                json.field("contents", counts.contents)
            }
            json.object("stream") { json in
                json.field("id", stream)
                json.field("committed", committed)
                json.field("published", published)
                json.field("lag", lag)
                json.field("problem", streamProblem)
                json.field("oldest", oldest)
                json.field("oldest_row", oldestRow)
                json.field("size_bytes", streamBytes)
            }
            json.object("database") { json in json.field("size_bytes", databaseBytes) }
            json.array("sources", sources) { json, source in json.object { json in write(source, into: &json) } }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func write(_ status: SourceStatus, into json: inout JSONWriter) {
        let source = status.source
        json.field("name", source.name)
        json.field("kind", source.kind.rawValue)
        json.field("locator", source.locator)
        json.field("configured", source.isSubscribed)
        json.field("state", status.stateName)
        json.field("state_since", source.stateSinceMilliseconds.map(time))
        json.field("detail", source.detail)
        json.field("imported", source.importedMilliseconds.map(time))
        json.field("last_attempt", source.lastAttemptMilliseconds.map(time))
        json.field("last_success", source.lastSuccessMilliseconds.map(time))
        if let poll = status.pollState { write(poll, into: &json) }
        json.field("articles", status.liveSightings)
        json.object("changes") { json in
            json.field("created", status.changes[.articleCreated])
            json.field("updated", status.changes[.articleUpdated])
            json.field("removed", status.changes[.articleRemoved])
            json.field("restored", status.changes[.articleRestored])
            json.field("moved", status.changes[.articleMoved])
            json.field("duplicate", status.changes[.articleDuplicate])
            json.field("duplicate_removed", status.changes[.articleDuplicateRemoved])
            json.field("gap", status.changes[.sourceGap])
            json.field("state", status.changes[.sourceState])
        }
        json.field("captures", status.captures)
        json.field("unreadable", status.unreadable)
        json.field("with_problems", status.withProblems)
        json.array("problems", status.problems) { json, problem in
            json.object { json in
                json.field("locator", problem.locator)
                json.field("message", problem.message)
            }
        }
        json.field("removals_held", source.removalsHeld)
        json.field("removals_held_since", source.removalsHeldMilliseconds.map(time))
    }

    private func write(_ poll: PollState, into json: inout JSONWriter) {
        json.field("next_due", time(poll.nextPoll))
        json.field("due_reason", poll.dueReason.rawValue)
        json.field("not_before", poll.notBefore.flatMap { $0 > now ? time($0) : nil })
        json.field("http_status", poll.lastStatus)
        json.field("failure", poll.failure)
        json.field("failures", poll.consecutiveFailures > 0 ? poll.consecutiveFailures : nil)
        json.field("moved_to", poll.redirects.movedTo)
        json.field("validator_lies", poll.trust.validatorLies > 0 ? poll.trust.validatorLies : nil)
    }

    private func time(_ milliseconds: Int64) -> String { rfc3339(milliseconds: milliseconds, fraction: true) }
}

// MARK: For people.

extension StatusReport {
    func show() {
        let daemon =
            isRunning ? Style.green("running") + (pid.map { ", pid \($0)" } ?? "") : Style.red("not running") + "; start it with `tidings run`"
        standardOutput.line("daemon    \(daemon)")
        if let trouble { standardOutput.line("          " + Style.red("degraded: " + printable(trouble))) }
        standardOutput.line(
            "articles  \(counts.articles) live, \(counts.removedArticles) removed, \(counted(counts.versions, "version"))")
        standardOutput.line("stream    " + streamWords)
        if let oldest, oldest > 1 || oldestRow > 1 {
            standardOutput.line("kept      changes from \(oldest) on; in the database from \(oldestRow) on")
        }
        standardOutput.line(
            "disk      database \(sizeWords(databaseBytes)), stream \(sizeWords(streamBytes)), below \(printable(state.path))")
        guard !sources.isEmpty else { return standardOutput.line("sources   none yet") }
        standardOutput.line("")
        show(sources)
    }

    private var streamWords: String {
        guard let published, let lag else { return Style.red(printable(streamProblem ?? "not readable")) }
        if lag == 0 { return "change \(committed), all published" }
        return "change \(committed), published up to \(published): " + Style.yellow("\(lag) behind")
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

    /// What is wrong with a source, each with what to do about it.
    private func remarks(_ status: SourceStatus) -> [String] {
        let source = status.source
        var remarks: [String] = []
        if let detail = source.detail { remarks.append(detail) }
        if let poll = status.pollState, poll.trust.validatorLies > 0 {
            remarks.append(
                "\(counted(poll.trust.validatorLies, "change")) came behind an unchanged ETag or Last-Modified: "
                    + "the server hides edits")
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

    private func ago(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "-" }
        return "\(span(max(0, now - milliseconds))) ago"
    }

    private func next(_ poll: PollState?) -> String {
        guard let due = poll?.nextPoll else { return "-" }
        return due <= now ? "now" : "in \(span(due - now))"
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
