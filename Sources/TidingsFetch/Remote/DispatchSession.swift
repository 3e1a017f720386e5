import Glibc
import TidingsCore
import TidingsSystem

/// One life of the program that dispatches jobs, on a thread of its own. One poll(2) waits for all that can happen.
struct DispatchSession {
    private static let logLineLimitBytes = 4 << 10
    /// The longest wait before overdue jobs are looked for.
    private static let lookMilliseconds: Int32 = 1_000
    private static let pauseCeilingMilliseconds: Int64 = 30_000
    /// A program that ran for so long has failed for a new reason.
    private static let longLife = Duration.seconds(60)
    /// How long it has, when its standard input has ended, before it is killed.
    private static let graceMilliseconds: Int32 = 2_000

    private let dispatcher: FetchDispatcher
    private var output = FetchJobEndReader()
    private var errorLines = LineSplitter(limitBytes: logLineLimitBytes)
    private var isOutputClosed = false
    private var isErrorsClosed = false
    /// What is on its way into the program.
    private var input: ArraySlice<UInt8>

    static func runUntilClosed(_ dispatcher: FetchDispatcher) {
        let life = hex((0..<8).map { _ in .random(in: 0...255) })
        var failures = 0
        while !dispatcher.isClosed {
            let begin = ContinuousClock.now
            var session = DispatchSession(dispatcher, life: life)
            guard let why = session.run() else { return }
            failures = .now - begin > longLife ? 1 : failures + 1
            let pause = SinkBackOff.pause(afterFailures: failures, ceiling: pauseCeilingMilliseconds, jitter: .random(in: 0...1))
            dispatcher.log("\(why); started again in \(pause) ms")
            let end = ContinuousClock.now + .milliseconds(pause)
            while ContinuousClock.now < end, !dispatcher.isClosed {
                dispatcher.reset()
                if dispatcher.isClosed { return }
                wait([dispatcher.descriptor], Int32(max(1, min(1_000, (end - .now) / .milliseconds(1)))))
                dispatcher.endOverdue()
            }
        }
    }

    private init(_ dispatcher: FetchDispatcher, life: String) {
        self.dispatcher = dispatcher
        var json = JSONWriter()
        json.object { $0.field("life", life) }
        input = (json.bytes + [UInt8(ascii: "\n")] + dispatcher.begin())[...]
    }

    /// - Returns: why the program has ended; nil if the dispatcher is closed.
    private mutating func run() -> String? {
        let program: ChildProgram
        do throws(SystemError) {
            program = try ChildProgram(dispatcher.command, environment: dispatcher.environment)
        } catch {
            return "\(dispatcher.command[0]) cannot be started: \(error.message); check `fetch.command`"
        }
        while true {
            dispatcher.reset()
            if dispatcher.isClosed {
                program.closeInput()
                Self.wait([program.life.raw], Self.graceMilliseconds)
                return nil
            }
            dispatcher.endOverdue()
            input += dispatcher.takeUnsent()
            if !write(to: program) { return "the program has closed its standard input" }
            let inputEnd = input.isEmpty ? nil : program.input
            Self.wait(
                [program.life.raw, isOutputClosed ? -1 : program.output.raw, isErrorsClosed ? -1 : program.errors.raw, dispatcher.descriptor],
                writable: inputEnd, dispatcher.hasJobs ? Self.lookMilliseconds : -1)
            let hasEnded = program.hasEnded
            for line in errorLines.add(readPiece(program.errors.raw, isClosed: &isErrorsClosed)) {
                dispatcher.log(String(decoding: line, as: UTF8.self))
            }
            do throws(FetchJobEndReader.Malformed) {
                for end in try output.add(readPiece(program.output.raw, isClosed: &isOutputClosed)) { dispatcher.end(end) }
            } catch {
                return "the program says '\(error.line)' where the end of a job is due"
            }
            if hasEnded { return reap(program) }
            if isOutputClosed { return "the program has closed its standard output" }
        }
    }

    private func reap(_ program: ChildProgram) -> String {
        do throws(SystemError) {
            switch try program.reap() {
            case .exited(let code): return "the program has ended with status \(code)"
            case .killed(let signal): return "the program was ended by signal \(signal)"
            }
        } catch {
            return "the program's end is unknown: \(error.message)"
        }
    }

    /// Writes as much as there is room for.
    /// - Returns: false if nobody reads.
    private mutating func write(to program: ChildProgram) -> Bool {
        guard let descriptor = program.input else { return false }
        while !input.isEmpty {
            let count = unsafe input.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN
            }
            input = input.dropFirst(count)
        }
        return true
    }

    private static func wait(_ readable: [Int32], writable: Int32? = nil, _ milliseconds: Int32) {
        var polled = readable.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        if let writable { polled.append(pollfd(fd: writable, events: Int16(POLLOUT), revents: 0)) }
        _ = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
    }
}
