import TestSupport
import Testing

@testable import TidingsNATS

/// What JetStream does with messages, as far as a publisher can tell: it stores what follows the expected message, knows ids again, and
/// answers or not. By `dice` it loses messages on their way, answers, its last messages, and delays some messages past a new round.
private struct Stream {
    var messages: [(position: UInt64, id: MessageID, publisher: String)] = []
    var position: UInt64 = 0
    var knownIDs: Set<String> = []

    var tail: StreamTail { 
        StreamTail(
            position: position, lastPosition: messages.last?.position ?? 0, last: messages.last?.id, publisher: messages.last?.publisher)
    }

    mutating func take(_ batch: Relay.Batch, from publisher: String) -> PublishAnswer {
        guard batch.expected == position else { return .refused("wrong last sequence: \(position)") }
        guard batch.expectedLast == messages.last?.position ?? 0 else { return .refused("wrong last sequence of the subject") }
        let ids = batch.messages.map(\.id)
        guard knownIDs.isDisjoint(with: ids.map(\.description)) else { return .duplicate }
        for id in ids {
            knownIDs.insert(id.description)
            position += 1
            messages.append((position, id, publisher))
        }
        return .stored(position: position)
    }

    /// Its last messages are deleted.
    mutating func lose(_ count: Int) { messages.removeLast(min(count, messages.count)) }

    /// It is set back to how it was.
    mutating func restore(_ count: Int) {
        for message in messages.suffix(count) { knownIDs.remove(message.id.description) }
        lose(count)
        position = messages.last?.position ?? 0
    }
}

/// One publisher with the daemon behind it: it starts again where the tail says.
private struct Process {
    var relay: Relay
    var given: Int64
    var name: String { relay.publisher }

    init(_ name: String, _ stream: Stream, takesBatches: Bool = true) {
        relay = Relay(publisher: name, tail: stream.tail, takesBatches: takesBatches)
        given = relay.confirmed
    }

    mutating func give(upTo newest: Int64, of id: String) {
        while relay.hasRoom, given < newest {
            given += 1
            relay.put(change(given, of: id))
        }
    }
}

