import Logging
import TidingsCore
import TidingsFetch
import TidingsStore
import TidingsSystem

/// Looks at one page: asks its server, and brings what the answer says to the ledger. Whether to believe it, what it means, and when to
/// look again, is decided there.
struct PageLooker: Sendable {
    let fetcher: Fetcher
    let fetch: FetchSettings
    let maxBodyBytes: Int
    let pipeline: Pipeline
    /// Knows which domains have asked for a pause, feeds and pages together.
    let registry: FeedRegistry
    let robots: RobotsFiles?
    let logger: Logger

    /// - Parameter readsEverything: the page is wanted without validators, and read even if its bytes are known.
    func look(at id: PageID, for watcher: PageWatcher, readsEverything: Bool) async -> PageSchedule.Ending {
        do {
            let now = wallClockMilliseconds()
            guard let page = try await pipeline.reader(for: watcher.source).page(id, now: now) else { return .unknown }
            let allowed = max(page.state.allowedLook(now: now), pause(of: page.locator, now: now) ?? now)
            if allowed > now { return .again(at: allowed + .random(in: 0...minuteMilliseconds)) }
            let request = PagePlan.request(page.state, url: page.locator, now: now, readsEverything: readsEverything)
            let look = PageLook(page, watcher, request, readsEverything: readsEverything, progress: pipeline.progress)
            if let kept = await robots?.obstacle(to: request.url, for: watcher) { return try await commit(look.ended(kept)) }
            return try await ask(request, look, watcher)
        } catch is CancellationError {
            return .again(at: wallClockMilliseconds())
        } catch {
            pipeline.committer.noteFailure(error)
            logger.error("page not stored", metadata: [LogKey.source: "\(watcher.name)", LogKey.reason: "\(error)"])
            return .again(at: wallClockMilliseconds() + minuteMilliseconds)
        }
    }

    private func ask(_ request: PageRequest, _ look: PageLook, _ watcher: PageWatcher) async throws -> PageSchedule.Ending {
        let response: FetchResponse
        do throws(FetchError) {
            response = try await fetcher.fetch(fetchRequest(request, watcher))
        } catch {
            guard let failure = error.failure else { throw CancellationError() }
            return try await commit(look.ended(.failed(failure: failure.rawValue)))
        }
        if response.finalURL != request.url, let kept = await robots?.obstacle(to: response.finalURL, for: watcher) {
            return try await commit(look.ended(kept))
        }
        let answer = PageAnswer(response, to: request)
        var look = look
        look.reread = try await reread(look.page, watcher)
        switch answer.meaning {
        case .ended(let outcome):
            if case .rejected(429, _, _) = outcome { hold(look.page.locator, response) }
            if case .rejected(503, .some, _) = outcome { hold(look.page.locator, response) }
            return try await commit(look.ended(outcome, answer))
        case .document:
            _ = try await pipeline.reader(for: watcher.source).carry(look.reading(answer))
            return .committed
        }
    }

    private func reread(_ page: PageRow, _ watcher: PageWatcher) async throws -> PageReread? {
        do {
            return try await pipeline.reader(for: watcher.source).reread(page, limitBytes: maxBodyBytes)
        } catch let error as PageBodyError {
            logger.warning(
                "stored body of a page not read", metadata: [LogKey.source: "\(watcher.name)", LogKey.reason: "\(page.locator): \(error)"])
            return nil
        }
    }

    private func commit(_ report: Report) async throws -> PageSchedule.Ending {
        _ = try await pipeline.committer.commit([report], progress: pipeline.progress)
        return .committed
    }

    private func fetchRequest(_ wanted: PageRequest, _ watcher: PageWatcher) -> FetchRequest {
        var request = FetchRequest(
            url: wanted.url, etag: wanted.validators.etag, lastModified: wanted.validators.lastModified,
            userAgent: watcher.userAgent, fetch: fetch, maxBodyBytes: maxBodyBytes,
            allowsPrivateNetwork: watcher.allowsPrivateNetwork, proxy: watcher.proxy)
        request.keepsCookies = watcher.cookies == .chain
        return request
    }

    // MARK: a domain that wants to be left alone

    private func domain(of url: String) -> String { registrableDomain(of: url) ?? url }

    private func pause(of url: String, now: Int64) -> Int64? { registry.pause(of: domain(of: url), now: now) }

    /// Its server has told one of our requests to come later: all pages and feeds of the domain do.
    private func hold(_ url: String, _ response: FetchResponse) {
        let now = wallClockMilliseconds()
        let asked = response.retryAfter.flatMap { PollPlan.retryAfter($0, now: now) }
        registry.pause(domain(of: url), until: now + (asked ?? PollPlan.retryAfterMilliseconds.lowerBound))
    }
}
