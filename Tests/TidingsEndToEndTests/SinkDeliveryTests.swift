import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// Webhooks and commands, against the real daemon: what they have in the end is what the change files have, each number once, whoever
/// was killed meanwhile, while files are rotated and rows removed. The long form kills more often.
@Suite(.timeLimit(.minutes(isLongRun ? 15 : 2)))
struct SinkDeliveryTests {
    private static let rounds = isLongRun ? 40 : 3
    static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Sinks"

    /// Files are rotated as often as may be, and of the rows no more is kept than the live file and the sinks need.
    private static func settings(_ sinks: String) -> String {
        Installation.oneFolder + """
            stream: { rotate_size: 64KiB, rotate_spacing: 1s }
            retention: { changes: { size: 64KiB } }
            sinks:
            \(sinks)

            """
    }

    @Test("a program has every change once after kills of daemon and program")
    func command() async throws {
        let installation = try Installation()
        let database = installation.base + "/index.db"
        let file = installation.base + "/copy.ndjson"
        try installation.write(settings: Self.settings("""
              - { name: table, command: [python3, "\(Self.samples)/to_sqlite.py", "\(database)"], from: start }
              - { name: copy, command: ["\(Self.samples)/to_file.sh", "\(file)"], from: start }
            """))
        for round in 0..<Self.rounds {
            let daemon = try await installation.daemon()
            try await Self.edit(installation, round: round) { step in
                if step == 3 { for child in children(of: daemon.pid) { kill(child, SIGKILL) } }
                if step == 6 { daemon.send(SIGUSR2) }
            }
            if round + 1 < Self.rounds {
                daemon.send(SIGKILL)
                _ = await daemon.program.result()
            } else {
                try await installation.waitForLines(10 * Self.rounds + 1)
                try await Self.waitUntilConfirmed(installation, ["copy", "table"])
                try await daemon.stop()
            }
        }
        let record = try installation.record()
        #expect(try await sqlite(database, "SELECT line FROM changes ORDER BY seq") == record)
        #expect(try wholeLines(of: file) == record)
        try await installation.expectPromises(after: "kills of daemon and programs", resuming: false, folding: false)
    }

    @Test("a webhook has every change once, in order, after kills of the daemon and a receiver that fails, dies and redirects")
    func webhook() async throws {
        let receiver = Receiver()
        let server = try LoopbackServer { receiver.answer($0) }
        defer { server.stop() }
        let installation = try Installation()
        try "secret\n".write(toFile: installation.base + "/secret", atomically: true, encoding: .utf8)
        try installation.write(settings: Self.settings("""
              - { name: hook, url: "\(server.url(for: "/hook"))", private_network: true, secret_file: secret, batch: 7, from: start, timeout: 1s }
            """))
        for round in 0..<Self.rounds {
            let daemon = try await installation.daemon()
            receiver.fail(next: round % 4)
            try await Self.edit(installation, round: round) { step in if step == 6 { daemon.send(SIGUSR2) } }
            if round + 1 < Self.rounds {
                daemon.send(SIGKILL)
                _ = await daemon.program.result()
            } else {
                try await installation.waitForLines(10 * Self.rounds + 1)
                try await Self.waitUntilConfirmed(installation, ["hook"])
                try await daemon.stop()
            }
        }
        let record = try installation.record()
        let taken = receiver.taken
        // Some come twice; whoever drops what it has seen has each once, in order.
        var known: Set<String> = []
        #expect(taken.filter { known.insert($0).inserted } == record)
        let request = try #require(server.requests.first)
        #expect(request["Content-Type"] == "application/cloudevents-batch+json; charset=utf-8")
        #expect(request["webhook-signature"]?.hasPrefix("v1,") == true)
        try await installation.expectPromises(after: "kills and failures", resuming: false, folding: false)
    }

