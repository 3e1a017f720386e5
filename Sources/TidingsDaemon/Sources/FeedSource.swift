import Logging
import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsSystem

/// One feed: what is asked of its server, and what an answer means. When to poll, and what to ask for, is `PollPlan`'s to say; when
/// its turn comes, `FeedSchedule`'s, which keeps the state between two polls. What is remembered stands in the ledger, in the
/// same transaction as the items. What a document means is in `FeedLook.swift`.
package final class FeedSource: Source {
    package let name: String
    package let id: SourceID
    /// Of the address in the settings.
    let host: String
    let requests: PassRequests
    let settings: FeedSettings
    let context: FeedContext
    private let domain: String

    private var committer: Committer { context.pipeline.committer }

    init(settings: FeedSettings, id: SourceID, context: FeedContext) {
        name = settings.name
        self.settings = settings
        self.id = id
        self.context = context
        host = Self.host(of: settings)
        domain = registrableDomain(of: settings.url) ?? host
        let bell = context.schedule.bell(for: settings.name)
        requests = PassRequests(bell: bell)
    }

    static func host(of settings: FeedSettings) -> String {
        URI(settings.url).host ?? settings.url
    }

    // MARK: a source

    package func start() async { await context.schedule.add(self, await startingState()) }
    /// The schedule gives up the polls of all feeds at once.
    package func cancel() {}
    package func stop() async { await context.schedule.remove(name) }

    package func request(_ wish: PassWish, onEnd: @escaping @Sendable (PassResult) -> Void) { requests.ask(wish, onEnd) }

    package func lookOnce(onEnd: @escaping @Sendable (PassResult) -> Void) async {
        await start()
        requests.ask(PassWish(isReported: true), onEnd)
    }

    /// A feed is looked at when it is due; nothing tells of a change before.
    package func waitForWatches(until deadline: ContinuousClock.Instant) async {}

    // MARK: a poll

    /// What the ledger remembers of the feed, with its place among those that start now.
    private func startingState() async -> PollState {
        var known: PollState?
        do {
            let poll = try await context.pipeline.reader(for: id).poll(of: id, locator: settings.url)
            known = poll.flatMap { PollState(json: $0.state, nextPoll: $0.dueMilliseconds) }
        } catch {
            // Without it the feed is polled like a new one.
            committer.noteFailure(error)
        }
        let state = PollPlan.started(
            known, settings: settings.pollSettings, feeds: context.feedCount, now: wallClockMilliseconds(),
            jitter: .random(in: 0..<1))
        // The server's patience is that of before: a restart is no excuse.
        if state.answersForDomain, let until = state.throttledUntil { context.registry.pause(domain, until: until) }
        return state
    }

    /// When it is due, in milliseconds since 1970.
    func due(_ state: PollState) -> Int64 { PollPlan.due(state, settings.pollSettings, now: wallClockMilliseconds()) }

    /// Polls the feed when its host's turn has come: it is due, or somebody has asked for it.
    /// - Parameter onEnd: called once, with the state after the poll, when all that is to be kept of it is durable. The place in the
    ///   fetcher's queue is the caller's to give back.
    func poll(_ state: PollState, onEnd: @escaping @Sendable (PollState) async -> Void) -> QueuedFetch {
        context.fetcher.enqueue(
            FetchOrder(url: state.redirects.movedTo ?? settings.url, allowsPrivateNetwork: settings.allowsPrivateNetwork) {
                let poll = self.begin(state)
                switch poll.step {
                case .ask(let request):
                    return BegunFetch(request) { answer in self.finish(poll, onEnd) { await self.end(poll, answer) } }
                case .wait(let allowed):
                    self.finish(poll, onEnd) { (await self.wait(poll.state, until: allowed), poll.state) }
                case .fail(let failure):
                    self.finish(poll, onEnd) { await self.fail(FeedPoll(poll, of: self), failure) }
                }
                return nil
            } giveUp: {
                self.requests.take().answer(.stopped)
                Task { await onEnd(state) }
            })
    }

    /// Decides what to ask only now: the feed may have waited for long, and the domain may have been told to pause meanwhile.
    private func begin(_ given: PollState) -> BegunPoll {
        var asked = requests.take()
        let now = wallClockMilliseconds()
        var state = given
        // Pages are wanted of items that the ledger has already.
        if watchesPages(of: state.teasers), !state.watchesPages { asked.wish.readsEverything = true }
        if let until = context.registry.pause(of: domain, now: now) {
            state = PollPlan.throttled(state, until: until, now: now, jitter: .random(in: 0..<1))
        }
        let request = PollPlan.request(state, now: now, readsEverything: asked.wish.readsEverything)
        let allowed = state.forcedPoll(now: now)
        let step: BegunPoll.Step
        if allowed > now {
            step = .wait(until: allowed)
        } else {
            do {
                step = .ask(try fetchRequest(request))
            } catch {
                let outcome = PollOutcome.failed(isTransient: false, failure: FeedFailure.headersFile.rawValue)
                let message = "\(error); correct the file, and have it read again with `tidings reload`"
                step = .fail(PollFailure(outcome: outcome, message: message))
            }
        }
        return BegunPoll(
            asked: asked, state: state, request: request, hasNetwork: context.registry.hasNetwork, step: step)
    }

    /// The one task of a poll, which begins when the answer is there.
    private func finish(
        _ poll: BegunPoll, _ onEnd: @escaping @Sendable (PollState) async -> Void,
        _ end: @escaping @Sendable () async -> (PassResult, PollState)
    ) {
        Task {
            let (result, state) = await end()
            poll.asked.answer(result)
            await onEnd(state)
        }
    }

    private func end(
        _ begun: BegunPoll, _ answer: Result<FetchResponse, FetchError>
    ) async -> (PassResult, PollState) {
        let poll = FeedPoll(begun, of: self)
        switch answer {
        case .success(let response):
            await noteNetwork()
            return await use(FeedAnswer(response, to: poll))
        case .failure(let error):
            guard let name = error.failure else { return (.stopped, begun.state) }
            if error.provesNetwork { await noteNetwork() }
            let saysNothing = error.suggestsNoNetwork && !begun.hasNetwork
            let outcome: PollOutcome =
                saysNothing ? .noNetwork(failure: name.rawValue) : .failed(isTransient: error.isTransient, failure: name.rawValue)
            let failure = PollFailure(outcome: outcome, message: error.message)
            guard let received = error.received else { return await fail(poll, failure) }
            return await use(FeedAnswer(received, to: poll, broken: failure))
        }
    }

    /// There is a network: the feeds that waited for it are polled now.
    private func noteNetwork() async {
        guard context.registry.noteNetwork() else { return }
        await context.schedule.tryAgain()
    }

    /// The server does not want to be asked yet. That is noted, so that `status` tells what holds the feed up, and the next start
    /// knows of it.
    private func wait(_ state: PollState, until allowed: Int64) async -> PassResult {
        var message = "the server asked not to come before \(rfc3339(milliseconds: allowed))"
        do {
            try await commit(Report(source: id, finding: .nothing, poll: row(state)))
        } catch {
            committer.noteFailure(error)
            message += "; \(error)"
        }
        return .failed(message)
    }

    private func fetchRequest(_ wanted: PollRequest) throws -> FetchRequest {
        var request = FetchRequest(
            url: wanted.url ?? settings.url, etag: wanted.validators.etag, lastModified: wanted.validators.lastModified,
            userAgent: settings.userAgent ?? context.userAgent, fetch: context.fetch, maxBodyBytes: context.limits.maxBodyBytes,
            allowsPrivateNetwork: settings.allowsPrivateNetwork, proxy: settings.proxy)
        if let file = settings.headersFile {
            request.headers = try RequestHeaders(file: file, environment: context.environment).lines.compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                return HeaderField(String(line[..<colon]), String(value))
            }
        }
        request.keepsCookies = (settings.cookies ?? context.fetch.cookies) == .chain
        return request
    }

    /// Whether the pages of its items are watched.
    func watchesPages(of teasers: TeaserMemory) -> Bool {
        switch settings.fullText ?? context.pageFetch.fullText {
        case .never: false
        case .auto: teasers.verdict == .teasers
        case .always: true
        }
    }

    /// A sitemap has addresses, and no texts.
    var watchesSitemaps: Bool { (settings.fullText ?? context.pageFetch.fullText) != .never }

    // MARK: the end of a poll

    /// Brings what an answer says to the ledger: a document through the pipeline, all else as a report without one.
    private func use(_ answer: FeedAnswer) async -> (PassResult, PollState) {
        let poll = answer.poll
        do {
            switch answer.meaning {
            case .failure(let failure): return await fail(poll, failure)
            case .nothingNew(let outcome, let detail, let every):
                let next = poll.next(after: outcome, every: every)
                let facts = CaptureFacts(locator: settings.url, status: 304)
                try await commit(poll.report(facts, .unchanged, next: next, detail: detail))
                return succeeded(poll, next)
            case .document(let capture):
                let pipeline = context.pipeline
                let look = try await pipeline.reader(for: id).carry(FeedLook(capture, answer, progress: pipeline.progress))
                for address in currentSitemaps(look.sitemaps, now: wallClockMilliseconds()) { try await read(address, for: poll) }
                switch look.result {
                case .success(let next): return succeeded(poll, next)
                case .failure(let failure): return failed(poll, failure)
                case nil: preconditionFailure("a capture that was not read")
                }
            }
        } catch {
            committer.noteFailure(error)
            logger.error("feed not stored", metadata: [LogKey.reason: "\(error)"])
            // Only what is durable is believed: a failed commit polls again with the old validators.
            return (.failed("\(error)"), poll.state)
        }
    }

    /// Reads one sitemap of an index. One that cannot be had is read after the next poll of the index.
    private func read(_ address: String, for poll: FeedPoll) async throws {
        var request = try fetchRequest(PollRequest())
        // The headers are meant for the address in the settings.
        if URI(address).hostAndPort != URI(settings.url).hostAndPort { request.headers = [] }
        request.url = address
        let response: FetchResponse
        do throws(FetchError) {
            response = try await context.pageFetcher.fetch(request)
        } catch {
            return logger.warning("sitemap not read", metadata: [LogKey.reason: "\(error.message)"])
        }
        guard (200..<300).contains(response.status) else {
            return logger.warning("sitemap not read", metadata: [LogKey.reason: "\(address): HTTP status \(response.status)"])
        }
        let pipeline = context.pipeline
        _ = try await pipeline.reader(for: id).carry(
            SitemapLook(address, response, of: self, readsEverything: poll.wish.readsEverything, progress: pipeline.progress))
    }

    private func fail(_ poll: FeedPoll, _ failure: PollFailure) async -> (PassResult, PollState) {
        let (result, next) = failed(poll, failure)
        do {
            try await commit(poll.report(failure))
        } catch {
            committer.noteFailure(error)
            return (.failed("\(error)"), next)
        }
        return (result, next)
    }

    /// Tells the log, and the other feeds of the domain.
    private func failed(_ poll: FeedPoll, _ failure: PollFailure) -> (PassResult, PollState) {
        let next = poll.next(after: failure.outcome)
        if case .rejected = failure.outcome, let until = next.throttledUntil, next.answersForDomain {
            context.registry.pause(domain, until: until)
        }
        if case .noNetwork = failure.outcome {
            if context.registry.tellsOfNoNetwork() {
                logger.warning("no feed can be reached yet; will retry", metadata: [LogKey.reason: "\(failure.message)"])
            }
        } else if poll.state.sourceState == .ok, !poll.wish.isReported {
            logger.warning("feed not read; will retry", metadata: [LogKey.reason: "\(failure.message)"])
        }
        return (.failed(failure.message), next)
    }

    private func succeeded(_ poll: FeedPoll, _ next: PollState) -> (PassResult, PollState) {
        if next.trust.validatorLies > poll.state.trust.validatorLies {
            logger.warning("the server hid a change behind an unchanged validator")
        }
        return (.readOne, next)
    }

    private func commit(_ report: Report) async throws {
        _ = try await committer.commit([report], progress: context.pipeline.progress)
    }

    /// What the ledger keeps of the feed between two polls.
    func row(_ state: PollState) -> PollRow {
        PollRow(locator: settings.url, host: host, dueMilliseconds: state.nextPoll, state: state.json)
    }

    /// Made when it is needed, for most feeds never say a word.
    private var logger: Logger {
        var logger = context.logger
        logger[metadataKey: LogKey.source] = "\(name)"
        return logger
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

extension PassResult {
    /// One document was read.
    fileprivate static var readOne: PassResult {
        var summary = PassSummary()
        summary.changed = 1
        return .done(summary)
    }
}

extension PollState {
    /// A 429, and a 503 that says when to come back, speak for the whole server.
    fileprivate var answersForDomain: Bool { lastStatus == 429 || notBefore != nil }
}
