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
        ["/usr/bin/strace", "-D", "-f", "-qq", "-y", "-o", log, "-P", "\(state)/\(fault.path)", "-e", "trace=\(fault.calls)"]
            + ["-e", "inject=\(fault.calls):error=\(fault.error):when=\(fault.when)"]
    }

    /// The calls in their order, as strace writes them: `1234 fdatasync(7</…/tidings.db-wal>) = -1 EIO (…) (INJECTED)`.
    func calls() -> [String] {
        ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
            .filter { $0.contains("(") && !$0.contains("resumed>") }
    }
}
