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
                let next = poll.next(after: outcome, every: every)
                let facts = CaptureFacts(locator: settings.url, status: 304)
                try await commit(poll.report(facts, .unchanged, next: next, detail: detail))
                await context.hubs?.polled(self, found: false, began: poll.began)
                return succeeded(poll, next)
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
