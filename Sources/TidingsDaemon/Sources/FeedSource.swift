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
    let domain: String

    var committer: Committer { context.pipeline.committer }

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

    /// The schedule begins and gives up the polls of all feeds at once.
    package func start() {}
    package func cancel() {}
    package func stop() async { await context.schedule.remove(name) }

    package func request(_ wish: PassWish, onEnd: @escaping @Sendable (PassResult) -> Void) { requests.ask(wish, onEnd) }

    package func lookOnce(onEnd: @escaping @Sendable (PassResult) -> Void) {
        requests.ask(PassWish(isReported: true), onEnd)
    }

    /// A feed is looked at when it is due; nothing tells of a change before.
    package func waitForWatches(until deadline: ContinuousClock.Instant) async {}

    // MARK: a poll

    /// The state of the feed at the start, with its place among those that start now.
    /// - Parameter poll: what the ledger remembers of its polls; nil for a new feed.
    func startingState(_ poll: PollRow?) -> PollState {
        var known = poll.flatMap { PollState(json: $0.state, nextPoll: $0.dueMilliseconds) }
        let now = wallClockMilliseconds()
        if let hubs = context.hubs, let planned = known?.nextPoll {
            known?.nextPoll = hubs.firstPoll(of: self, planned: planned, now: now, jitter: .random(in: 0..<1))
        }
        let state = PollPlan.started(
            known, settings: settings.pollSettings, feeds: context.feedCount, now: now, jitter: .random(in: 0..<1))
        // The server's patience is that of before: a restart is no excuse.
        if state.answersForDomain, let until = state.throttledUntil { context.registry.pause(domain, until: until) }
        return state
    }

    /// When it is due, in milliseconds since 1970.
    func due(_ state: PollState) -> Int64 { PollPlan.due(state, settings.pollSettings, now: wallClockMilliseconds()) }

    /// Polls the feed when its host's turn has come: it is due, or somebody has asked for it.
    /// - Parameter onEnd: called once, with the state after the poll, when all that is to be kept of it is durable. The place in the
    ///   fetcher's queue is the caller's to give back.
    func poll(_ state: PollState, onEnd: @escaping @Sendable (PollState) -> Void) -> QueuedFetch {
        context.fetcher.enqueue(
            FetchOrder(url: state.redirects.movedTo ?? settings.url, allowsPrivateNetwork: settings.allowsPrivateNetwork) {
                let (poll, step) = self.begin(state)
                switch step {
                case .ask(let request):
                    return BegunFetch(request) { answer in
                        if case .success(let response) = answer, response.status == 304 {
                            return self.context.notModified.add(UnreadAnswer(feed: self, poll: poll, response: response, onEnd: onEnd))
                        }
                        self.finish(poll, onEnd) { await self.end(poll, answer) }
                    }
                case .wait(let allowed):
                    self.finish(poll, onEnd) { (await self.wait(poll.state, until: allowed), poll.state) }
                case .fail(let failure):
                    self.finish(poll, onEnd) { await self.fail(FeedPoll(poll, of: self), failure) }
                }
                return nil
            } giveUp: {
                self.requests.take().answer(.stopped)
                onEnd(state)
            })
    }

    /// Decides what to ask only now: the feed may have waited for long, and the domain may have been told to pause meanwhile.
    private func begin(_ given: PollState) -> (poll: BegunPoll, step: BegunPoll.Step) {
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
        let poll = BegunPoll(asked: asked, state: state, request: request, hasNetwork: context.registry.hasNetwork, began: now)
        return (poll, step)
    }

    /// The one task of a poll, which begins when the answer is there.
    private func finish(
        _ poll: BegunPoll, _ onEnd: @escaping @Sendable (PollState) -> Void,
        _ end: @escaping @Sendable () async -> (PassResult, PollState)
    ) {
        Task {
            let (result, state) = await end()
            poll.asked.answer(result)
            onEnd(state)
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
            if error.suggestsNoNetwork, !begun.hasNetwork {
                let message = "\(error.url): \(error.problem), and no feed has answered since the start; check the network and the address"
                return await fail(poll, PollFailure(outcome: .noNetwork(failure: name.rawValue), message: message))
            }
            let outcome = PollOutcome.failed(isTransient: error.isTransient, failure: name.rawValue)
            let failure = PollFailure(outcome: outcome, message: error.message)
            guard let received = error.received else { return await fail(poll, failure) }
            return await use(FeedAnswer(received, to: poll, broken: failure))
        }
    }

    /// There is a network: the feeds that waited for it are polled now.
    func noteNetwork() async {
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

    func fetchRequest(_ wanted: PollRequest) throws -> FetchRequest {
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

    /// Made when it is needed, for most feeds never say a word.
    var logger: Logger {
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
