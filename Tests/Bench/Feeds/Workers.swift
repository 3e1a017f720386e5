import Foundation
import Synchronization
import TestSupport

/// Addresses of 127.0.0.0/8 that the feeds are spread over.
private let hosts = 2_000
/// How long the server takes for each answer: as far away as many are.
private let answerMilliseconds = 100
private let jobsPerWorker = 64
/// Of the round in which requests to one host are counted.
private let hostDelayMilliseconds = 2_000

/// Feeds over loopback that workers poll, by way of a queue in JetStream: polls a second with 1, 2 and 4 workers, what one costs each
/// process, and how the hosts are asked.
func measureWorkers(_ bench: Workbench, feeds: Int) throws -> [Figure] {
    let counts = HostCounts()
    let server = try CannedServer(delayMilliseconds: answerMilliseconds) { path, isConditional in
        guard let number = Int(path.dropFirst(2)) else { return CannedServer.message("404 Not Found") }
        counts.note(number % hosts)
        if isConditional { return CannedServer.message("304 Not Modified", ["ETag: \"v1\""]) }
        return CannedServer.message(
            "200 OK", ["ETag: \"v1\"", "Content-Type: application/rss+xml"],
            body: SampleFeed.rss(number..<number + 1, body: .cdata, bodyBytes: 1_000))
    }
    defer { server.stop() }
    let addresses = (0..<feeds).map { "http://127.0.\(1 + $0 % hosts / 250).\(1 + $0 % hosts % 250):\(server.port)/f\($0)" }
    let cluster = try NATSCluster(1)
    var figures: [Figure] = []
    let settings = Settings(name: "workers", folder: "", in: bench.path)
    func write(_ fetch: String) throws {
        let feeds = addresses.enumerated().map { "  - { name: f\($0), url: \"\($1)\", private_network: true }\n" }.joined()
        try Data("state: \(settings.state)\nlog_level: warning\nfetch: { concurrency: 1000, \(fetch) }\nfeeds:\n\(feeds)".utf8)
            .write(to: URL(filePath: settings.file))
    }
    // The first import is not measured: most of it is the committer's work.
    try write("host_delay: 0ms")
    _ = try bench.tidings.runOnce(settings)
    let own = try poll(bench, server, settings, feeds)
    figures.append(Figure(name: "polls, by the daemon itself", value: own.rate, unit: "/s", note: own.message))
    let command = "command: [\"\(bench.tidings.path)-nats\", dispatch, --servers, \"\(cluster.addresses)\"]"
    for count in [1, 2, 4] {
        try write("host_delay: 0ms, \(command)")
        let workers = try (0..<count).map { _ in try worker(bench, cluster) }
        let before = (workers.map(cpuSeconds), cluster.pids.map(cpuSeconds))
        let polls = try poll(bench, server, settings, feeds)
        let spent = [(workers, before.0), (cluster.pids, before.1)].map { pids, before in
            zip(pids, before).map { cpuSeconds($0) - $1 }.reduce(0, +) / Double(feeds) * 1e6
        }
        figures.append(Figure(
            name: "polls, \(count) workers", value: polls.rate, unit: "/s",
            note: polls.message + "; µs of CPU a poll: workers \(decimal(spent[0])), broker \(decimal(spent[1]))"))
        for worker in workers { stop(worker) }
    }
    try write("host_delay: \(hostDelayMilliseconds)ms, \(command)")
    let workers = try (0..<4).map { _ in try worker(bench, cluster) }
    counts.reset()
    _ = try poll(bench, server, settings, feeds)
    for worker in workers { stop(worker) }
    figures.append(Figure(
        name: "shortest time between two requests to a host", value: counts.shortestMilliseconds, unit: "ms",
        target: .atLeast(Double(hostDelayMilliseconds)), note: "host_delay \(hostDelayMilliseconds) ms, 4 workers, \(hosts) hosts"))
    return figures
}

private func worker(_ bench: Workbench, _ cluster: NATSCluster) throws -> pid_t {
    let arguments = ["tidings-nats", "fetch", "--servers", cluster.addresses, "--concurrency", "\(jobsPerWorker)"]
    let process = try ChildProcess("\(bench.tidings.path)-nats", arguments, [], isSilent: true)
    return process.id
}

private func stop(_ worker: pid_t) {
    kill(worker, SIGTERM)
    waitpid(worker, nil, 0)
}

private func poll(
    _ bench: Workbench, _ server: CannedServer, _ settings: Settings, _ feeds: Int
) throws -> (rate: Double, message: String) {
    server.reset()
    let run = try bench.tidings.runOnce(settings)
    guard server.seen.count == feeds, let first = server.seen.first else {
        throw BenchError("\(server.seen.count) requests for \(feeds) feeds")
    }
    let rate = Double(feeds) / (ContinuousClock.now - first).inSeconds
    let peak = decimal(Double(run.peakMemoryBytes) / 1e6)
    let processor = decimal(run.processorSeconds / Double(feeds) * 1e6)
    return (
        rate,
        "\(feeds) feeds that answer 304 after \(answerMilliseconds) ms; the daemon's peak is \(peak) MB; "
            + "its CPU \(processor) µs a poll, with the program between"
    )
}

/// Processor time that a process has used so far.
private func cpuSeconds(_ pid: pid_t) -> Double {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// When hosts were asked.
private final class HostCounts: Sendable {
    private let state = Mutex((last: [Int: ContinuousClock.Instant](), shortest: Duration.seconds(3_600)))

    var shortestMilliseconds: Double { state.withLock { $0.shortest } / .milliseconds(1) }
    func reset() { state.withLock { $0 = ([:], .seconds(3_600)) } }

    func note(_ host: Int) {
        let now = ContinuousClock.now
        state.withLock { state in
            if let last = state.last[host] { state.shortest = min(state.shortest, now - last) }
            state.last[host] = now
        }
    }
}
