import Foundation
import Glibc
import TestSupport
import Testing

/// The changes in JetStream, on a real cluster: whatever happens to servers, daemon and publisher, the stream holds each change once, in
/// order, with the bytes of the change files. The long form has fifty rounds of faults by chance.
@Suite(.timeLimit(.minutes(isLongRun ? 60 : 3)))
struct BusTests {
    private enum Fault: CaseIterable {
        case serverKilled, twoServersKilled, allServersKilled, leaderStopped, daemonKilled, publisherKilled, messagesDeleted
        case secondPublisher, streamFull
    }

    @Test("each fault of the cluster, the daemon and the publisher once")
    func faults() async throws {
        var bus = try await Bus(servers: 3, seed: 1)
        for fault: Fault in [.leaderStopped, .messagesDeleted, .publisherKilled, .twoServersKilled] { try await bus.round([fault]) }
        try await bus.end()
    }

    @Test("over TLS, with a password; a server that is not trusted, or does not let it in, is named as the reason")
    func secured() async throws {
        let authority = try TestAuthority()
        let identity = temporaryFolder + "/tidings-server-\(UUID().uuidString).pem"
        defer { try? FileManager.default.removeItem(atPath: identity) }
        try authority.certificate().write(to: identity, withKey: true)
        let cluster = try NATSCluster(
            1, "tls { cert_file: \"\(identity)\", key_file: \"\(identity)\" }\nauthorization { user: tidings, password: correct }\n")
        let place = cluster.addresses.dropFirst("nats://".count)
        let line = #"{"specversion":"1.0","id":"1","source":"urn:uuid:s","type":"tidings.article.created"}"# + "\n"
        func publish(_ password: String, trusting file: String?) async throws -> ProgramResult {
            try await RunningProgram(
                ["publish", "--servers", "tls://tidings:\(password)@\(place)"] + (file.map { ["--ca-file", $0] } ?? []),
                of: BuiltBinary.tidingsNATS, input: Array(line.utf8)
            ).result()
        }
        let first = try await publish("correct", trusting: authority.file)
        #expect(first.status == 0 && first.lines == [#"{"keep":3600}"#, #"{"confirmed":1}"#], "\(first)")
        let second = try await publish("correct", trusting: authority.file)
        #expect(second.lines == [#"{"stream":"urn:uuid:s","after":1,"keep":3600}"#], "\(second)")
        let refused = try await publish("wrong", trusting: authority.file)
        #expect(refused.status == 69 && refused.errors.contains("cannot connect to the NATS servers: "), "\(refused)")
        #expect(refused.errors.lowercased().contains("authorization"), "\(refused)")
        let untrusted = try await publish("correct", trusting: nil)
        #expect(untrusted.status == 69 && untrusted.errors.contains("cannot connect to the NATS servers: "), "\(untrusted)")
        #expect(untrusted.errors.contains("certificate"), "\(untrusted)")
    }

    @Test("all servers are away for minutes, and ingest goes on", .enabled(if: isLongRun))
    func awayForMinutes() async throws {
        var bus = try await Bus(servers: 3, seed: 2)
        try await bus.away(seconds: 150)
        try await bus.end()
    }

