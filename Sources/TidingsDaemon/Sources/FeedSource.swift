import FoundationEssentials
import Logging
import TidingsCore
import TidingsFetch
import TidingsStore

/// Polls one feed and takes what it brings down the pipeline. When to poll, and what to ask for, is `PollPlan`'s to say; what is
/// remembered between two polls stands in the ledger, in the same transaction as the items. What an answer means is in
/// `FeedSource+Answer.swift`.
package actor FeedSource {
    package nonisolated let name: String
    /// What the schedule shares out turns by.
    nonisolated let host: String
    nonisolated let requests: PassRequests
    let settings: FeedSettings
    let id: SourceID
    private let domain: String
    private let context: FeedContext
    private(set) var state: PollState

    var pipeline: Pipeline { context.pipeline }
    var registry: FeedRegistry { context.registry }

    /// - Parameters:
    ///   - row: the feed as the ledger knows it, with the poll state of earlier runs.
    ///   - feeds: how many feeds there are, over which the first polls are spread.
    ///   - bell: called when somebody asks for a look.
    init(
        settings: FeedSettings, row: SourceRow, feeds: Int, context: FeedContext, bell: @escaping @Sendable () -> Void
    ) {
        name = settings.name
        let host = URL(string: settings.url)?.host()?.lowercased() ?? settings.url
        self.host = host
        domain = registrableDomain(of: settings.url) ?? host
        requests = PassRequests(bell: bell)
        self.settings = settings
        id = row.id
        self.context = context
        // A feed that got another address is another document: validators of the old one would hide it.
        let known = row.locator == settings.url ? row.poll.flatMap(PollState.init(json:)) : nil
        let now = wallClockMilliseconds()
        let state = PollPlan.started(
            known, settings: settings.pollSettings, feeds: feeds, now: now, jitter: .random(in: 0..<1))
        // The server's patience is that of before: a restart is no excuse.
        if state.answersForDomain, let until = state.throttledUntil { context.registry.pause(domain, until: until) }
        self.state = state
    }

    /// When it is due, in milliseconds since 1970.
    var nextPoll: Int64 { PollPlan.due(state, settings.pollSettings, now: wallClockMilliseconds()) }

    /// One look: it is due, or somebody has asked for it.
    /// - Returns: when the next is due.
    func look() async -> Int64 {
        let asked = requests.take()
        asked.answer(await look(asked))
        return nextPoll
    }

    private func look(_ asked: PassRequests.Asked) async -> PassResult {
        let now = wallClockMilliseconds()
        if let until = registry.pause(of: domain, now: now) {
            state = PollPlan.throttled(state, until: until, now: now, jitter: .random(in: 0..<1))
        }
        let allowed = state.forcedPoll(now: now)
        guard allowed <= now else {
            // So that `status` tells what holds the feed up, and the next start knows of it.
            var message = "the server asked not to come before \(rfc3339(milliseconds: allowed))"
            do {
                try await pipeline.ledger.keepPoll(state.json, of: id)
            } catch {
                pipeline.committer.noteFailure(error)
                message += "; \(error)"
            }
            return .failed(message)
        }
        return await poll(asked)
    }

    private func poll(_ asked: PassRequests.Asked) async -> PassResult {
        let request = PollPlan.request(state, now: wallClockMilliseconds(), readsEverything: asked.readsEverything)
        do {
            return await take(try await fetch(request), to: request, asked: asked)
        } catch let error as FetchError {
            guard let failure = error.failure else { return .stopped }
            return await fail(
                .failed(isTransient: error.isTransient, failure: failure.rawValue), to: request, error.message)
        } catch {
            // Nothing else can fail before there is a request to fetch.
            let failure = FeedFailure.headersFile.rawValue
            return await fail(
                .failed(isTransient: false, failure: failure), to: request,
                "\(error); correct the file, which is read again at the next poll")
        }
    }

    private func fetch(_ wanted: PollRequest) async throws -> FetchResponse {
        var request = FetchRequest(
            url: wanted.url ?? settings.url, etag: wanted.validators.etag, lastModified: wanted.validators.lastModified,
            userAgent: settings.userAgent ?? context.userAgent)
        if let file = settings.headersFile {
            request.headers = try RequestHeaders(file: file, environment: context.environment).lines.compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                return HeaderField(String(line[..<colon]), String(value))
            }
        }
        request.limits.maxBodyBytes = context.limits.maxBodyBytes
        request.limits.connectSeconds = Int(context.fetch.connectTimeout.components.seconds)
        request.limits.totalSeconds = Int(context.fetch.totalTimeout.components.seconds)
        request.allowsPrivateNetwork = settings.allowsPrivateNetwork
        request.caFile = context.fetch.caFile
        return try await context.fetcher.fetch(request)
    }

    // MARK: the end of a poll

    /// The poll brought no document. What stands in the ledger of the last good one stays: a bad answer proves nothing.
    func fail(_ outcome: PollOutcome, to request: PollRequest, _ message: String) async -> PassResult {
        let before = state.sourceState
        state = next(after: outcome, to: request)
        if case .rejected = outcome, let until = state.throttledUntil, state.answersForDomain {
            registry.pause(domain, until: until)
        }
        if before == .ok { logger.warning("feed not read; will retry", metadata: [LogKey.reason: "\(message)"]) }
        let look = SourceLook(state: state.sourceState, detail: message, succeeded: false, poll: state.json)
        do {
            let summary = try await pipeline.ledger.record(look, of: id, at: wallClockMilliseconds())
            await pipeline.committer.note(summary)
        } catch {
            pipeline.committer.noteFailure(error)
            return .failed("\(error)")
        }
        return .failed(message)
    }

    /// Commits what the poll brought, together with when the next one comes.
    /// - Parameter every: the interval, where it is to be longer than the settings'.
    func commit(
        _ report: Report, _ outcome: PollOutcome, to request: PollRequest, detail: String? = nil,
        every longer: Int64 = 0
    ) async -> PassResult {
        let lies = state.trust.validatorLies
        let next = next(after: outcome, to: request, every: longer)
        var report = report
        report.look = SourceLook(state: .ok, detail: detail, poll: next.json)
        do {
            try await pipeline.committer.commit([report], progress: pipeline.progress)
        } catch {
            logger.error("feed not stored", metadata: [LogKey.reason: "\(error)"])
            return .failed("\(error)")
        }
        // Only what is durable is believed: a failed commit polls again with the old validators.
        state = next
        if next.trust.validatorLies > lies {
            logger.warning("the server hid a change behind an unchanged validator")
        }
        var summary = PassSummary()
        summary.changed = 1
        return .done(summary)
    }

    /// Made when it is needed, for most feeds never say a word.
    private var logger: Logger {
        var logger = context.logger
        logger[metadataKey: LogKey.source] = "\(name)"
        return logger
    }

    private func next(after outcome: PollOutcome, to request: PollRequest, every longer: Int64 = 0) -> PollState {
        var pollSettings = settings.pollSettings
        pollSettings.everyMilliseconds = max(pollSettings.everyMilliseconds, longer)
        return PollPlan.next(
            after: outcome, to: request, state: state, settings: pollSettings, now: wallClockMilliseconds(),
            jitter: .random(in: 0..<1))
    }
}

extension FeedSettings {
    var pollSettings: PollSettings {
        let every = self.every.microseconds / 1000
        return PollSettings(
            everyMilliseconds: every, minimumMilliseconds: min(every, minuteMilliseconds),
            maximumMilliseconds: max(every, dayMilliseconds))
    }
}

extension PollState {
    /// A 429, and a 503 that says when to come back, speak for the whole server.
    fileprivate var answersForDomain: Bool { lastStatus == 429 || notBefore != nil }
}
