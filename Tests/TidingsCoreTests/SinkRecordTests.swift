import Testing
import TidingsCore

@Suite("The record of a sink")
struct SinkRecordTests {
    @Test("its state comes back from the ledger as it was")
    func roundTrip() {
        var state = SinkState()
        state.turn(.failing, "HTTP 503: \"no\"", at: 5)
        state.lastAnswer = "HTTP 503"
        state.lastAnswerAt = 5
        state.failures = 3
        state.nextTry = 4005
        state.passed = 7
        state.missed = MissedChanges(first: 1, last: 9, at: 4)
        #expect(SinkState(json: state.json) == state)
        #expect(SinkState(json: "no JSON") == SinkState())
    }

    @Test("pauses double from a second to the ceiling, less up to a fifth, and are as long as the receiver asks", arguments: [
        (1, 0.0, nil, 1000), (1, 1.0, nil, 800), (2, 0.0, nil, 2000), (12, 0.0, nil, 2_048_000), (13, 0.0, nil, 3_600_000),
        (10_000, 0.0, nil, 3_600_000), (1, 0.0, 30_000, 30_000), (3, 0.0, 1, 4000), (1, 0.0, .max, 86_400_000),
    ] as [(Int, Double, Int64?, Int64)])
    func pauses(failures: Int, jitter: Double, asked: Int64?, expected: Int64) {
        let pause = SinkBackOff.pause(
            afterFailures: failures, ceiling: SinkBackOff.webhookCeilingMilliseconds, jitter: jitter, asked: asked)
        #expect(pause == expected)
    }
}
