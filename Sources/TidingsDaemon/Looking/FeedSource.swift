import FoundationEssentials
import Logging
import TidingsCore
import TidingsFetch
import TidingsFormats
import TidingsStore

/// Polls one feed and takes what it brings down the road. When to poll is `PollPlan`'s to say; what is remembered between two polls
/// stands in the ledger, in the same transaction as the items.
package actor FeedSource {
    package nonisolated let name: String
    private let settings: FeedSettings
    private let common: FetchSettings
    private let limits: LimitSettings
    private let id: SourceID
    private let road: Road
    private let fetcher: Fetcher
    private let environment: [String: String]
    private let logger: Logger
    package nonisolated let requests: LookRequests
    /// What the schedule shares out turns by.
    nonisolated let host: String
    private var state: PollState

    /// - Parameters:
    ///   - row: the feed as the ledger knows it, with the poll state of earlier runs.
    ///   - feeds: how many feeds there are, over which the first polls are spread.
    ///   - bell: called when somebody asks for a look.
    package init(
        settings: FeedSettings, common: Settings, row: SourceRow, feeds: Int, road: Road, fetcher: Fetcher,
        environment: [String: String], logger: Logger, bell: @escaping @Sendable () -> Void
    ) {
        name = settings.name
        requests = LookRequests(bell: bell)
        host = URL(string: settings.url)?.host()?.lowercased() ?? settings.url
        self.settings = settings
        self.common = common.fetch
        limits = common.limits
        id = row.id
        self.road = road
        self.fetcher = fetcher
        self.environment = environment
        var logger = logger
        logger[metadataKey: LogKey.source] = "\(settings.name)"
        self.logger = logger
        let now = wallClockMilliseconds()
        // A feed that got another address is another document: validators of the old one would hide it.
        let known = row.locator == settings.url ? row.poll.flatMap(PollState.init(json:)) : nil
        state = known ?? PollState(nextPoll: now)
        state.nextPoll = PollPlan.firstPoll(
            of: known, settings: settings.pollSettings, feeds: feeds, now: now, jitter: .random(in: 0..<1))
    }

    /// When it is due, in milliseconds since 1970.
    var nextPoll: Int64 { state.nextPoll }

    /// One look: it is due, or somebody has asked for it.
    func look() async {
        let asked = requests.take()
        let now = wallClockMilliseconds()
        let allowed = state.forcedPoll(now: now)
        if allowed <= now {
            asked.answer(await poll(readsEverything: asked.readsEverything))
        } else {
            asked.answer(.failed("the server asked not to come before \(rfc3339(milliseconds: allowed))"))
        }
    }

    /// - Parameter readsEverything: whether validators and equal bytes are no reason to pass the document over.
    private func poll(readsEverything: Bool) async -> PassResult {
        do {
            let answer = try await fetch(readsEverything: readsEverything)
            return await take(answer, readsEverything: readsEverything)
        } catch let error as FetchError where error.reason == .cancelled {
            return .stopped
        } catch let error as FetchError {
            return await fail(error.pollOutcome, error.words)
        } catch {
            return await fail(.failed(isTransient: false), "\(error)")
        }
    }

    private func fetch(readsEverything: Bool) async throws -> FetchResponse {
        var request = FetchRequest(url: settings.url, userAgent: settings.userAgent ?? common.fullUserAgent)
        if !readsEverything {
            request.etag = state.validators.etag
            request.lastModified = state.validators.lastModified
        }
        if let file = settings.headersFile {
            request.headers = try RequestHeaders(file: file, environment: environment).lines.compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                return HeaderField(String(line[..<colon]), String(value))
            }
        }
        request.limits.maxBodyBytes = limits.maxBodyBytes
        request.limits.connectSeconds = Int(common.connectTimeout.components.seconds)
        request.limits.totalSeconds = Int(common.totalTimeout.components.seconds)
        request.allowsPrivateNetwork = settings.allowsPrivateNetwork
        return try await fetcher.fetch(request)
    }

    /// What an answer brings: one report, with the next poll's time and the validators in it.
    private func take(_ answer: FetchResponse, readsEverything: Bool) async -> PassResult {
        let hints = answer.pollHints
        let response = ResponseFacts(
            status: answer.status, finalURL: answer.finalURL, etag: answer.etag, lastModified: answer.lastModified)
        var facts = CaptureFacts(locator: settings.url, status: answer.status, finalURL: answer.finalURL)
        switch answer.status {
        case 304:
            return await commit(Report(source: id, facts: facts, finding: .unchanged), .notModified(hints: hints))
        // 226 is a delta that was never asked for: whatever it holds, it is not the document (RFC 3229 §10.4).
        case 226:
            return await fail(.unreadable(status: 226), "answered with a delta (226) that was not asked for")
        case 200..<300: break
        default:
            let outcome = PollOutcome.rejected(status: answer.status, retryAfter: answer.retryAfter)
            return await fail(outcome, "\(settings.url): HTTP status \(answer.status); \(nextStep(answer.status))")
        }

        let validators = answer.validators
        do {
            let known = try await road.ledger.validators(of: id, locator: settings.url)
            if !readsEverything, let known, known.rawHash == ContentHash.of(answer.body) {
                facts.rawHash = known.rawHash
                return await commit(
                    Report(source: id, facts: facts, finding: .unchanged),
                    .read(status: answer.status, validators: validators, hints: hints))
            }
        } catch {
            return .failed("\(error)")
        }
        let capture = Capture(
            source: id, kind: .feed, locator: settings.url, bytes: answer.body,
            hints: DocumentHints(contentType: answer.contentType, baseURL: answer.finalURL, expectsFeed: true),
            response: response)
        let (report, document) = road.ingest.report(capture)
        guard let document else {
            return await fail(
                .unreadable(status: answer.status), "\(settings.url): \(report.facts.problem ?? "not a feed")", report)
        }
        var fullHints = hints
        fullHints.timeToLiveSeconds = document.timeToLiveSeconds
        return await commit(
            report,
            .read(status: answer.status, validators: document.isPartial ? nil : validators, hints: fullHints))
    }

    private func fail(_ outcome: PollOutcome, _ words: String, _ report: Report? = nil) async -> PassResult {
        let wasOK = state.sourceState == .ok
        state = PollPlan.next(
            after: outcome, state: state, settings: settings.pollSettings, now: wallClockMilliseconds(),
            jitter: .random(in: 0..<1))
        if wasOK { logger.warning("feed not read; will retry", metadata: [LogKey.reason: "\(words)"]) }
        let look = SourceLook(state: state.sourceState, detail: words, succeeded: false, poll: state.json)
        do {
            // What stood in the ledger of the last good document stays: a bad answer proves nothing.
            let summary = try await road.ledger.record(look, of: id, at: wallClockMilliseconds())
            await road.committer.note(summary)
        } catch {
            return .failed("\(error)")
        }
        return .failed(words)
    }

    private func commit(_ report: Report, _ outcome: PollOutcome) async -> PassResult {
        let next = PollPlan.next(
            after: outcome, state: state, settings: settings.pollSettings, now: wallClockMilliseconds(),
            jitter: .random(in: 0..<1))
        var report = report
        report.look = SourceLook(state: .ok, detail: report.facts.problem, poll: next.json)
        do {
            try await road.committer.commit([report], progress: road.progress)
            // Only what is durable is believed: a failed commit polls again with the old validators.
            state = next
        } catch {
            logger.error("feed not stored", metadata: [LogKey.reason: "\(error)"])
            return .failed("\(error)")
        }
        var summary = PassSummary()
        summary.changed = 1
        return .done(summary)
    }

    private func nextStep(_ status: Int) -> String {
        switch status {
        case 401, 403, 407: "if it wants credentials, give them in 'headers_file'"
        case 404, 410: "check the address, or take the feed out of the settings"
        case 429, 503: "it is asked again when the server allows"
        default: "it is tried again later"
        }
    }
}

extension FetchSettings {
    /// Names the daemon and, where given, whom a publisher can write to (RFC 9110 §10.1.5).
    var fullUserAgent: String { contact.map { "\(userAgent) (+\($0))" } ?? userAgent }
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
    /// As the ledger keeps it.
    var json: String? { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } }

    /// Nil if it cannot be read, as after a change of its fields: the feed is then polled like a new one.
    package init?(json: String) {
        guard let state = try? JSONDecoder().decode(PollState.self, from: Data(json.utf8)) else { return nil }
        self = state
    }
}
