import Foundation
import Glibc
import TestSupport
import Testing

/// A program that follows the stream beside the daemon, and what it has shown.
///
/// Of `tail -F` there is one life: it must see everything although it knows nothing of numbers. `tidings tail -f` may be killed, and
/// is then begun again after the last change that it had shown whole, as its users do.
///
/// Where files are rotated every few seconds the change file must be there before `tail -F` begins: without it `tail -F` is never
/// told of changes by the kernel. It looks once a second, and for a new file under the name after five looks in vain (coreutils,
/// tail.c). The minute that lies between two files by default is time enough for that.
final class Consumer {
    enum Program { case tailF, tidingsTail }

    let program: Program
    private(set) var tally = Tally()
    /// All that it has shown; empty if they are not kept.
    private(set) var lines: [String] = []
    private(set) var lives = 0
    private let keepsLines: Bool
    private let tidings: Installation
    private var running: RunningProgram?
    private var output: GrowingFile?

    init(_ program: Program, of tidings: Installation, keepsLines: Bool = true) throws {
        self.program = program
        self.tidings = tidings
        self.keepsLines = keepsLines
        try begin()
    }

    deinit { running?.send(SIGKILL) }

    var name: String { program == .tailF ? "tail -F" : "tidings tail -f" }

    var witness: Witness { Witness(name, lines: lines) }

    var pid: Int32 { running?.pid ?? 0 }

    func send(_ signal: Int32) { running?.send(signal) }

    /// Takes in what it has shown, and begins it again if it has died. Call it now and then.
    func tend() throws {
        try takeIn()
        guard let running, !running.isRunning else { return }
        // Once more: it may have written until it died. A half line is nobody's, it comes again whole.
        try takeIn()
        try #require(program == .tidingsTail, "tail -F ended: \(running.errors)")
        try begin()
    }

    /// Waits until it has shown all that the change files hold.
    func catchUp(seconds: Double = Installation.patienceSeconds, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let last = try tidings.tallyOfFiles().last
        try await tidings.wait("\(name) shows change \(last)", seconds: seconds, sourceLocation: sourceLocation) {
            try tend()
            return tally.last >= last
        }
    }

    private func takeIn() throws {
        try output?.takeLines { line in
            if tally.add(line), keepsLines { lines.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    private func begin() throws {
        lives += 1
        let path = tidings.base + "/\(program)-\(lives).ndjson"
        try Data().write(to: URL(fileURLWithPath: path))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        output = try GrowingFile(path)
        running = try start(handle)
        try handle.close()
    }

    private func start(_ handle: FileHandle) throws -> RunningProgram {
        switch program {
        case .tailF:
            return try RunningProgram(
                ["-n", "+1", "-F", tidings.changeFile], of: URL(fileURLWithPath: "/usr/bin/tail"), output: handle)
        case .tidingsTail:
            return try tidings.start(["tail", "-f", "--since", "\(tally.last)", "--format", "ndjson"], output: handle)
        }
    }
}
