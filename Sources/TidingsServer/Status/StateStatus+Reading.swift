import TidingsCore
import TidingsStore

// Reads what `StateStatus+JSON.swift` has written for a reader: how a state folder is doing, as its daemon tells those who may not
// look into it.

extension StateStatus {
    /// - Parameter path: of the state folder, which the daemon does not tell.
    package init?(_ json: JSONTree, path: String) {
        guard let time = json.milliseconds("time"), let daemon = json["daemon"], let articles = json["articles"],
            let stream = json["stream"].flatMap(StreamStatus.init), let database = json["database"], let bytes = database["size_bytes"]?.integer
        else { return nil }
        self.init(
            path: path, milliseconds: time,
            daemon: DaemonStatus(pid: daemon["pid"]?.integer.flatMap { Int32(exactly: $0) }, problem: daemon["problem"]?.string),
            counts: LedgerCounts(
                articles: articles["live"]?.integer ?? 0, removedArticles: articles["removed"]?.integer ?? 0,
                versions: articles["versions"]?.integer ?? 0, contents: articles["contents"]?.integer ?? 0, changes: 0),
            sources: (json["sources"]?.elements ?? []).compactMap(SourceStatus.init), stream: stream,
            sinks: (json["sinks"]?.elements ?? []).compactMap { SinkStatus($0, stream: stream) }, databaseBytes: Int64(bytes),
            pageBodyBytes: database["page_bodies_bytes"]?.integer.map(Int64.init), search: json["search"].flatMap(SearchStatus.init))
    }
}

extension SinkStatus {
    fileprivate init?(_ json: JSONTree, stream: StreamStatus) {
        guard let name = json["name"]?.string, let kind = json["kind"]?.string.flatMap(SinkKind.init(rawValue:)) else { return nil }
        var record = SinkRecord(name: name, kind: kind, stream: stream.id, begin: 0)
        record.confirmed = Int64(json["confirmed"]?.integer ?? 0)
        record.state.standing = json["state"]?.string.flatMap(SinkState.Standing.init) ?? .new
        record.state.since = json.milliseconds("state_since")
        record.state.detail = json["detail"]?.string
        record.state.lastAnswer = json["last_answer"]?.string
        record.state.lastAnswerAt = json.milliseconds("last_answer_at")
        record.state.failures = json["failures"]?.integer ?? 0
        record.state.nextTry = json.milliseconds("next_try")
        if let missed = json["missed"], let first = missed["first"]?.integer, let last = missed["last"]?.integer {
            record.state.missed = MissedChanges(first: Int64(first), last: Int64(last), at: missed.milliseconds("found") ?? 0)
        }
        self.init(record: record, isConfigured: json["configured"]?.bool ?? true, lacksSince: json.milliseconds("lacks_since"))
    }
}

extension SearchStatus {
    fileprivate init?(_ json: JSONTree) {
        guard let versions = json["versions"]?.integer else { return nil }
        self.init(
            versions: versions, lag: Int64(json["lag"]?.integer ?? 0), isBeingBuilt: json["being_built"]?.bool ?? false,
            bytes: Int64(json["size_bytes"]?.integer ?? 0))
    }
}

extension StreamStatus {
    fileprivate init?(_ json: JSONTree) {
        guard let id = json["id"]?.string, let committed = json["committed"]?.integer else { return nil }
        self.init(
            id: id, committed: Int64(committed), published: json["published"]?.integer.map(Int64.init), problem: json["problem"]?.string,
            oldest: json["oldest"]?.integer.map(Int64.init), oldestRow: Int64(json["oldest_row"]?.integer ?? 1),
            fileBytes: Int64(json["size_bytes"]?.integer ?? 0))
    }
}

