import Foundation

/// The programs that the tests belong to, as they were built with them: beside the test program in the build folder.
package enum BuiltBinary {
    package static let tidings = named("tidings")
    package static let tidingsNATS = named("tidings-nats")

    private static func named(_ name: String) -> URL {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name)
    }
}

/// How a program ended, and what it wrote.
package struct ProgramResult: Sendable {
    /// The exit status; 128 + the signal's number if one ended it.
    package let status: Int32
    package let output: String
    package let errors: String

    package var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// A program that runs. Its output goes to files, so that it never waits for the test to read.
package final class RunningProgram {
    private let process = Process()
    private let folder: URL
    private let outputFile: URL
    private let errorFile: URL
    private let ended: AsyncStream<Void>

    /// - Parameters:
    ///   - environment: all of it; nothing of the test's own.
    ///   - input: what it reads on standard input.
    ///   - output: where it writes instead of a file, such as a terminal.
    package init(
        _ arguments: [String], of program: URL = BuiltBinary.tidings, environment: [String: String] = ["TZ": "UTC"],
        input: [UInt8] = [], output: FileHandle? = nil
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tidings-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        outputFile = folder.appendingPathComponent("output")
        errorFile = folder.appendingPathComponent("errors")
        let inputFile = folder.appendingPathComponent("input")
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        try Data(input).write(to: inputFile)
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        let handles = try [
            FileHandle(forReadingFrom: inputFile), FileHandle(forWritingTo: outputFile), FileHandle(forWritingTo: errorFile),
        ]
        // Foundation keeps them for much longer than the program lives; and lists at each start all descriptors that are open, in
        // an array that has an end.
        defer { for handle in handles { try? handle.close() } }
        process.standardInput = handles[0]
        process.standardOutput = output ?? handles[1]
        process.standardError = handles[2]
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        self.ended = ended
        process.terminationHandler = { _ in end.finish() }
        try withoutBlockedSignals { try process.run() }
    }

    deinit {
        if process.isRunning { process.terminate() }
        try? FileManager.default.removeItem(at: folder)
    }

    /// The file that it writes its output to, for as long as this object is there.
    package var outputPath: String { outputFile.path }

    package var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }

    package var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    package var isRunning: Bool { process.isRunning }

    package var pid: Int32 { process.processIdentifier }

    package func interrupt() { process.interrupt() }

    package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end, without holding a thread: what the program waits for may need it.
    package func result() async -> ProgramResult {
        for await _ in ended {}
        let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        return ProgramResult(
            status: status, output: output, errors: errors)
    }
}

/// Runs `body` with no signal blocked. The threads that tests run on have them all blocked, a program inherits that from the thread
/// that starts it (pthread_sigmask(3)), and not every program admits them: SIGTERM would not end it.
private func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var blocked = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &blocked)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &blocked, nil) }
    try body()
}

/// Runs `tidings` with `arguments` to its end.
package func runTidings(_ arguments: String...) async throws -> ProgramResult {
    try await RunningProgram(arguments).result()
}

/// Waits until `condition` holds, for at most `seconds`. Says whether it does.
package func eventually(seconds: Double = 10, _ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        if ContinuousClock.now > deadline { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}