    @Test("410 switches a webhook off, status says so, and a reload asks again")
    func gone() async throws {
        let isGone = Mutex(true)
        let server = try LoopbackServer { _ in .status(isGone.withLock { $0 } ? 410 : 204) }
        defer { server.stop() }
        let installation = try Installation(
            Installation.oneFolder + "sinks:\n  - { name: hook, url: \"\(server.url(for: "/hook"))\", private_network: true }\n")
        try installation.write("Gulls\n\nThey fly.\n", to: "gulls.txt")
        let once = try await installation.once()
        #expect(once.errors.contains("hook: webhooks and commands get these changes from the running daemon"))
        #expect(server.requests.isEmpty)
        let daemon = try await installation.daemon(under: ["/usr/bin/prlimit", "--nofile=500:3000"])
        try await Self.waitForSinks(installation) { $0.allSatisfy { $0.state == "disabled" } }
        let check = try await installation.run("status", "--check")
        #expect(check.status == 1)
        #expect(check.output.contains("sinks: hook"))
        #expect(server.requests.count == 1)
        try await installation.wait("the service manager knows") { daemon.manager.assignments.contains { $0.hasSuffix("; sinks: hook disabled") } }
        func get(_ path: String) async throws -> String {
            try await RunningProgram(
                ["-sS", "--unix-socket", installation.state + "/api.sock", "http://localhost" + path], of: URL(fileURLWithPath: "/usr/bin/curl")
            ).result().output
        }
        let metrics = try await get("/metrics")
        #expect(metrics.contains(#"tidings_sink_up{sink="hook"} 0"#))
        #expect(metrics.contains(#"tidings_sink_lag_changes{sink="hook"} 2"#))
        #expect(metrics.contains("process_max_fds 3000"), "the daemon opens as many files as it may")
        let page = try await get("/")
        #expect(page.contains("disabled</span>") && page.contains("It stays so until <code>tidings reload</code>, or a restart."), "\(page)")
        #expect(try await get("/readyz") == #"{"status":"ready"}"# + "\n")
        _ = try await sqlite(installation.state + "/db/tidings.db", "UPDATE changes SET committed_ms = committed_ms - 100000", "-cmd", ".timeout 5000")
        let hindrance = try await get("/readyz")
        #expect(hindrance.contains(#""status":503"#) && hindrance.contains("hook: lags by 1"), "\(hindrance)")
        isGone.withLock { $0 = false }
        #expect(try await installation.run("reload").status == 0)
        try await Self.waitUntilConfirmed(installation, ["hook"])
        try await daemon.stop()
    }

    @Test("a program that hangs, lies or dies is started again, and one of another stream is not", .enabled(if: isLongRun))
    func wrongPrograms() async throws {
        let installation = try Installation()
        let script = installation.base + "/odd.sh"
        // First it says nonsense, then it confirms too much, then it hangs, then it does its work.
        try """
            #!/bin/sh
            count=$(cat "$1" 2>/dev/null || echo 0)
            echo $((count + 1)) > "$1"
            case $count in
            0) echo nonsense; sleep 60 ;;
            1) echo '{}'; read -r line; echo '{"confirmed":99}'; sleep 60 ;;
            2) echo '{}'; sleep 60 ;;
            *) exec "$2" "$3" ;;
            esac
            """.write(toFile: script, atomically: true, encoding: .utf8)
        unsafe chmod(script, 0o755)
        let copy = installation.base + "/copy.ndjson"
        try installation.write(settings: Installation.oneFolder + """
            sinks:
              - { name: odd, command: ["\(script)", "\(installation.base)/count", "\(Self.samples)/to_file.sh", "\(copy)"], stall: 1s }
              - { name: alien, command: [sh, -c, "echo '{\\"stream\\":\\"other\\",\\"after\\":3}'; cat"] }

            """)
        try installation.write("Gulls\n\nThey fly.\n", to: "gulls.txt")
        let daemon = try await installation.daemon()
        try await Self.waitForSinks(installation, seconds: 30) { sinks in
            sinks.contains { $0.name == "odd" && $0.lag == 0 && $0.state == "ok" } && sinks.contains { $0.name == "alien" && $0.state == "stopped" }
        }
        #expect(try wholeLines(of: copy) == installation.record())
        try await daemon.stop()
        let errors = daemon.program.errors
        for part in ["says 'nonsense'", "confirms 99", "has not said that it has change", "stream other"] {
            #expect(errors.contains(part), "\(part)")
        }
    }

    @Test("a program that hangs within a line larger than its pipe is started again")
    func hangsWithinLine() async throws {
        let installation = try Installation()
        let starts = installation.base + "/starts"
        try installation.write(settings: Installation.oneFolder + """
            sinks:
              - { name: odd, command: [sh, -c, "echo start >> \(starts); echo '{}'; exec sleep 60"], with_text: true, stall: 1s }

            """)
        try installation.write("Log\n\n" + String(repeating: "The pilot came on board before noon. ", count: 6_000), to: "log.txt")
        let daemon = try await installation.daemon()
        try await installation.wait("the program is started again") { (try? wholeLines(of: starts).count) ?? 0 > 1 }
        try await daemon.stop()
    }