extension SourceStatus {
    fileprivate init?(_ json: JSONTree) {
        guard let name = json["name"]?.string, let kind = json["kind"]?.string.flatMap(SourceKind.init(rawValue:)) else { return nil }
        let source = SourceRow(
            id: SourceID(row: 0), name: name, kind: kind, locator: json["locator"]?.string ?? "",
            state: json["state"]?.string.flatMap(SourceState.init(rawValue:)), stateSinceMilliseconds: json.milliseconds("state_since"),
            detail: json["detail"]?.string, importedMilliseconds: json.milliseconds("imported"),
            lastAttemptMilliseconds: json.milliseconds("last_attempt"), lastSuccessMilliseconds: json.milliseconds("last_success"),
            removalsHeldMilliseconds: json.milliseconds("removals_held_since"), removalsHeld: json["removals_held"]?.integer,
            isSubscribed: json["configured"]?.bool ?? true)
        self.init(
            source: source, poll: json.pollRow, hub: json["hub"].flatMap(HubSubscription.init(told:)), pages: json["pages"].flatMap(PageCounts.init), captures: json["captures"]?.integer ?? 0,
            liveSightings: json["articles"]?.integer ?? 0, unreadable: json["unreadable"]?.integer ?? 0,
            withProblems: json["with_problems"]?.integer ?? 0,
            problems: (json["problems"]?.elements ?? []).compactMap { problem in
                problem["message"]?.string.map { CaptureProblem(locator: problem["locator"]?.string ?? "", message: $0) }
            }, changes: json["changes"]?.changeCounts ?? [:])
    }
}

extension HubSubscription {
    /// Without what only the daemon knows.
    fileprivate init?(told json: JSONTree) {
        guard let url = json["url"]?.string, let state = json["state"]?.string.flatMap(Standing.init(rawValue:)),
            let next = json.milliseconds("next_request")
        else { return nil }
        self.init(
            hub: url, isAsked: state == .asked, leaseEnd: json.milliseconds("lease_end"), nextRequest: next, problem: json["detail"]?.string,
            trust: PushTrust(
                isProven: json["trusted"]?.bool ?? false, lastPush: json.milliseconds("last_push"), misses: json["misses"]?.integer ?? 0))
    }
}

extension PageCounts {
    fileprivate init?(_ json: JSONTree) {
        guard let watched = json["watched"]?.integer else { return nil }
        self.init(
            watched: watched, resting: json["resting"]?.integer ?? 0, withText: json["with_text"]?.integer ?? 0,
            nextDueMilliseconds: json.milliseconds("next_due"),
            problems: (json["problems"]?.elements ?? []).compactMap { problem in
                problem["name"]?.string.map {
                    PageTrouble(name: $0, pages: problem["pages"]?.integer ?? 0, example: problem["example"]?.string ?? "")
                }
            })
    }
}

extension JSONTree {
    fileprivate var elements: [JSONTree]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// What is told of a feed's polls; nil for a source of another kind.
    fileprivate var pollRow: PollRow? {
        guard let due = milliseconds("next_due") else { return nil }
        var poll = PollState(nextPoll: due)
        poll.dueReason = self["due_reason"]?.string.flatMap(PollReason.init) ?? .interval
        poll.notBefore = milliseconds("not_before")
        poll.lastStatus = self["http_status"]?.integer
        poll.failure = self["failure"]?.string
        poll.consecutiveFailures = self["failures"]?.integer ?? 0
        poll.trust.validatorLies = self["validator_lies"]?.integer ?? 0
        return PollRow(locator: self["locator"]?.string ?? "", host: "", dueMilliseconds: due, state: poll.json)
    }

    fileprivate var changeCounts: [ChangeType: Int] {
        let names: [(String, ChangeType)] = [
            ("created", .articleCreated), ("updated", .articleUpdated), ("removed", .articleRemoved), ("restored", .articleRestored),
            ("moved", .articleMoved), ("duplicate", .articleDuplicate), ("duplicate_removed", .articleDuplicateRemoved),
            ("gap", .sourceGap), ("state", .sourceState),
        ]
        return Dictionary(uniqueKeysWithValues: names.compactMap { name, type in self[name]?.integer.map { (type, $0) } })
    }
}
