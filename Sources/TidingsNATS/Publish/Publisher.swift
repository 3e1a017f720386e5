import Glibc
import TidingsCore
import TidingsSystem

/// The program of a command sink that brings the changes to a JetStream stream: it reads lines from its standard input, and says on
/// its standard output what the broker has. One thread waits for all that can happen.
package struct Publisher {
    /// Why it has ended.
    package enum End: Equatable, Sendable {
        case inputEnded
        /// The next process is to go on with what the broker has then: why, for people.
        case startAgain(String)
    }

    /// How long one answer may take.
    private static let answerTimeout = Duration.seconds(5)
    /// How long it stays, when its input has ended, for the answers to what it has sent.
    private static let farewell = Duration.seconds(2)
    /// How long the daemon keeps what the broker has: within that, it is found out if the broker has lost it.
    private static let keepSeconds = 3600
    /// After so long without a message the tail is read again.
    private static let longestSilence = Duration.seconds(600)
    /// That reason to read the tail, which is no trouble and not told.
    private static let silence = "silence"
    /// Room in a message for header fields.
    private static let headerBytes = 2 << 10

    private let broker: Broker
    private let inbox: BrokerInbox
    private let plan: StreamPlan
    private let say: (String) -> Void
    private var relay: Relay
    private var lines = LineSplitter(limitBytes: .max)
    /// Why the tail is to be read again; nil while all is well.
    private var trouble: String?
    /// The last trouble that was told.
    private var toldTrouble: String?
    private var patience = Patience()
    /// When the last answer came, or the message was sent that waits for one.
    private var heard = ContinuousClock.now
    private var toldConfirmed: Int64
    /// When the input ended; nil while it goes on.
    private var inputEnd: ContinuousClock.Instant?

    /// Waits until the servers are reached, for as long as that takes, makes the stream if it is missing, and says what it has.
    /// - Parameter say: takes messages for people.
    /// - Throws: what no waiting mends.
    package init(_ settings: BrokerSettings, _ plan: StreamPlan, say: @escaping (String) -> Void) throws {
        self.plan = plan
        self.say = say
        inbox = try BrokerInbox()
        broker = try Broker(settings, inbox: inbox, say: say)
        try broker.subscribe("\(broker.replies).*")
        let (tail, takesBatches) = try broker.patiently(say) { (broker) throws(BrokerError) in
            if try broker.makeStream(plan) { say("made the stream \(plan.name) for \(plan.subject), replicas: \(plan.replicas)") }
            return try (broker.tail(of: plan), broker.takesBatches(plan.name))
        }
        relay = Relay(publisher: hex((0..<8).map { _ in .random(in: 0...255) }), tail: tail, takesBatches: takesBatches)
        toldConfirmed = relay.confirmed
        var word = JSONWriter()
        word.object { word in
            if let last = tail.last {
                word.field("stream", "urn:uuid:\(last.stream)")
                word.field("after", last.number)
            }
            word.field("keep", Self.keepSeconds)
        }
        tell(word.bytes)
    }

    /// Publishes until the input has ended, or another process has to go on.
    package mutating func run() -> End {
        while true {
            if let trouble, let end = resume(after: trouble) { return end }
            if let end = send() { return end }
            if let end = finished { return end }
            wait()
            for event in inbox.take() { note(event) }
            if relay.waitsForAnswer, .now - heard > Self.answerTimeout { trouble = "no answer for \(Self.answerTimeout)" }
            if trouble == nil, .now - heard > Self.longestSilence { trouble = Self.silence }
            tellConfirmed()
        }
    }

    // MARK: one round

    private mutating func wait() {
        let reads = inputEnd == nil && relay.hasRoom
        var polled = [
            pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: reads ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe poll(&polled, nfds_t(polled.count), timeoutMilliseconds) > 0, reads, polled[1].revents != 0 else { return }
        read()
    }

    /// Until something is to be done although nothing happens.
    private var timeoutMilliseconds: Int32 {
        if trouble != nil { return Int32(patience.pause / .milliseconds(1)) }
        return relay.waitsForAnswer || inputEnd != nil ? 100 : 60_000
    }

    private mutating func read() {
        var isClosed = false
        for line in lines.add(readPiece(STDIN_FILENO, isClosed: &isClosed)) {
            if let change = ChangeMessage(line) {
                relay.put(change)
            } else {
                say("what was read is no change: \(String(decoding: line.prefix(200), as: UTF8.self))")
            }
        }
        if isClosed { inputEnd = .now }
    }

    private mutating func note(_ event: BrokerEvent) {
        switch event {
        case .connected: trouble = "connected again"
        case .disconnected: trouble = "the server is away"
        case .message(let message):
            // The subject ends with the round.
            guard let round = message.subject.split(separator: ".").last.flatMap({ Int($0) }), round == relay.round else { return }
            heard = .now
            if case .reread(let why) = relay.take(PublishAnswer(message), round: round) { trouble = why }
        }
    }

    private mutating func send() -> End? {
        guard trouble == nil else { return nil }
        guard let batch = relay.next() else { return nil }
        heard = .now
        let count = batch.messages.count
        for (index, (change, id)) in batch.messages.enumerated() {
            guard change.line.count + Self.headerBytes <= broker.maxPayload else {
                return .startAgain(
                    "change \(id.number) has \(change.line.count) bytes, and the server takes messages of \(broker.maxPayload) "
                        + "(max_payload); raise that, or take `with_text` from the sink")
            }
            var headers = change.headers + [(HeaderName.id, id.description), (HeaderName.publisher, relay.publisher)]
            if index == 0 {
                headers += [(HeaderName.expected, "\(batch.expected)"), (HeaderName.expectedOfSubject, "\(batch.expectedLast)")]
            }
            if count > 1 {
                headers += [(HeaderName.batch, "\(relay.publisher).\(batch.round)"), (HeaderName.place, "\(index + 1)")]
                if index == count - 1 { headers.append((HeaderName.commit, "1")) }
            }
            // The first of a batch is answered, too: that it is refused is known before the end.
            let isAnswered = index == 0 || index == count - 1
            do throws(BrokerError) {
                try broker.publish(
                    plan.subject, reply: isAnswered ? "\(broker.replies).\(batch.round)" : nil, headers: headers, change.line)
            } catch {
                trouble = error.description
                return nil
            }
        }
        return nil
    }

    /// Reads the tail again, and goes on from there. Until that succeeds, nothing is sent.
    private mutating func resume(after trouble: String) -> End? {
        do throws(BrokerError) {
            let tail = try broker.tail(of: plan)
            if case .end(let why) = relay.resume(after: tail) { return .startAgain(why) }
            self.trouble = nil
            heard = .now
            if toldTrouble != trouble, trouble != Self.silence { say("\(trouble); going on after change \(relay.confirmed)") }
            toldTrouble = trouble
            // Who is refused again and again asks more and more slowly.
            sleep(patience.next())
        } catch {
            guard error.mayPass else { return .startAgain(error.description) }
            self.trouble = error.description
            if toldTrouble != self.trouble { say("\(error); trying again until it works") }
            toldTrouble = self.trouble
            _ = patience.next()
        }
        return nil
    }

    private var finished: End? {
        guard let inputEnd else { return nil }
        return relay.isEmpty || .now - inputEnd > Self.farewell ? .inputEnded : nil
    }

    // MARK: words

    private mutating func tellConfirmed() {
        guard relay.confirmed > toldConfirmed else { return }
        toldConfirmed = relay.confirmed
        patience = Patience()
        toldTrouble = nil
        var word = JSONWriter()
        word.object { $0.field("confirmed", relay.confirmed) }
        tell(word.bytes)
    }
}

/// Writes one line to standard output. If nobody reads it, the input ends soon, too.
private func tell(_ word: [UInt8]) { try? writeAll(word + [UInt8(ascii: "\n")], to: STDOUT_FILENO) }
