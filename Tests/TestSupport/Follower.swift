import Foundation

/// A program that follows the stream beside the daemon, such as `tail -F` or `tidings tail -f`, and what it has shown.
///
/// Its output is read as it grows, so that looking at it often costs little.
package final class Follower {
    package let name: String
    /// The change after which it began.
    package let start: Int64
    /// How often it was begun.
    package private(set) var lives = 0
    private let isBegunAgain: Bool
    private let keepsLines: Bool
    private let begin: (Int64) throws -> RunningProgram
    private var program: RunningProgram
    private var output: GrowingFile
    private var seen: [String] = []
    private var counted: StreamTally

    /// - Parameters:
    ///   - isBegunAgain: whether it may be killed, and is then begun again after the last change that it has shown whole.
    ///   - keepsLines: false where they are too many; then there is the tally alone.
    ///   - begin: starts the program, which is to show what comes after a number.
    package init(
        _ name: String, after start: Int64 = 0, isBegunAgain: Bool = false, keepsLines: Bool = true,
        begin: @escaping (Int64) throws -> RunningProgram
    ) throws {
        self.name = name
        self.start = start
        self.isBegunAgain = isBegunAgain
        self.keepsLines = keepsLines
        self.begin = begin
        counted = StreamTally(after: start)
        program = try begin(start)
        output = try GrowingFile(program.outputPath)
        lives = 1
    }

    /// `tail -F`, from the first line of `file` on. It is begun once: it must see everything although it knows nothing of numbers.
    ///
    /// `-s`: where there is no such file it is not told by the kernel of one, but looks again and again.
    /// - Parameter start: the change before the first one of the file.
    package convenience init(_ file: String, after start: Int64 = 0, keepsLines: Bool = true) throws {
        try self.init("tail -F", after: start, keepsLines: keepsLines) { _ in
            try RunningProgram(["-n", "+1", "-s", "0.05", "-F", file], of: URL(fileURLWithPath: "/usr/bin/tail"))
        }
    }

    deinit { program.send(SIGKILL) }

    /// All that it has shown so far, without headers of files.
    package var lines: [String] {
        get throws {
            try takeIn()
            return seen
        }
    }

    /// Whether it has shown `line`, or where lines are not kept one with its number or a greater one.
    package func hasShown(_ line: String) throws -> Bool {
        try takeIn()
        return try keepsLines ? seen.contains(line) : counted.last >= StreamLine(line).sequence
    }

    package var tally: StreamTally {
        get throws {
            try takeIn()
            return counted
        }
    }

    package var observation: Observation { get throws { try Observation(name, after: start, lines: lines) } }

    package var pid: Int32 { program.pid }

    package func send(_ signal: Int32) { program.send(signal) }

    package var isRunning: Bool { program.isRunning }

    /// Begins it again if it has died. Call it now and then.
    package func tend() throws {
        guard !program.isRunning else { return try takeIn() }
        // It may have written until it died. A half line is nobody's: it comes again whole.
        try takeIn()
        guard isBegunAgain else { throw Ended(name: name, errors: program.errors) }
        program = try begin(counted.last)
        output = try GrowingFile(program.outputPath)
        lives += 1
    }

    package struct Ended: Error {
        package let name: String
        package let errors: String
    }

    private func takeIn() throws {
        try output.takeLines { line in
            if counted.add(line), keepsLines { seen.append(String(decoding: line, as: UTF8.self)) }
        }
    }
}
