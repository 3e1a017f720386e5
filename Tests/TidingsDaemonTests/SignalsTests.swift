import Foundation
import Synchronization
import Testing

@testable import TidingsDaemon

/// Real signals, sent to the inbox's own thread: the other threads of a test process are not ours and block nothing.
@Suite(.timeLimit(.minutes(1)))
struct SignalsTests {
    @Test("each signal asks for what the manual says", arguments: [
        (SIGUSR1, .reingest), (SIGHUP, .reload), (SIGUSR2, .rotate), (SIGTERM, .stop), (SIGINT, .stop),
    ] as [(Int32, SignalRequests)])
    func delivers(signal: Int32, expected: SignalRequests) async throws {
        let inbox = try makeInbox()
        var iterator = inbox.makeAsyncIterator()
        #expect(pthread_kill(inbox.receiver, signal) == 0)
        #expect(await iterator.next() == expected)
    }

    @Test func stormOfSignalsIsOneOrTwoRequests() async throws {
        let inbox = try makeInbox()
        for _ in 0..<1000 { #expect(pthread_kill(inbox.receiver, SIGHUP) == 0) }
        // The kernel gives signals in the order of their numbers, HUP is 1 and TERM 15: it comes after the last HUP.
        pthread_kill(inbox.receiver, SIGTERM)
        var seen: [SignalRequests] = []
        for await requests in inbox {
            seen.append(requests)
            if requests.contains(.stop) { break }
        }
        // Those that had arrived when the reader began are one request; one may have been on its way still.
        #expect(seen.count { $0.contains(.reload) } <= 2)
        #expect(SignalRequests(seen) == [.reload, .stop])
    }

    @Test func requestThatComesDuringAPassLeadsToAnother() async throws {
        let inbox = try makeInbox()
        var iterator = inbox.makeAsyncIterator()
        inbox.raise(.reingest)
        #expect(await iterator.next() == .reingest)
        inbox.raise([.reingest])
        inbox.raise([.reload])
        #expect(await iterator.next() == [.reingest, .reload])
    }

    @Test func secondStopExitsNow() async throws {
        let exited = AsyncStream.makeStream(of: Int32.self)
        let inbox = try makeInbox { code in exited.continuation.yield(code) }
        var iterator = inbox.makeAsyncIterator()
        pthread_kill(inbox.receiver, SIGTERM)
        #expect(await iterator.next() == .stop)
        pthread_kill(inbox.receiver, SIGINT)
        var codes = exited.stream.makeAsyncIterator()
        #expect(await codes.next() == 130)
    }

    @Test func cancelledReaderStops() async throws {
        let inbox = try makeInbox()
        let reader = Task {
            for await _ in inbox {}
            return true
        }
        reader.cancel()
        #expect(await reader.value)
    }

    /// The mask is set and inherited within one synchronous call, on whatever thread of the pool this is.
    private func makeInbox(
        exitNow: @escaping @Sendable (Int32) -> Void = { Issue.record("would exit with \($0)") }
    ) throws -> SignalInbox {
        blockSignals()
        return try SignalInbox(exitNow: exitNow)
    }
}
