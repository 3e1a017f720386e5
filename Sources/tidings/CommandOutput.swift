import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStream
import TidingsSystem

/// Where `tail --exec` brings changes: to a command that gets them in batches on its standard input. The cursor moves past a batch
/// when the command exits with 0, so that no change is left out when the command or `tail` dies.
struct CommandOutput: ChangeOutput {
    /// A batch ends with the change that makes it so long.
    private static let limitBytes = 4 << 20
    private static let firstPause = 1
    private static let longestPause = 60

    private let command: ShellCommand
    private let limit: Int
    /// Whether a command that failed gets the batch again. If not, its failure is that of `tail`.
    private let isRetrying: Bool
    private let limits: WriteLimits

    private var file: CursorFile
    /// How far the changes go that were given here, and how far those go that the command has dealt with.
    private var given: StreamCursor
    private var saved: StreamCursor
    private var batch: [UInt8] = []
    private var count = 0
    private var passed = 0

    /// - Parameters:
    ///   - start: where the reader begins; saved at once, so that a file that cannot be written is an error before any output.
    ///   - limit: the most changes of one batch.
    ///   - ending: becomes readable when to end.
    init(_ command: String, limit: Int, isRetrying: Bool, cursor file: CursorFile, from start: StreamCursor, ending: Int32?) throws {
        self.command = ShellCommand(line: command)
        self.limit = limit
        self.isRetrying = isRetrying
        self.file = file
        limits = WriteLimits(ending: ending)
        given = start
        saved = start
        try self.file.write(start)
    }

    mutating func put(_ bytes: [UInt8]) {
        batch += bytes
        count += 1
    }

    mutating func pass(_ position: StreamCursor) throws {
        given = position
        passed += 1
        if count >= limit || batch.count >= Self.limitBytes || count == 0 && passed >= CursorProgress.passedLimit { try flush(isIdle: false) }
    }

    mutating func flush(isIdle: Bool) throws {
        if count > 0 { try deliver() }
        if given != saved {
            try file.write(given)
            saved = given
        }
        batch.removeAll(keepingCapacity: true)
        (count, passed) = (0, 0)
        if limits.isTold { throw OutputEnd.told }
    }

    /// What the command has dealt with is saved already.
    mutating func saveCursor() {}

    /// Runs the command until it has dealt with the batch. A signal to end waits for a command that runs.
    private func deliver() throws {
        var pause = Self.firstPause
        while true {
            let failure: String
            do throws(SystemError) {
                switch try command.run(input: batch) {
                case .exited(status: 0): return
                case .exited(let status): failure = "exited with \(status)"
                case .killed(let signal): failure = "was killed by signal \(signal)"
                }
            } catch {
                failure = "cannot be started: \(error.message)"
            }
            let what = "the command \(failure): \(counted(count, "change")) up to \(given.sequence)"
            guard isRetrying else { throw Failure(EX_TEMPFAIL, "\(what) not delivered; the next `tail` begins with them again") }
            if limits.isTold { throw OutputEnd.told }
            say("\(what) go to it again in \(pause) s")
            if limits.isTold(withinSeconds: pause) { throw OutputEnd.told }
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