    @Test("the index for retrieval follows edits, removals, moves and a new stream")
    func index() async throws {
        let installation = try Installation()
        let database = installation.base + "/rag.db"
        try installation.write(settings: Installation.oneFolder + """
            sinks:
              - { name: rag, command: [python3, "\(Self.samples)/rag_index.py", "\(database)", "\(BuiltBinary.tidings.path)",
                  snapshot, --with-text, --config, "\(installation.base)/tidings.yaml"], with_text: true }

            """)
        try installation.write("Harbour\n\nThe fee for boats is 12 crowns.\n", to: "harbour.txt")
        try installation.write("Gulls\n\nThey fly over the pier.\n", to: "gulls.txt")
        var daemon = try await installation.daemon()
        try await installation.waitForLines(3)
        try installation.edit("harbour.txt", "12", "16")
        try await installation.waitForLines(4)
        try installation.rename("harbour.txt", to: "fees.txt")
        try installation.remove("gulls.txt")
        try await installation.waitForLines(6)
        try await Self.waitUntilConfirmed(installation, ["rag"])
        try await daemon.stop()
        let chunks = "SELECT place || ' ' || live || ' ' || text FROM chunks ORDER BY place"
        #expect(
            try await sqlite(database, chunks) == [
                "fees.txt 1 Harbour The fee for boats is 16 crowns.", "gulls.txt 0 Gulls They fly over the pier.",
            ])

        // The database is lost. What is in the folder now is all there is.
        let old = try await sqlite(database, "SELECT stream FROM at")
        try FileManager.default.removeItem(atPath: installation.state + "/db")
        try installation.edit("fees.txt", "16", "18")
        daemon = try await installation.daemon()
        try await Self.waitUntilConfirmed(installation, ["rag"])
        try await daemon.stop()
        #expect(try await sqlite(database, "SELECT stream FROM at") != old)
        #expect(try await sqlite(database, chunks) == ["fees.txt 1 Harbour The fee for boats is 18 crowns."])
    }

    // MARK: what they have in common

    /// Makes and changes articles, and does something beside each step.
    private static func edit(_ installation: Installation, round: Int, _ beside: (Int) -> Void) async throws {
        let before = (try? installation.record().count) ?? 0
        for step in 0..<10 {
            try installation.write("Story \(round).\(step)\n\n\(String(repeating: "word \(step) ", count: 40))\n", to: "story-\(round)-\(step).txt")
            beside(step)
            try await Task.sleep(for: .milliseconds(20))
        }
        // Half of them: the daemon dies with work to do.
        try await installation.waitForLines(before + 5)
    }

    private struct Sink: Decodable {
        let name: String
        let state: String
        let lag: Int
    }

    private static func waitForSinks(
        _ installation: Installation, seconds: Double = Installation.patienceSeconds, _ condition: ([Sink]) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        struct Status: Decodable { let sinks: [Sink]? }
        let deadline = ContinuousClock.now + .seconds(seconds)
        var last = ""
        while ContinuousClock.now < deadline {
            last = try await installation.run("status", "--json").output
            let sinks = try JSONDecoder().decode(Status.self, from: Data(last.utf8)).sinks ?? []
            if !sinks.isEmpty, condition(sinks) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the sinks are not as expected: \(last)", sourceLocation: sourceLocation)
    }

    private static func waitUntilConfirmed(_ installation: Installation, _ names: [String]) async throws {
        try await waitForSinks(installation) { sinks in names.allSatisfy { name in sinks.contains { $0.name == name && $0.lag == 0 } } }
    }

    private func sqlite(_ database: String, _ query: String, _ options: String...) async throws -> [String] {
        try await RunningProgram(options + [database, query], of: URL(fileURLWithPath: "/usr/bin/sqlite3")).result().lines
    }
}

/// A receiver of a webhook that keeps what it has answered with 2xx, and sometimes what it has not.
private final class Receiver: Sendable {
    private let state = Mutex((taken: [String](), failures: 0, kind: 0))

    /// The lines in the order in which they came.
    var taken: [String] { state.withLock(\.taken) }

    /// The next request fails in one of four ways.
    func fail(next kind: Int) { state.withLock { $0.failures = 1; $0.kind = kind } }

    func answer(_ request: LoopbackRequest) -> LoopbackReply {
        state.withLock { state in
            let events = String(decoding: request.body.dropFirst().dropLast(), as: UTF8.self)
                .replacingOccurrences(of: #"},{"specversion""#, with: "}\n{\"specversion\"").split(separator: "\n").map(String.init)
            guard state.failures > 0 else {
                state.taken += events
                return .status(204)
            }
            state.failures -= 1
            switch state.kind {
            case 0: return .status(503, headers: [("Retry-After", "1")])
            case 1:
                // It dies after it has kept them, before it says so.
                state.taken += events
                return .hangUp
            case 2: return .redirect(to: "/elsewhere", status: 307)
            default: return .silence
            }
        }
    }
}

/// The processes that `pid` has started.
func children(of pid: Int32) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { child in
        guard let stat = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")")
        else { return false }
        return stat[end...].split(separator: " ").dropFirst(2).first == "\(pid)"
    }
}