    @Test("fifty rounds of faults by chance", .enabled(if: isLongRun))
    func chance() async throws {
        let seed = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0...9_999)
        print("seed \(seed): repeat it with TIDINGS_TEST_SEED=\(seed)")
        var bus = try await Bus(servers: 3, seed: seed)
        for round in 0..<50 {
            let faults = (0..<Int.random(in: 1...3, using: &bus.dice)).map { _ in Fault.allCases.randomElement(using: &bus.dice) ?? .serverKilled }
            print("round \(round): \(faults)")
            try await bus.round(faults)
        }
        try await bus.end()
    }

    /// A daemon with a publisher, and a cluster.
    private struct Bus {
        var dice: Seeded
        private let cluster: NATSCluster
        private let stream: BusStream
        private let installation: Installation
        private var daemon: LiveDaemon
        private var consumer: RunningProgram
        private let table: String
        private var count = 0

        init(servers: Int, seed: UInt64) async throws {
            dice = Seeded(seed: seed)
            cluster = try NATSCluster(servers)
            stream = try BusStream("TIDINGS", cluster)
            installation = try Installation()
            try installation.write(settings: Self.settings(cluster, publishers: 1))
            daemon = try await installation.daemon()
            table = installation.base + "/table.db"
            consumer = try Self.consumer(cluster, table)
            try await round([])
        }

        /// The sample that fills a table, as README gives it. It ends where there is no stream yet, as any program may, and is started again.
        private static func consumer(_ cluster: NATSCluster, _ table: String) throws -> RunningProgram {
            // It dies with the shell.
            let script = "until setpriv --pdeathsig KILL \"$0\" \"$@\"; do sleep 0.2; done"
            let python = NATSCluster.program.deletingLastPathComponent().appendingPathComponent("python").path
            return try RunningProgram(
                ["-c", script, python, SinkDeliveryTests.samples + "/from_jetstream.py", cluster.addresses, table],
                of: URL(fileURLWithPath: "/bin/sh"), environment: ["PATH": "/usr/bin:/bin"])
        }

        private static func settings(_ cluster: NATSCluster, publishers: Int) -> String {
            let command = "[\"\(BuiltBinary.tidingsNATS.path)\", publish, --servers, \"\(cluster.addresses)\", --replicas, \"\(cluster.indices.count)\"]"
            let sinks = (0..<publishers).map { "  - { name: bus\($0), command: \(command), from: start }\n" }.joined()
            return Installation.oneFolder + "sinks:\n" + sinks
        }

        /// Writes articles while the faults happen, and waits until the stream has them all.
        mutating func round(_ faults: [Fault]) async throws {
            try await write(5)
            for fault in faults { try await meet(fault) }
            try await write(5)
            try await expectSame()
        }

        mutating func end() async throws {
            try await daemon.stop()
            let record = try installation.record()
            var taken: [String] = []
            // It takes one at a time, and may take its time as long as it gets on.
            var deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline, taken.count < record.count {
                let before = taken.count
                taken = try await RunningProgram(
                    [table, "SELECT line FROM changes ORDER BY rowid"], of: URL(fileURLWithPath: "/usr/bin/sqlite3")
                ).result().lines
                if taken.count > before { deadline = .now + .seconds(60) }
            }
            consumer.send(SIGKILL)
            #expect(taken == record, "a durable consumer has all, too: \(consumer.errors.suffix(1_000))")
            try await installation.expectPromises(after: "faults of the bus", resuming: false, folding: false)
        }

        private mutating func write(_ files: Int) async throws {
            for _ in 0..<files {
                count += 1
                try installation.write("Story \(count)\n\nWhat happened on day \(count) of the strike.\n", to: "story-\(count).txt")
                if count % 3 == 0 { try installation.write("Story \(count)\n\nNothing happened.\n", to: "story-\(count / 3).txt") }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...20, using: &dice)))
            }
        }

        private mutating func meet(_ fault: Fault) async throws {
            let victim = Int.random(in: cluster.indices, using: &dice)
            switch fault {
            case .serverKilled: try await away([victim])
            case .twoServersKilled: try await away(cluster.indices.filter { $0 != victim })
            case .allServersKilled: try await away(Array(cluster.indices))
            case .leaderStopped:
                let leader = try stream.leader().flatMap { name in cluster.indices.first { NATSCluster.name($0) == name } } ?? victim
                cluster.send(SIGSTOP, to: leader)
                try await write(3)
                try await Task.sleep(for: pause(1_000...(isLongRun ? 15_000 : 2_000)))
                cluster.send(SIGCONT, to: leader)
            case .daemonKilled:
                daemon.send(SIGKILL)
                _ = await daemon.program.result()
                try await write(2)
                daemon = try await installation.daemon()
            case .publisherKilled:
                for child in children(of: daemon.pid) + children(of: consumer.pid) { kill(child, SIGKILL) }
                try await write(2)
            case .messagesDeleted:
                try await expectSame()
                try stream.delete(last: Int.random(in: 1...8, using: &dice))
                // The publisher finds out with its next message, and the next publisher has the daemon give it what is gone.
                try await write(1)
            case .secondPublisher:
                try installation.write(settings: Self.settings(cluster, publishers: 2))
                #expect(try await installation.run("reload").status == 0)
                try await write(20)
                try installation.write(settings: Self.settings(cluster, publishers: 1))
                #expect(try await installation.run("reload").status == 0)
            case .streamFull:
                try stream.limit(2)
                try await write(5)
                try await Task.sleep(for: pause(0...3_000))
                try stream.limit(-1)
            }
        }

        mutating func away(seconds: Int) async throws {
            for server in cluster.indices { await cluster.kill(server) }
            let end = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < end { try await write(20) }
            for server in cluster.indices { try cluster.start(server) }
            try await expectSame()
        }

        private mutating func away(_ servers: [Int]) async throws {
            for server in servers { await cluster.kill(server) }
            try await write(3)
            try await Task.sleep(for: pause(0...(isLongRun ? 20_000 : 500)))
            for server in servers { try cluster.start(server) }
        }

        private mutating func pause(_ milliseconds: ClosedRange<Int>) -> Duration { .milliseconds(Int.random(in: milliseconds, using: &dice)) }

        private func expectSame() async throws {
            let deadline = ContinuousClock.now + .seconds(120)
            var messages: [String] = []
            var record: [String] = []
            while ContinuousClock.now < deadline {
                record = try installation.record()
                messages = try (stream.messages() ?? []).map { String(decoding: $0.bytes, as: UTF8.self) }
                // What was written may not be in the record yet.
                if record.count >= count, messages == record { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            let place = zip(messages, record).enumerated().first { $1.0 != $1.1 }?.offset ?? min(messages.count, record.count)
            Issue.record("the stream has \(messages.count) messages, the record \(record.count) lines; they differ from \(place) on; \(daemon.program.errors.suffix(2_000))")
            throw CancellationError()
        }
    }
}
