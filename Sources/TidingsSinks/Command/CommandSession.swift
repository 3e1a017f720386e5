import Glibc
import Logging
import TidingsCore
import TidingsStream
import TidingsSystem

/// One life of the program of a command sink, from its start to its end, on a thread of its own.
///
/// One poll(2) waits for all that can happen: words of the program, room in its input, its end, a commit, the stop. Between the ledger
/// and the pipe stands at most one batch of 64 KiB: what the program does not take stays in the ledger.
///
///     daemon                                      program
///            <── {"stream":"urn:uuid:…","after":41}      what it has; {} if nothing
///            ──> the lines of changes 42, 43 …
///            <── {"confirmed":43}                        all up to 43 is safe
struct CommandSession {
    enum End: Equatable {
        /// It was told to stop, and the program has ended.
        case stopped
        /// To be started again after a pause: what was wrong, for people.
        case failed(String)
        /// Not to be started again by itself: what was wrong, for people.
        case impossible(String)
    }

    private static let batchBytes = 64 << 10
    private static let batchCount = 1_000
    /// How long the program has to end by itself when its standard input has ended; then it gets TERM.
    private static let grace = Duration.seconds(3)
    /// How long it has after TERM; then it gets KILL.
    private static let termGrace = Duration.seconds(2)
    private static let logLineLimitBytes = 4 << 10
    private static let closedInput = End.failed("the program has closed its standard input")

    let settings: SinkSettings
    let command: CommandSettings
    let environment: [String: String]
    let bookkeeper: SinkBookkeeper
    let surroundings: SinkSurroundings
    let control: CommandControl
    let logger: Logger

    /// Whether the program has confirmed anything new.
    var hasProgressed = false
    /// Nil until the program has said what it has.
    var batches: ChangeBatches?
    var input = CommandInput(after: 0)
    /// All up to this change was put into the input, or is not asked for.
    var through: Int64 = 0
    /// Since when the program owes a word: what it has, or a confirmation. Nil while it owes none.
    var owesSince: ContinuousClock.Instant? = .now

    private var words = LineSplitter(limitBytes: CommandWord.limitBytes)
    private var errorLines = LineSplitter(limitBytes: Self.logLineLimitBytes)
    private var isOutputClosed = false
    private var isErrorsClosed = false
    /// Why the program is to end, and when it gets the next signal.
    private var ending: (why: End, next: ContinuousClock.Instant, hadTerm: Bool)?

    init(
        settings: SinkSettings, command: CommandSettings, environment: [String: String], bookkeeper: SinkBookkeeper,
        surroundings: SinkSurroundings, control: CommandControl, logger: Logger
    ) {
        self.settings = settings
        self.command = command
        self.environment = environment
        self.bookkeeper = bookkeeper
        self.surroundings = surroundings
        self.control = control
        self.logger = logger
    }

    /// Blocks until the program has ended.
    mutating func run() -> End {
        let changes: any SinkChanges
        do {
            changes = try surroundings.open()
        } catch {
            surroundings.noteFailure(error)
            return .failed("the changes cannot be read: \(error)")
        }
        let program: ChildProgram
        do throws(SystemError) {
            program = try ChildProgram(command.command, environment: environment)
        } catch {
            return .failed("\(command.command[0]) cannot be started: \(error.message); check `command`")
        }
        while true {
            control.reset()
            if control.mustDie { program.signalGroup(SIGKILL) }
            if control.isStopping { end(program, .stopped) }
            if ending == nil { fill(program, from: changes) }
            pressOn(program)
            wait(for: program)
            if let end = step(program, changes) { return end }
        }
    }

    // MARK: one round

