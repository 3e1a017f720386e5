/// Brings the changes of one stream into a JetStream stream: each once, in order, without holes. Only decisions; `Publisher` sends.
///
/// What the broker's stream ends with is the only truth about what it has. So at each new connection, and whenever a message was not
/// stored just where it was expected, the tail is read again, and the relay goes on after it.
///
/// A message says which one it must follow (`Nats-Expected-Last-Sequence`), so that a second publisher is refused. That number counts
/// deleted messages, too; so it says as well which one must be the newest that is there (`Nats-Expected-Last-Subject-Sequence`).
///
/// One message is on its way at a time, or one batch that is stored whole or not at all (NATS ADR-50, since nats-server 2.12). Of several
/// messages beside each other, nats-server 2.15.1 in a cluster drops one whose id it knows, and stores those behind it.
struct Relay {
    /// A change that the broker is not known to have.
    private struct Pending {
        let change: ChangeMessage
        var id: MessageID
    }

    /// Messages to send as one.
    struct Batch {
        /// At least one.
        let messages: [(change: ChangeMessage, id: MessageID)]
        /// The number of the message that it must follow, be that there or not.
        let expected: UInt64
        /// The number of the message that must be the newest one there.
        let expectedLast: UInt64
        let round: Int
    }

    enum Verdict: Equatable {
        case goOn
        /// The tail is to be read again: why, for people.
        case reread(String)
    }

    enum Resumption: Equatable {
        case goOn
        /// This process has to end: why, for people. The next one begins with what the broker has then.
        case end(String)
    }

    private static let limitCount = 512
    private static let limitBytes = 8 << 20
    private static let batchCount = 256
    private static let batchBytes = 1 << 20

    /// Marks the messages of this process.
    let publisher: String
    /// Whether the stream takes batches.
    private let takesBatches: Bool
    /// Up to which change the broker has everything.
    private(set) var confirmed: Int64
    /// The stream that `confirmed` is a number of; nil until a change is known.
    private var stream: String?
    /// Grows with each answer and each look at the tail. An answer to what was sent before says nothing about now.
    private(set) var round = 0
    private var position: UInt64
    /// The number of the newest message that is still there.
    private var lastPosition: UInt64
    /// Whether the broker's stream ends with changes of the stream before, and has none of this one.
    private var startedOver = false
    private var pending: ArraySlice<Pending> = []
    private var pendingBytes = 0
    /// How many of `pending` were sent, and have no answer.
    private var sent = 0
    /// So many are sent one by one: the server knows the id of one of them, and does not say which.
    private var singles = 0
    /// A change whose id the server knows. If the tail shows that it lacks it all the same, it gets another id.
    private var duplicate: Int64?

    init(publisher: String, tail: StreamTail, takesBatches: Bool) {
        self.publisher = publisher
        self.takesBatches = takesBatches
        position = tail.position
        lastPosition = tail.lastPosition
        confirmed = tail.last?.number ?? 0
        stream = tail.last?.stream
    }

    /// Whether more changes may be put in.
    var hasRoom: Bool { pending.count < Self.limitCount && pendingBytes < Self.limitBytes }
    var isEmpty: Bool { pending.isEmpty }
    var waitsForAnswer: Bool { sent > 0 }

    /// Takes the next change. One that the broker has already is passed over.
    mutating func put(_ change: ChangeMessage) {
        let id = change.id
        if stream != id.stream {
            // The daemon goes on with the stream that has taken the place of the one before.
            stream = id.stream
            confirmed = id.number - 1
            startedOver = true
        }
        guard id.number > (pending.last?.id.number ?? confirmed) else { return }
        pending.append(Pending(change: change, id: id))
        pendingBytes += change.line.count
    }

    /// What to send next; nil if there is nothing, or something is on its way.
    mutating func next() -> Batch? {
        guard sent == 0, let first = pending.first else { return nil }
        var bytes = first.change.line.count
        sent = 1
        if takesBatches, singles == 0 {
            for next in pending.dropFirst().prefix(Self.batchCount - 1) {
                bytes += next.change.line.count
                guard bytes <= Self.batchBytes else { break }
                sent += 1
            }
        }
        singles = max(0, singles - 1)
        return Batch(
            messages: pending.prefix(sent).map { ($0.change, $0.id) }, expected: position, expectedLast: lastPosition, round: round)
    }

    /// Takes the server's answer to what was sent in `round`.
    mutating func take(_ answer: PublishAnswer, round: Int) -> Verdict {
        guard round == self.round, sent > 0, let first = pending.first else { return .goOn }
        switch answer {
        case .taken: return .goOn
        case .duplicate:
            if sent == 1 { duplicate = first.id.number } else { singles = sent }
            return .reread("the server has seen change \(first.id.number), or one after it, before")
        case .refused(let why): return .reread(why)
        case .stored(let stored):
            let due = position + UInt64(sent)
            guard stored == due else { return .reread("what was sent ends with message \(stored), where \(due) was due") }
            for change in pending.prefix(sent) {
                confirmed = change.id.number
                drop(change)
            }
            sent = 0
            self.round += 1
            position = stored
            lastPosition = stored
            startedOver = false
            return .goOn
        }
    }

    private mutating func drop(_ first: Pending) {
        pending.removeFirst()
        pendingBytes -= first.change.line.count
    }

    /// Goes on after what the broker's stream ends with now.
    mutating func resume(after tail: StreamTail) -> Resumption {
        round += 1
        sent = 0
        var number = tail.last?.number ?? 0
        if let last = tail.last, last.stream != stream {
            guard startedOver else { return .end("the stream ends with a change of another stream, \(last.stream), now") }
            number = confirmed
        }
        if number < confirmed { return .end("the stream had the changes up to \(confirmed), and has them up to \(number) now") }
        if number > confirmed, tail.publisher != publisher {
            return .end("another publisher has written change \(number) to the stream: only one may run at a time")
        }
        position = tail.position
        lastPosition = tail.lastPosition
        confirmed = number
        startedOver = startedOver && tail.last?.stream != stream
        while let first = pending.first, first.id.number <= number { drop(first) }
        if let first = pending.first, first.id.number == duplicate { pending[pending.startIndex].id.repeats += 1 }
        duplicate = nil
        return .goOn
    }
}
