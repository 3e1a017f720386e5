import TidingsCore
import TidingsStore

// What programs are told. Keys are a contract: fields may be added, none is renamed.
extension StateStatus {
    /// Whom it is told.
    package enum Audience: Sendable {
        /// Who may read the state folder.
        case owner
        /// Who may read the stream: places and credentials of sources are not told.
        case reader
    }

    /// One JSON object.
    package func json(for audience: Audience) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.object { write(into: &$0, for: audience) }
        return json.bytes
    }

    /// Of the sources that are configured, or of all: `{"sources":[…]}`.
    func sourcesJSON(all: Bool) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.object { json in
            if sources.isEmpty { json.field("sources", json: Array("[]".utf8)) }
            json.array("sources", all ? sources : sources.filter(\.source.isSubscribed)) { json, source in
                json.object { json in write(source, into: &json, for: .reader) }
            }
        }
        return json.bytes
    }

    /// Of the source with this name; nil if there is none.
    func sourceJSON(_ name: String) -> [UInt8]? {
        guard let source = sources.first(where: { $0.source.name == name }) else { return nil }
        var json = JSONWriter(capacity: 1024)
        json.object { json in write(source, into: &json, for: .reader) }
        return json.bytes
    }

    /// The fields of the object.
    package func write(into json: inout JSONWriter, for audience: Audience) {
        json.field("time", time(milliseconds))
        if audience == .owner { json.field("state", path) }
        json.object("daemon") { json in
            json.field("running", daemon.isRunning)
            json.field("pid", daemon.pid.map(Int.init))
            json.field("problem", daemon.problem)
        }
        json.object("articles") { json in
            json.field("live", counts.articles)
            json.field("removed", counts.removedArticles)
            json.field("versions", counts.versions)
            json.field("contents", counts.contents)
        }
        json.object("stream") { json in
            json.field("id", stream.id)
            json.field("committed", stream.committed)
            json.field("published", stream.published)
            json.field("lag", stream.lag)
            json.field("problem", stream.problem)
            json.field("oldest", stream.oldest)
            json.field("oldest_row", stream.oldestRow)
            json.field("size_bytes", stream.fileBytes)
        }
        json.object("database") { json in
            json.field("size_bytes", databaseBytes)
            json.field("page_bodies_bytes", pageBodyBytes)
        }
        if let search {
            json.object("search") { json in
                json.field("versions", search.versions)
                json.field("lag", search.lag)
                if search.isBeingBuilt { json.field("being_built", true) }
                json.field("size_bytes", search.bytes)
            }
        }
        json.array("sources", sources) { json, source in
            json.object { json in write(source, into: &json, for: audience) }
        }
        json.array("sinks", sinks) { json, sink in json.object { json in write(sink, into: &json) } }
    }

    private func write(_ sink: SinkStatus, into json: inout JSONWriter) {
        let (record, state) = (sink.record, sink.record.state)
        json.field("name", record.name)
        json.field("kind", record.kind.rawValue)
        json.field("configured", sink.isConfigured)
        json.field("state", state.standing.rawValue)
        json.field("state_since", state.since.map(time))
        json.field("detail", state.detail)
        json.field("confirmed", record.confirmed)
        json.field("lag", lag(of: sink))
        json.field("lacks_since", sink.lacksSince.map(time))
        json.field("last_answer", state.lastAnswer)
        json.field("last_answer_at", state.lastAnswerAt.map(time))
        json.field("failures", state.failures > 0 ? state.failures : nil)
        json.field("next_try", state.nextTry.map(time))
        guard let missed = state.missed else { return }
        json.object("missed") { json in
            json.field("first", missed.first)
            json.field("last", missed.last)
            json.field("found", time(missed.at))
        }
    }

    private func write(_ status: SourceStatus, into json: inout JSONWriter, for audience: Audience) {
        let source = status.source
        json.field("name", source.name)
        json.field("kind", source.kind.rawValue)
        json.field("locator", audience == .owner ? source.locator : source.publicLocator)
        json.field("configured", source.isSubscribed)
        json.field("state", status.stateName)
        json.field("state_since", source.stateSinceMilliseconds.map(time))
        json.field("detail", source.detail)
        json.field("imported", source.importedMilliseconds.map(time))
        json.field("last_attempt", source.lastAttemptMilliseconds.map(time))
        json.field("last_success", source.lastSuccessMilliseconds.map(time))
        if let poll = status.pollState { write(poll, into: &json) }
        if let hub = status.hub { json.object("hub") { json in write(hub, into: &json) } }
        if let pages = status.pages { json.object("pages") { json in write(pages, into: &json) } }
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
        json.field("not_before", poll.notBefore.flatMap { $0 > milliseconds ? time($0) : nil })
        json.field("http_status", poll.lastStatus)
        json.field("failure", poll.failure)
        json.field("failures", poll.consecutiveFailures > 0 ? poll.consecutiveFailures : nil)
        json.field("moved_to", poll.redirects.movedTo)
        if let verdict = poll.teasers.verdict { json.field("teasers", verdict == .teasers) }
        json.field("validator_lies", poll.trust.validatorLies > 0 ? poll.trust.validatorLies : nil)
    }

    private func write(_ hub: HubSubscription, into json: inout JSONWriter) {
        json.field("url", OutsideAddress.source(hub.hub).text)
        json.field("state", hub.standing(now: milliseconds).rawValue)
        json.field("detail", hub.problem)
        json.field("lease_end", hub.leaseEnd.map(time))
        json.field("next_request", time(hub.nextRequest))
        json.field("last_push", hub.trust.lastPush.map(time))
        json.field("trusted", hub.trust.isProven)
        json.field("misses", hub.trust.misses)
    }

    private func write(_ pages: PageCounts, into json: inout JSONWriter) {
        json.field("watched", pages.watched)
        json.field("resting", pages.resting)
        json.field("with_text", pages.withText)
        json.field("next_due", pages.nextDueMilliseconds.map(time))
        json.array("problems", pages.problems) { json, problem in
            json.object { json in
                json.field("name", problem.name)
                json.field("pages", problem.pages)
                json.field("example", problem.example)
            }
        }
    }

    private func time(_ milliseconds: Int64) -> String { rfc3339(milliseconds: milliseconds, fraction: true) }
}

extension SourceRow {
    /// The address of a feed, without what may be a key; nil for a folder, whose path is nobody's business.
    package var publicLocator: String? { kind == .feed ? OutsideAddress.source(locator).text : nil }
}
