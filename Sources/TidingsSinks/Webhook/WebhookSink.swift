import Logging
import Synchronization
import TidingsCore
import TidingsFetch
import TidingsSystem

/// Sends the changes to a receiver over HTTP: in order, one request at a time, each change until the receiver has answered 2xx.
///
/// The address is never logged: for many receivers it is what lets a sender in.
package actor WebhookSink: RunningSink {
    private let executor: BlockingExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    package nonisolated let settings: SinkSettings
    package nonisolated let bookkeeper: SinkBookkeeper
    private nonisolated let wake = Alarm()
    private let webhook: WebhookSettings
    private let surroundings: SinkSurroundings
    private let client: WebhookClient
    private let logger: Logger
    private nonisolated let isStopping = Atomic(false)

    private var batches: ChangeBatches?
    /// How many changes go into the next request. 413 halves it, and each success raises it by one again.
    private var batchCount: Int

    package init(
        _ settings: SinkSettings, _ webhook: WebhookSettings, client: WebhookClient, bookkeeper: SinkBookkeeper,
        surroundings: SinkSurroundings, logger: Logger
    ) {
        executor = BlockingExecutor(label: "tidings.sink.\(settings.name)")
        self.settings = settings
        self.webhook = webhook
        self.client = client
        self.bookkeeper = bookkeeper
        self.surroundings = surroundings
        var logger = logger
        logger[metadataKey: SinkLogKey.sink] = "\(settings.name)"
        self.logger = logger
        batchCount = webhook.mode == .single ? 1 : webhook.batch
    }

    package nonisolated func ring() { wake.ring() }

    package nonisolated func stop() {
        isStopping.store(true, ordering: .relaxed)
        wake.ring()
    }

    private var isEnding: Bool { isStopping.load(ordering: .relaxed) || Task.isCancelled }

    /// What is to be done after one request, or without one.
    private enum Next {
        case goOn
        case waitForChanges
        case pause(milliseconds: Int64)
        case rest
    }

    package func run() async {
        while !isEnding {
            switch await deliver() {
            case .goOn: break
            case .waitForChanges: await wake.wait()
            case .pause(let milliseconds): await pause(milliseconds)
            case .rest: while !isEnding { await wake.wait() }
            }
        }
    }

    /// A ring does not end the pause, unless it comes because the sink is to stop.
    private func pause(_ milliseconds: Int64) async {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end, !isEnding { await wake.wait(until: end) }
    }

    /// Makes one request with the changes after the confirmed one.
    private func deliver() async -> Next {
        let batch: ChangeBatches.Batch
        do {
            batch = try nextBatch()
        } catch {
            surroundings.noteFailure(error)
            batches = nil
            return fail("the changes cannot be read: \(error)", asked: nil)
        }
        let record = bookkeeper.record
        guard !batch.lines.isEmpty else {
            if batch.through == record.confirmed { return .waitForChanges }
            // None of them is asked for.
            bookkeeper.update { $0.confirmed = batch.through }
            return .goOn
        }
        let message = WebhookMessage(batch.lines, stream: record.stream, mode: webhook.mode)
        do {
            let answer = try await client.send(message, to: webhook, at: surroundings.now())
            return take(answer, to: batch)
        } catch let error as FetchError {
            // The sink stops. Whether the receiver has the changes is unknown, so they come again.
            if error.reason == .cancelled { return .rest }
            return fail("\(error.problem); it is tried again", asked: nil)
        } catch {
            return fail("\(error)", asked: nil)
        }
    }

    private func nextBatch() throws -> ChangeBatches.Batch {
        if batches == nil {
            let changes = try surroundings.open()
            var record = bookkeeper.record
            let missed = try changes.settle(&record, now: surroundings.now())
            let settled = record
            bookkeeper.update { $0 = settled }
            if let missed { note(missed) }
            batches = ChangeBatches(changes, filter: settings.filter, withText: settings.withText)
        }
        let confirmed = bookkeeper.record.confirmed
        guard let batch = try batches?.next(after: confirmed, count: batchCount, bytes: webhook.batchBytes) else {
            preconditionFailure("the batches were just made")
        }
        if let missed = batch.missed {
            note(MissedChanges(first: missed.lowerBound, last: missed.upperBound, at: surroundings.now()))
        }
        return batch
    }

    private func note(_ missed: MissedChanges) {
        logger.error("\(missed.message)")
        bookkeeper.update { record in
            record.state.missed = missed
            // So that it is said once.
            record.confirmed = max(record.confirmed, missed.last)
        }
    }

    private func take(_ answer: FetchResponse, to batch: ChangeBatches.Batch) -> Next {
        let now = surroundings.now()
        bookkeeper.update { record in
            record.state.lastAnswer = "HTTP \(answer.status)"
            record.state.lastAnswerAt = now
        }
        switch WebhookAnswer(status: answer.status, retryAfter: answer.retryAfter, now: now) {
        case .taken:
            if bookkeeper.record.state.standing == .failing { logger.notice("the webhook takes changes again") }
            bookkeeper.update { record in
                record.confirmed = batch.through
                record.state.turn(.ok, at: now)
            }
            if webhook.mode == .batch, batchCount < webhook.batch { batchCount += 1 }
            return .goOn
        case .gone:
            let message = WebhookAnswer.message(status: answer.status)
            logger.error("the webhook is switched off", metadata: [SinkLogKey.reason: "\(message)"])
            bookkeeper.update { $0.state.turn(.disabled, message, at: now) }
            return .rest
        case .tooLarge where batch.lines.count > 1:
            batchCount = batch.lines.count / 2
            return .goOn
        case .tooLarge: return fail(WebhookAnswer.message(status: answer.status), asked: nil)
        case .refused(let asked): return fail(WebhookAnswer.message(status: answer.status), asked: asked)
        }
    }

    private func fail(_ message: String, asked: Int64?) -> Next {
        let now = surroundings.now()
        let failures = bookkeeper.record.state.failures + 1
        let pause = SinkBackOff.pause(
            afterFailures: failures, ceiling: SinkBackOff.webhookCeilingMilliseconds, jitter: surroundings.jitter(), asked: asked)
        if failures == 1 {
            logger.warning("the webhook takes no changes; they wait", metadata: [SinkLogKey.reason: "\(message)"])
        }
        bookkeeper.update { record in
            record.state.turn(.failing, message, at: now)
            record.state.failures = failures
            record.state.nextTry = now + pause
        }
        return .pause(milliseconds: pause)
    }
}
