import Logging
import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsSystem

/// The end of a poll.
extension FeedSource {
    /// Brings what an answer says to the ledger: a document through the pipeline, all else as a report without one.
    func use(_ answer: FeedAnswer) async -> (PassResult, PollState) {
        let poll = answer.poll
        do {
            switch answer.meaning {
            case .failure(let failure): return await fail(poll, failure)
            case .nothingNew(let outcome, let detail, let every):
                let (report, next) = report(of: poll, outcome, detail: detail, every: every)
                try await commit(report)
                return await foundNothingNew(poll, next)
            case .document(let capture):
                let pipeline = context.pipeline
                let look = try await pipeline.reader(for: id).carry(FeedLook(capture, answer, progress: pipeline.progress))
                for address in currentSitemaps(look.sitemaps, now: wallClockMilliseconds()) { try await read(address, for: poll) }
                switch look.result {
                case .success(let next):
                    await context.hubs?.polled(self, found: look.foundNews, began: poll.began)
                    if look.isWhole { await context.hubs?.note(look.hubLinks, of: self) }
                    return succeeded(poll, next)
                case .failure(let failure): return failed(poll, failure)
                case nil: preconditionFailure("a capture that was not read")
                }
            }
        } catch {
            return notStored(poll, error)
        }
    }

    /// Ends the polls whose answer was 304: one commit for all of them, which nothing has to be read for.
    static func use(_ answers: [UnreadAnswer], in context: FeedContext) async {
        var reports: [Report] = []
        var ends: [(answer: UnreadAnswer, poll: FeedPoll, next: PollState)] = []
        for answer in answers {
            let poll = FeedPoll(answer.poll, of: answer.feed)
            switch FeedAnswer(answer.response, to: poll).meaning {
            case .nothingNew(let outcome, let detail, let every):
                let (report, next) = answer.feed.report(of: poll, outcome, detail: detail, every: every)
                reports.append(report)
                ends.append((answer, poll, next))
            case .failure(let failure): answer.end(await answer.feed.fail(poll, failure))
            case .document: preconditionFailure("a document in an answer of status 304")
            }
        }
        do {
            _ = try await context.pipeline.committer.commit(reports, progress: context.pipeline.progress)
            for (answer, poll, next) in ends { answer.end(await answer.feed.foundNothingNew(poll, next)) }
        } catch {
            for (answer, poll, _) in ends { answer.end(answer.feed.notStored(poll, error)) }
        }
    }

    private func report(of poll: FeedPoll, _ outcome: PollOutcome, detail: String?, every: Int64) -> (Report, PollState) {
        let next = poll.next(after: outcome, every: every)
        return (poll.report(CaptureFacts(locator: settings.url, status: 304), .unchanged, next: next, detail: detail), next)
    }

    private func foundNothingNew(_ poll: FeedPoll, _ next: PollState) async -> (PassResult, PollState) {
        await context.hubs?.polled(self, found: false, began: poll.began)
        return succeeded(poll, next)
    }

    /// Only what is durable is believed: a failed commit polls again with the old validators.
    private func notStored(_ poll: FeedPoll, _ error: any Error) -> (PassResult, PollState) {
        committer.noteFailure(error)
        logger.error("feed not stored", metadata: [LogKey.reason: "\(error)"])
        return (.failed("\(error)"), poll.state)
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

    func fail(_ poll: FeedPoll, _ failure: PollFailure) async -> (PassResult, PollState) {
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
        if next.dueReason == .noNetwork {
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

    func commit(_ report: Report) async throws {
        _ = try await committer.commit([report], progress: context.pipeline.progress)
    }

    /// What the ledger keeps of the feed between two polls.
    func row(_ state: PollState) -> PollRow {
        PollRow(locator: settings.url, host: host, dueMilliseconds: state.nextPoll, state: state.json)
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
    var answersForDomain: Bool { lastStatus == 429 || notBefore != nil }
}
