/// Brings the changes of one stream into a JetStream stream: each once, in order, without holes. Only decisions; `Publisher` sends.
///
/// What the broker's stream ends with is the only truth about what it has. So at each new connection, and whenever a message was not
/// stored just where it was expected, the tail is read again, and the relay goes on after it. Every message says which message it
/// must follow (`Nats-Expected-Last-Sequence`): if one of several on their way is lost, those behind it are refused. That number counts
/// deleted messages, too; so the first on its way says as well which message must still be there
/// (`Nats-Expected-Last-Subject-Sequence`).
struct Relay {
    /// A change that the broker is not known to have.
    private struct Pending {
        let change: ChangeMessage
        var id: MessageID
        var isStored = false
    }

    /// One message to send.
    struct Message {
        let change: ChangeMessage
        let id: MessageID
        /// The number of the message that it must follow.
        let expected: UInt64
        /// The number of the newest message that must still be there; nil if others are on their way.
        let expectedLast: UInt64?
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

    /// Marks the messages of this process.
    let publisher: String
    /// Up to which change the broker has everything.
    private(set) var confirmed: Int64
    /// The stream that `confirmed` is a number of; nil until a change is known.
    private var stream: String?
    /// Grows with each look at the tail. An answer to what was sent before says nothing about now.
    private(set) var round = 0
    private var position: UInt64
    /// The number of the newest message that is still there.
    private var lastPosition: UInt64
    /// Whether the broker's stream ends with changes of the stream before, and has none of this one.
    private var startedOver = false
    private var pending: ArraySlice<Pending> = []
    private var pendingBytes = 0
    /// How many of `pending` were sent in this round.
    private var sent = 0
    /// Those whose id the server knows. If the tail shows that it lacks them all the same, they get another id.
    private var duplicates: Set<Int64> = []

    init(publisher: String, tail: StreamTail) {
        self.publisher = publisher
        position = tail.position
        lastPosition = tail.lastPosition
        confirmed = tail.last?.number ?? 0
        stream = tail.last?.stream
    }

    /// Whether more changes may be put in.
    var hasRoom: Bool { pending.count < Self.limitCount && pendingBytes < Self.limitBytes }
    var isEmpty: Bool { pending.isEmpty }
    /// Whether messages are on their way.
    var waitsForAnswers: Bool { sent > 0 }

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

    /// The next message to send; nil if there is none.
    mutating func next() -> Message? {
        guard sent < pending.count else { return nil }
        let next = pending[pending.startIndex + sent]
        defer { sent += 1 }
        return Message(
            change: next.change, id: next.id, expected: position + UInt64(sent), expectedLast: sent == 0 ? lastPosition : nil, round: round)
    }

    /// Takes the server's answer to the message of change `number` in `round`.
    mutating func take(_ answer: PublishAnswer, to number: Int64, round: Int) -> Verdict {
        guard round == self.round, let index = pending.firstIndex(where: { $0.id.number == number }) else { return .goOn }
        switch answer {
        case .duplicate:
            duplicates.insert(number)
            return .reread("the server has seen change \(number) before")
        case .refused(let why): return .reread(why)
        case .stored(let stored):
            let expected = position + UInt64(index - pending.startIndex) + 1
            guard stored == expected else { return .reread("change \(number) is message \(stored), where \(expected) was due") }
            pending[index].isStored = true
            while let first = pending.first, first.isStored {
                drop(first)
                sent -= 1
                position += 1
                lastPosition = position
                confirmed = first.id.number
                startedOver = false
            }
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
        while let first = pending.first, first.id.number <= number { drop(first) }
        for index in pending.indices {
            pending[index].isStored = false
            if duplicates.contains(pending[index].id.number) { pending[index].id.repeats += 1 }
        }
        duplicates = []
        return .goOn
    }
}
