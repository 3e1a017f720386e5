import Foundation

/// The `tidings` executable that lies beside this one, run as its users run it.
struct Program {
    let path: String

    static func besideThis() throws -> Program {
        let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "tidings").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchError("no executable at \(path): run `swift build -c release` first")
        }
        return Program(path: path)
    }

    /// The one place that knows the command line.
    private func arguments(once: Bool, _ settings: Settings) -> [String] {
        ["tidings", "run"] + (once ? ["--once"] : []) + ["--config", settings.file]
    }

    struct Run {
        let seconds: Double
        let peakMemoryBytes: Int
        /// Of the process and of those that it has started and waited for.
        let processorSeconds: Double
    }

    /// One full pass in a process of its own, from start to exit.
    func runOnce(_ settings: Settings) throws -> Run {
        let start = ContinuousClock.now
        let process = try spawn(once: true, settings)
        let end = try process.wait()
        guard end.status == 0 else { throw BenchError("tidings run --once ended with \(end.status): see its message above") }
        return Run(
            seconds: (ContinuousClock.now - start).inSeconds, peakMemoryBytes: end.peakMemoryBytes, processorSeconds: end.processorSeconds)
    }

    /// A snapshot that nobody reads, in a process of its own.
    func snapshot(_ settings: Settings, withText: Bool) throws -> Run {
        let arguments = ["tidings", "snapshot", "--patience-seconds", "1", "--config", settings.file]
        let start = ContinuousClock.now
        let process = try ChildProcess(
            path, arguments + (withText ? ["--with-text"] : []), [], isSilent: true, isOutputSilent: true)
        let end = try process.wait()
        guard end.status == 0 else { throw BenchError("tidings snapshot ended with \(end.status)") }
        return Run(
            seconds: (ContinuousClock.now - start).inSeconds, peakMemoryBytes: end.peakMemoryBytes, processorSeconds: end.processorSeconds)
    }

    /// The daemon. It notifies the socket at `notify`, if one is given.
    func spawn(once: Bool = false, _ settings: Settings, notify: String? = nil) throws -> ChildProcess {
        var environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        if let notify { environment.append("NOTIFY_SOCKET=\(notify)") }
        // A single pass ends with a summary for people that nobody reads here.
        return try ChildProcess(path, arguments(once: once, settings), environment, isSilent: once)
    }
}

/// A process that was started here and is waited for here.
@safe final class ChildProcess {
    let id: pid_t
    private var hasEnded = false

    init(_ path: String, _ arguments: [String], _ environment: [String], isSilent: Bool, isOutputSilent: Bool = false) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if isSilent { unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) }
        if isOutputSilent { unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) }
        var started: pid_t = 0
        let code = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe posix_spawn(&started, path, &actions, nil, arguments, environment)
            }
        }
        guard code == 0 else { throw BenchError("cannot start \(path): \(unsafe String(cString: strerror(code)))") }
        id = started
    }

    /// Waits for the end of the process.
    func wait() throws -> (status: Int32, peakMemoryBytes: Int, processorSeconds: Double) {
        var status: Int32 = 0
        var usage = rusage()
        while unsafe wait4(id, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw BenchError.system("wait for tidings") }
        }
        hasEnded = true
        // "ru_maxrss: This is the maximum resident set size used (in kilobytes)" (getrusage(2)).
        let processor = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : -1, Int(usage.ru_maxrss) << 10, processor)
    }

    /// Asks the process to stop, and waits until it has.
    func stop() throws {
        guard !hasEnded else { return }
        kill(id, SIGTERM)
        _ = try wait()
    }

    /// Resident bytes at this moment: all of them, and those that are no file's.
    func memory() throws -> (all: Int, anonymous: Int) {
        let text = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        func bytes(_ name: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) << 10
        }
        return (bytes("VmRSS"), bytes("RssAnon"))
    }

    /// Processor time used so far, in ticks of the kernel's clock.
    func ticks() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        // The fields after the name, which is in brackets and may hold anything; utime and stime are the 14th and 15th (proc(5)).
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.count > 13 ? (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0) : 0
    }

    /// How often each of its threads has left a processor so far: each time is a wake-up, or the end of a turn.
    func contextSwitches() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task") {
            // A thread may end between the two looks.
            let text = (try? String(contentsOfFile: "/proc/\(id)/task/\(thread)/status", encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") where line.contains("ctxt_switches:") {
                counts[thread, default: 0] += line.split(separator: "\t").last.flatMap { Int($0) } ?? 0
            }
        }
        return counts
    }

    /// Waits until the process has used no processor time for a second.
    func waitUntilIdle() throws {
        var before = -1
        while true {
            let now = try ticks()
            if now == before { return }
            before = now
            sleep(1)
        }
    }
}

/// Calls `body` with `strings` as C wants them: an array of pointers, the last of them null.
func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe strings.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress.unsafelyUnwrapped) }
}
