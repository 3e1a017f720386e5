import TidingsCore
import TidingsStream

/// Where the delivery to a program begins, by what it says that it has.
enum CommandStart: Equatable {
    /// - Parameter missed: changes that the program lacks and that are no longer kept.
    case after(Int64, missed: ClosedRange<Int64>?)
    /// It has what this stream has not: why, for people.
    case impossible(String)

    /// - Parameter record: of the present stream.
    init(_ position: CommandWord.Position?, record: SinkRecord, _ changes: any SinkChanges) throws {
        let oldest = try changes.first()
        guard let position else {
            let isGap = record.begin > 0 && record.begin + 1 < oldest
            self = .after(max(record.begin, oldest - 1), missed: isGap ? record.begin + 1...oldest - 1 : nil)
            return
        }
        if position.stream == record.stream {
            let newest = try changes.last()
            guard position.after <= newest else {
                self = .impossible("the program has changes up to \(position.after), and the newest is \(newest); \(Self.nextStep)")
                return
            }
            let isGap = position.after + 1 < oldest
            self = .after(max(position.after, oldest - 1), missed: isGap ? position.after + 1...oldest - 1 : nil)
            return
        }
        guard try changes.supersededStreams().contains(position.stream) else {
            self = .impossible(
                "the program has changes of the stream \(position.stream), and this is \(record.stream), which never was that one; "
                    + Self.nextStep)
            return
        }
        // As a follower of the file, it goes on with the reset, which says what happened.
        let lacksReset = try !changes.isReset(oldest) && position.after + 1 < oldest
        self = .after(oldest - 1, missed: lacksReset ? position.after + 1...oldest - 1 : nil)
    }

    private static let nextStep = "empty what the program fills, or give it back what belongs to this stream, and run `tidings reload`"
}
