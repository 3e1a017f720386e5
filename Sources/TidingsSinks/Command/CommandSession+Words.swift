import TidingsCore
import TidingsStream

// What the program says, and what follows from it.
extension CommandSession {
    /// - Returns: why the program is to end; nil if it goes on.
    mutating func obey(_ line: [UInt8], _ changes: any SinkChanges) -> End? {
        guard let word = CommandWord(line, isFirst: batches == nil) else {
            let expected = batches == nil ? #"{"stream":…,"after":N} or {}"# : #"{"confirmed":N}"#
            return .failed("the program says '\(String(decoding: line.prefix(200), as: UTF8.self))' where \(expected) is due")
        }
        switch word {
        case .confirmed(let number): return confirm(number)
        case .has(let position, let keepSeconds):
            do {
                bookkeeper.hold(milliseconds: keepSeconds.map { min($0, ConfirmationHold.limitMilliseconds / 1000) * 1000 })
                return try begin(with: position, changes)
            } catch {
                surroundings.noteFailure(error)
                return .failed("the changes cannot be read: \(error)")
            }
        }
    }

    private mutating func begin(with position: CommandWord.Position?, _ changes: any SinkChanges) throws -> End? {
        var record = bookkeeper.record
        let stream = try changes.stream()
        if record.stream != stream {
            record.stream = stream
            record.begin = try changes.first() - 1
        }
        switch try CommandStart(position, record: record, changes) {
        case .impossible(let why): return .impossible(why)
        case .after(let sequence, let missed):
            record.confirmed = sequence
            if let missed { note(missed) }
        }
        input = CommandInput(after: record.confirmed)
        through = record.confirmed
        batches = ChangeBatches(changes, filter: settings.filter, withText: settings.withText)
        owesSince = nil
        let now = surroundings.now()
        let begun = record
        bookkeeper.update { record in
            record.stream = begun.stream
            record.begin = begun.begin
            record.confirmed = begun.confirmed
            record.state.turn(.ok, at: now)
            record.state.lastAnswer = position.map { "has \($0.after)" } ?? "has nothing"
            record.state.lastAnswerAt = now
        }
        return nil
    }

    private mutating func confirm(_ number: Int64) -> End? {
        let confirmed = bookkeeper.record.confirmed
        let most = max(input.given, confirmed)
        guard number <= most else { return .failed("the program confirms \(number), and was given no more than \(most)") }
        guard number >= min(input.given, confirmed) else { return .failed("the program confirms \(number) after \(confirmed)") }
        let now = surroundings.now()
        bookkeeper.update { record in
            record.confirmed = max(confirmed, number)
            record.state.turn(.ok, at: now)
            record.state.lastAnswer = "confirmed \(number)"
            record.state.lastAnswerAt = now
        }
        if number > confirmed {
            hasProgressed = true
            owesSince = .now
        }
        settle()
        return nil
    }

    /// Whoever has confirmed all that it was given has confirmed what it did not ask for, too.
    mutating func settle() {
        let confirmed = bookkeeper.record.confirmed
        guard input.isEmpty, confirmed >= input.given else { return }
        owesSince = nil
        if through > confirmed { bookkeeper.update { [through] in $0.confirmed = through } }
    }

    func note(_ missed: ClosedRange<Int64>) {
        let missed = MissedChanges(first: missed.lowerBound, last: missed.upperBound, at: surroundings.now())
        logger.error("\(missed.message)")
        bookkeeper.update { $0.state.missed = missed }
    }
}