    /// Waits until something can be done. After an error there is nothing to do, and the next round waits again.
    private func wait(for program: ChildProgram) {
        // A negative descriptor is ignored (poll(2)).
        let inputEnd = input.isEmpty ? nil : program.input
        var polled = [
            pollfd(fd: program.life.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isOutputClosed ? -1 : program.output.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isErrorsClosed ? -1 : program.errors.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: inputEnd ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        _ = unsafe poll(&polled, nfds_t(polled.count), timeoutMilliseconds)
    }

    /// Until something is to be done although nothing happens.
    private var timeoutMilliseconds: Int32 {
        guard let due = ending?.next ?? owesSince.map({ $0 + command.stall }) else { return -1 }
        let left = (due - .now) / .milliseconds(1)
        return Int32(max(0, min(left.rounded(.up), 3_600_000)))
    }

    /// Reads and writes what can be read and written now.
    /// - Returns: the end, when the program has ended.
    private mutating func step(_ program: ChildProgram, _ changes: any SinkChanges) -> End? {
        // Asked first: all that it has said is then in the pipes.
        let hasEnded = program.hasEnded
        for line in errorLines.add(readPiece(program.errors.raw, isClosed: &isErrorsClosed)) { log(line) }
        for line in words.add(readPiece(program.output.raw, isClosed: &isOutputClosed)) {
            guard let wrong = obey(line, changes) else { continue }
            end(program, wrong)
            break
        }
        if hasEnded { return reap(program) }
        if isOutputClosed { end(program, .failed("the program has closed its standard output")) }
        write(to: program)
        return nil
    }

    private mutating func reap(_ program: ChildProgram) -> End {
        if let rest = errorLines.takeRest() { log(rest) }
        let status: ShellCommand.End
        do throws(SystemError) {
            status = try program.reap()
        } catch {
            return .failed("the program's end is unknown: \(error.message)")
        }
        // Who closes its input is about to end, and the status says why.
        if let why = ending?.why, why != Self.closedInput { return why }
        return switch status {
        case .exited(let code): .failed("the program has ended with status \(code)")
        case .killed(let signal): .failed("the program was ended by signal \(signal)")
        }
    }

    private func log(_ line: [UInt8]) {
        logger.info("the program says", metadata: [SinkLogKey.reason: "\(String(decoding: line, as: UTF8.self))"])
    }

    // MARK: to the program

    /// Makes the next batch when the one before is written.
    private mutating func fill(_ program: ChildProgram, from changes: any SinkChanges) {
        do {
            while input.isEmpty, let batch = try batches?.next(after: through, count: Self.batchCount, bytes: Self.batchBytes) {
                if let missed = batch.missed { note(missed) }
                if batch.through == through { return }
                through = batch.through
                input.put(batch.lines)
                settle()
            }
        } catch {
            surroundings.noteFailure(error)
            end(program, .failed("the changes cannot be read: \(error)"))
        }
    }

    private mutating func write(to program: ChildProgram) {
        guard let descriptor = program.input else { return }
        let given = input.given
        let isRead = input.write(to: descriptor)
        if owesSince == nil, ending == nil, input.given > given || input.hasBegunLine { owesSince = .now }
        if !isRead { end(program, Self.closedInput) }
        if ending != nil, input.isEmpty || !isRead { program.closeInput() }
    }

    // MARK: the end

    /// Has the program end: its input ends with the line that is begun, then comes TERM, then KILL. The first reason counts.
    private mutating func end(_ program: ChildProgram, _ why: End) {
        guard ending == nil else { return }
        input.keepBegunLine()
        if input.isEmpty { program.closeInput() }
        owesSince = nil
        // Who hangs, or says what is not so, gets no time to go on with it.
        let isPolite = why == .stopped || why == Self.closedInput
        ending = (why, isPolite ? .now + Self.grace : .now, false)
    }

    /// Sends the signal that is due; or finds that the program has owed a word for too long.
    private mutating func pressOn(_ program: ChildProgram) {
        if let owesSince, .now - owesSince >= command.stall {
            let what = batches == nil ? "what it has" : "that it has change \(input.given)"
            end(program, .failed("the program has not said \(what) for \(command.stall.components.seconds) s (stall)"))
        }
        guard let due = ending, due.next <= .now else { return }
        program.signalGroup(due.hadTerm ? SIGKILL : SIGTERM)
        ending = (due.why, .now + Self.termGrace, true)
    }
}
