import TidingsCore
import TidingsFetch
import TidingsFormats
import TidingsStore

// What an answer means: a document, nothing new, or a failure that has a name.

extension FeedSource {
    /// - Parameter asked: whether everything is to be read again, and whether removals that are held are meant.
    func take(_ answer: FetchResponse, to request: PollRequest, asked: PassRequests.Asked) async -> PassResult {
        if let failure = answer.failure {
            return await fail(
                answer.outcome(failure), to: request,
                "\(settings.url): \(failure.message(status: answer.status)); \(failure.nextStep)")
        }
        let notModified = PollOutcome.notModified(hints: answer.pollHints, permanentTarget: answer.permanentTarget)
        if let other = owner(of: answer, to: request) {
            // Two sources that show one document would announce everything twice. It is only looked whether that lasts.
            return await commit(
                nothingNew(answer, status: 304), notModified, to: request,
                detail: "moved for good to the address of '\(other)', which reads it; take one of the two out",
                every: dayMilliseconds)
        }
        if answer.status == 304 {
            return await commit(nothingNew(answer, status: 304), notModified, to: request, detail: moved(answer))
        }
        do {
            // A part in the bytes of the whole is still a part.
            if !asked.readsEverything, answer.status != 226, try await isKnown(answer.body) {
                let outcome = PollOutcome.read(
                    status: answer.status, validators: answer.validators, hints: answer.pollHints,
                    permanentTarget: answer.permanentTarget)
                return await commit(
                    nothingNew(answer, status: answer.status), outcome, to: request, detail: moved(answer))
            }
            return try await read(answer, to: request, asked: asked)
        } catch {
            pipeline.committer.noteFailure(error)
            return .failed("\(error)")
        }
    }

    /// The document was read before. A server that sent it again (200) has shown once more what it lacks.
    private func nothingNew(_ answer: FetchResponse, status: Int) -> Report {
        Report(
            source: id, facts: CaptureFacts(locator: settings.url, status: status, finalURL: answer.finalURL),
            finding: .unchanged)
    }

    private func isKnown(_ body: [UInt8]) async throws -> Bool {
        try await pipeline.ledger.rawHash(of: id, locator: settings.url) == ContentHash.of(body)
    }

    /// The other configured feed that this one has moved to.
    private func owner(of answer: FetchResponse, to request: PollRequest) -> String? {
        guard answer.permanentTarget != nil || request.url != nil else { return nil }
        return registry.name(at: answer.finalURL).flatMap { $0 == name ? nil : $0 }
    }

    private func moved(_ answer: FetchResponse) -> String? {
        (answer.permanentTarget ?? state.redirects.movedTo).map { "moved for good to \($0); write this address" }
    }

    private func read(
        _ answer: FetchResponse, to request: PollRequest, asked: PassRequests.Asked
    ) async throws -> PassResult {
        let shown = try await pipeline.ledger.shownItems(of: id)
        let capture = Capture(
            source: id, kind: .feed, locator: settings.url, bytes: answer.body,
            hints: DocumentHints(contentType: answer.contentType, baseURL: answer.finalURL, expectsFeed: true),
            response: ResponseFacts(
                status: answer.status, finalURL: answer.finalURL, etag: answer.etag, lastModified: answer.lastModified))
        let reading: Ingest.Reading
        do {
            reading = try pipeline.quarantine.read(capture) {
                pipeline.ingest.read(capture, shown: asked.readsEverything ? [:] : shown)
            }
        } catch {
            return await fail(
                .unreadable(status: answer.status, failure: FeedFailure.quarantined.rawValue), to: request,
                "\(settings.url): \(error.message)")
        }
        let document: ParsedDocument
        do {
            document = try reading.document.get()
        } catch {
            let failure = FeedFailure(error)
            return await fail(
                .unreadable(status: answer.status, failure: failure.rawValue), to: request,
                "\(settings.url): \(error.message); \(failure.nextStep)")
        }
        var hints = answer.pollHints
        hints.feed = document.feedHints
        let outcome = PollOutcome.read(
            status: answer.status, validators: document.isPartial ? nil : answer.validators, hints: hints,
            counts: try await count(reading.report, shown), permanentTarget: answer.permanentTarget)
        var report = reading.report
        report.acceptsRemovals = asked.acceptsRemovals
        return await commit(report, outcome, to: request, detail: report.facts.problem ?? moved(answer))
    }

    /// How much of a document is news. An item under another id is none, or a feed that makes up ids at each look would pass for
    /// the busiest of all.
    private func count(
        _ report: Report, _ shown: [SightingKey: ShownItem]
    ) async throws -> DocumentCounts? {
        guard case .document(let document) = report.finding else { return nil }
        let contents = Set(shown.values.map(\.rawHash))
        var edited = 0
        var unknown: [SightingKey] = []
        for case .seen(let item) in document.entries {
            if let known = shown[item.key] {
                if known.rawHash != item.item.rawHash { edited += 1 }
            } else if !contents.contains(item.item.rawHash) {
                unknown.append(item.key)
            }
        }
        let fresh = try await pipeline.ledger.overlap(of: unknown, source: id).fresh
        return DocumentCounts(items: document.entries.count, fresh: fresh, edited: edited)
    }
}

extension ParsedDocument {
    fileprivate var feedHints: FeedHints {
        // RSS names the days, from Sunday; ISO 8601 numbers them, from Monday.
        let skips = SkipTimes(hours: Array(skipHours), days: skipDays.map { $0 == 0 ? 7 : $0 })
        return FeedHints(
            timeToLiveSeconds: timeToLiveSeconds, skips: skipHours.isEmpty && skipDays.isEmpty ? nil : skips)
    }
}

extension FetchResponse {
    /// Why there is no document in the answer; nil if there may be one, or none is needed.
    fileprivate var failure: FeedFailure? {
        guard let failure = FeedFailure.forStatus(status) else { return nil }
        return isChallenge ? .challengePage : failure
    }

    fileprivate func outcome(_ failure: FeedFailure) -> PollOutcome {
        (200..<300).contains(status)
            ? .unreadable(status: status, failure: failure.rawValue)
            : .rejected(status: status, retryAfter: retryAfter, failure: failure.rawValue)
    }

    /// Whether the page wants to see a browser first: such pages come with 403, 429 or 503.
    private var isChallenge: Bool {
        headers["cf-mitigated"] == "challenge" || PageKind(ofPage: body) == .challenge
    }

    /// Where an unbroken chain of permanent redirects led (RFC 9110 §15.4.2, §15.4.9).
    fileprivate var permanentTarget: String? {
        !hops.isEmpty && hops.allSatisfy(\.isPermanent) ? finalURL : nil
    }
}