private func change(_ number: Int64, of stream: String) -> ChangeMessage {
    ChangeMessage(Array(#"{"specversion":"1.0","id":"\#(number)","source":"urn:uuid:\#(stream)","type":"tidings.article.created"}"#.utf8))!
}

@Suite("the relay to JetStream") struct RelayTests {
    @Test("whatever is lost on the way, the stream holds each change once, in order, without holes", arguments: 0..<300)
    func chaos(seed: Int) throws {
        let takesBatches = seed % 3 > 0
        var dice = Seeded(seed: UInt64(seed))
        var stream = Stream()
        let newest: Int64 = 200
        var processes = [Process("a", stream, takesBatches: takesBatches)]
        var late: [(Relay.Batch, String)] = []
        var steps = 0
        while stream.messages.last?.id.number != newest || processes.contains(where: { $0.relay.confirmed < newest }) {
            steps += 1
            try #require(steps < 20_000, "no end")
            let isCalm = steps > 2_000
            if !isCalm, steps % 400 == 0 { stream.lose(Int.random(in: 0...8, using: &dice)) }
            if !isCalm, steps % 700 == 0 { stream.restore(Int.random(in: 0...30, using: &dice)) }
            if !isCalm, steps % 500 == 250, processes.count < 2 { processes.append(Process("b\(steps)", stream, takesBatches: takesBatches)) }
            if isCalm, processes.count > 1 { processes.removeLast() }
            let index = Int.random(in: processes.indices, using: &dice)
            // Not all at once, so that batches have different lengths.
            processes[index].give(upTo: min(newest, processes[index].given + .random(in: 0...20, using: &dice)), of: "s")
            var trouble = false
            for _ in 0..<Int.random(in: 1...12, using: &dice) {
                guard let message = processes[index].relay.next() else { break }
                switch isCalm ? 9 : Int.random(in: 0..<40, using: &dice) {
                case 0: trouble = true
                case 1:
                    late.append((message, processes[index].name))
                    trouble = true
                case 2:
                    _ = stream.take(message, from: processes[index].name)
                    trouble = true
                default:
                    let answer = stream.take(message, from: processes[index].name)
                    let verdict = processes[index].relay.take(answer, round: message.round)
                    if verdict != .goOn { trouble = true }
                }
            }
            if let (message, name) = late.first, Bool.random(using: &dice) {
                _ = stream.take(message, from: name)
                late.removeFirst()
            }
            guard trouble else { continue }
            if case .end = processes[index].relay.resume(after: stream.tail) {
                processes[index] = Process("\(processes[index].name)'", stream, takesBatches: takesBatches)
            }
        }
        #expect(stream.messages.map(\.id.number) == Array(1...newest))
    }

    @Test("a change that the server has lost and whose id it knows gets another id")
    func knownID() throws {
        var stream = Stream()
        var first = Process("a", stream)
        first.give(upTo: 3, of: "s")
        while let message = first.relay.next() {
            _ = first.relay.take(stream.take(message, from: "a"), round: message.round)
        }
        #expect(first.relay.confirmed == 3)
        stream.lose(2)
        #expect(first.relay.resume(after: stream.tail) == .end("the stream had the changes up to 3, and has them up to 1 now"))
        var second = Process("b", stream)
        second.give(upTo: 3, of: "s")
        for _ in 0..<4 {
            while let message = second.relay.next() {
                let verdict = second.relay.take(stream.take(message, from: "b"), round: message.round)
                guard verdict == .goOn else { break }
            }
            if second.relay.confirmed < 3 { #expect(second.relay.resume(after: stream.tail) == .goOn) }
        }
        #expect(stream.messages.map(\.id.description) == ["s:1", "s:2:1", "s:3:1"])
    }

    @Test("a publisher that another one has overtaken ends, and says why")
    func fence() throws {
        var stream = Stream()
        var slow = Process("slow", stream)
        var quick = Process("quick", stream)
        slow.give(upTo: 2, of: "s")
        quick.give(upTo: 2, of: "s")
        for process in [quick, slow] {
            var process = process
            while let message = process.relay.next() {
                let answer = stream.take(message, from: process.name)
                guard process.relay.take(answer, round: message.round) != .goOn else { continue }
                #expect(process.name == "slow")
                #expect(
                    process.relay.resume(after: stream.tail)
                        == .end("another publisher has written change 2 to the stream: only one may run at a time"))
                break
            }
        }
        #expect(stream.messages.map(\.id.number) == [1, 2])
    }

    @Test("a stream that has taken the place of the one before goes on behind it")
    func otherStream() throws {
        var stream = Stream()
        var old = Process("a", stream)
        old.give(upTo: 5, of: "old")
        while let message = old.relay.next() {
            _ = old.relay.take(stream.take(message, from: "a"), round: message.round)
        }
        var new = Relay(publisher: "b", tail: stream.tail, takesBatches: false)
        for number: Int64 in 3...4 { new.put(change(number, of: "new")) }
        #expect(new.resume(after: stream.tail) == .goOn)
        while let message = new.next() {
            #expect(new.take(stream.take(message, from: "b"), round: message.round) == .goOn)
        }
        #expect(stream.messages.map(\.id.description).suffix(3) == ["old:5", "new:3", "new:4"])
        #expect(new.confirmed == 4)
    }

    @Test(
        "an id of a message",
        arguments: [
            ("s:1", MessageID(stream: "s", number: 1)), ("s:12:3", MessageID(stream: "s", number: 12, repeats: 3)), ("s", nil),
            (":1", nil), ("s:x", nil), ("s:1:x", nil), ("s:1:2:3", nil), ("s:-1", nil), ("", nil),
        ])
    func id(text: String, expected: MessageID?) {
        #expect(MessageID(text) == expected)
        if let expected { #expect(expected.description == text) }
    }

    @Test("what the header of a message says of the change")
    func headers() throws {
        let line = #"""
            {"specversion":"1.0","id":"7","source":"urn:uuid:abc","type":"tidings.article.updated","subject":"a \"ü%","time":"2026-11-29T09:00:00.000Z","data":{}}
            """#
        let change = try #require(ChangeMessage(Array(line.utf8)))
        #expect(change.id == MessageID(stream: "abc", number: 7))
        #expect(change.headers.map { "\($0.name): \($0.value)" } == [
            "content-type: application/cloudevents+json; charset=utf-8", "ce-specversion: 1.0", "ce-id: 7", "ce-source: urn:uuid:abc",
            "ce-type: tidings.article.updated", "ce-subject: a%20%22%C3%BC%25", "ce-time: 2026-11-29T09:00:00.000Z",
        ])
        for wrong in ["", "{}", #"{"id":"x","source":"urn:uuid:a"}"#, #"{"id":"1","source":"a"}"#, #"{"schema":"1"}"#] {
            #expect(ChangeMessage(Array(wrong.utf8)) == nil, "\(wrong)")
        }
    }

    @Test(
        "the server's answer",
        arguments: [
            (#"{"stream":"S","seq":5}"#, .stored(position: 5)), (#"{"stream":"S","seq":5,"duplicate":true}"#, .duplicate),
            (
                #"{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 4"},"stream":"S","seq":0}"#,
                .refused("wrong last sequence: 4")
            ), (#"{"error":{"code":400,"err_code":10201,"description":"batch contains duplicate"}}"#, .duplicate), ("", .taken), ("+ACK", .refused("the answer is no JSON")), ("{}", .refused("the answer has no sequence number")),
        ] as [(String, PublishAnswer)])
    func answer(json: String, expected: PublishAnswer) {
        let message = BrokerMessage(subject: "a", reply: nil, bytes: Array(json.utf8), saysNoResponders: false, headers: [:])
        #expect(PublishAnswer(message) == expected)
    }
}
