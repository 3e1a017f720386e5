import Foundation
import TestSupport
import Testing

/// The daemon under strace(1), which lets calls to the kernel fail that would not fail here by themselves.
struct TracedCalls {
    /// Which calls are watched, on which file, and how one of them fails.
    struct Fault: CustomTestStringConvertible {
        /// As strace's `inject=` names them: `fdatasync,fsync`.
        var calls: String
        /// Below the state folder.
        var path: String
        var error: String
        /// `2`: the second call on a thread; `2+`: that and all after it.
        var when = "1"

        var testDescription: String { "\(calls) of \(path) fails with \(error) at \(when)" }
    }

    private let log: String

    init(in tidings: Installation) { log = tidings.base + "/strace.log" }

    /// What the daemon is to be run under. The daemon, and not strace, is the child of who starts it (`-D`).
    func wrapper(_ fault: Fault, state: String) -> [String] {
        ["/usr/bin/strace", "-D"] + options([fault], state: state)
    }

    /// Lets calls of a daemon that runs fail, until strace is killed: then the daemon goes on without it.
    /// (TERM does not reach it, it starts with the signals blocked that Foundation's threads block.)
    func attach(to pid: Int32, _ faults: [Fault], state: String) throws -> RunningProgram {
        try RunningProgram(
            options(faults, state: state) + ["-p", "\(pid)"], of: URL(fileURLWithPath: "/usr/bin/strace"))
    }

    /// The process that traces `pid`; 0 if none does.
    static func tracer(of pid: Int32) throws -> Int32 {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("TracerPid:") }
        return line.flatMap { Int32($0.dropFirst("TracerPid:".count).filter(\.isNumber)) } ?? 0
    }

    private func options(_ faults: [Fault], state: String) -> [String] {
        let calls = faults.map(\.calls).joined(separator: ",")
        return ["-f", "-qq", "-y", "-o", log, "-e", "trace=\(calls)"]
            + faults.flatMap { ["-P", "\(state)/\($0.path)", "-e", "inject=\($0.calls):error=\($0.error):when=\($0.when)"] }
    }

    /// What strace has written, such as `1234 fdatasync(7</…/tidings.db-wal>) = -1 EIO (Input/output error) (INJECTED)`.
    func lines() -> [String] {
        ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// The calls that came after one had been made to fail; nil if none was.
    func callsAfterFailure() -> [String]? {
        let lines = lines()
        // A call that another thread interrupts is written in two parts, of which the second tells how it ended.
        return lines.firstIndex { $0.contains("(INJECTED)") }.map { failed in
            lines.dropFirst(failed + 1).filter { $0.contains("(") && !$0.contains("resumed>") }
        }
    }
}
