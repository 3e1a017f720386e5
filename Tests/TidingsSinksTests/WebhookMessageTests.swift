import Testing
import TidingsFetch
import TidingsStream

@testable import TidingsSinks

@Suite("A message of a webhook")
struct WebhookMessageTests {
    private let lines = [1, 2].map { CommittedLine(sequence: $0, bytes: Array("{\"id\":\"\($0)\"}\n".utf8)) }

    @Test("has the stored bytes, alone or as a list")
    func body() {
        let batch = WebhookMessage(lines, stream: "s", mode: .batch)
        let single = WebhookMessage([lines[1]], stream: "s", mode: .single)
        #expect(String(decoding: batch.body, as: UTF8.self) == #"[{"id":"1"},{"id":"2"}]"#)
        #expect(String(decoding: single.body, as: UTF8.self) == #"{"id":"2"}"#)
    }

    @Test("is signed as Standard Webhooks says")
    func signature() {
        let message = WebhookMessage([lines[0]], stream: "s", mode: .single)
        // printf '%s' 'tidings_s_1_1.1770000000.{"id":"1"}' | openssl dgst -sha256 -hmac key -binary | base64
        #expect(
            message.headers(signedWith: Array("key".utf8), at: 1_770_000_000) == [
                HeaderField("Content-Type", "application/cloudevents+json; charset=utf-8"),
                HeaderField("webhook-id", "tidings_s_1_1"), HeaderField("webhook-timestamp", "1770000000"),
                HeaderField("webhook-signature", "v1,qNNEjQPk40gdmLWBFvQT12nAvQ0cbXRcd5b7q3vJCQA="),
            ])
    }
}
