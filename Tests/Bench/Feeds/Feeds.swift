import Foundation

/// Hosts of 127.0.0.0/8 that the feeds are spread over.
private let hosts = 32
private let concurrency = 64
/// Without the pause that a host is given between two polls, which would be all that is measured.
private let fetchSettings = "concurrency: \(concurrency), per_host: 2, host_delay: 0ms"

/// Feeds over loopback: a round in which nothing is new, against libcurl alone; what the daemon holds and does afterwards, when no
/// feed is due; and the first import.
func measureFeeds(_ bench: Workbench, feeds: Int, python: String) throws -> [Figure] {
    try measurePolls(bench, feeds: feeds) + measureImport(bench, feeds: min(feeds, 1_000), python: python)
}

private func measurePolls(_ bench: Workbench, feeds: Int) throws -> [Figure] {
    let itemsPerFeed = max(1, 100_000 / feeds)
    let server = try server(itemsPerFeed: itemsPerFeed)
    defer { server.stop() }
    let addresses = addresses(feeds, server)
    let settings = try settings("polled", addresses, in: bench)
    _ = try bench.tidings.runOnce(settings)
    let lines = try settings.publishedLines()
    guard lines >= feeds * itemsPerFeed else { throw BenchError("\(lines) lines published for \(feeds) feeds") }

    // The daemon also brings the search index up to date, which the rounds after it then do not have to.
    let idle = try measureIdle(bench, settings, feeds: feeds, articles: feeds * itemsPerFeed)
    var limits: [Double] = []
    var ours: [Double] = []
    var passes: [Double] = []
    for _ in 0..<bench.rounds {
        limits.append(try barePolls(addresses, concurrency: concurrency))
        server.reset()
        let run = try bench.tidings.runOnce(settings)
        // To the end of the process: the last answer is durable by then.
        guard server.seen.count == feeds, let first = server.seen.first else {
            throw BenchError("\(server.seen.count) requests for \(feeds) feeds")
        }
        ours.append(Double(feeds) / (ContinuousClock.now - first).inSeconds)
        passes.append(run.seconds)
    }
    let (our, limit) = (median(ours), median(limits))
    return [
        Figure(
            name: "answered 304, of libcurl alone", value: our / limit, unit: "x", target: .atLeast(0.5),
            note: "\(decimal(our)) of \(decimal(limit)) requests a second, \(concurrency) at a time"),
        Figure(
            name: "a round of \(feeds) feeds", value: median(passes), unit: "s", note: "a new process, from its start to its end"),
    ] + idle
}

/// What a daemon holds and does whose feeds have all just been polled.
private func measureIdle(_ bench: Workbench, _ settings: Settings, feeds: Int, articles: Int) throws -> [Figure] {
    let daemon = try RunningDaemon(bench.tidings, settings)
    defer { try? daemon.process.stop() }
    try daemon.process.waitUntilIdle()
    let watchedSeconds = 20
    let before = try (ticks: daemon.process.ticks(), switches: daemon.process.contextSwitches())
    sleep(UInt32(watchedSeconds))
    let after = try (ticks: daemon.process.ticks(), switches: daemon.process.contextSwitches())
    // What a thread did that has ended meanwhile is not known.
    let switches = after.switches.map { thread, count in count - (before.switches[thread] ?? 0) }.reduce(0, +)
    let memory = try daemon.process.memory()
    let processor = Double(after.ticks - before.ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    let message = "\(feeds) feeds, \(articles) articles"
    return [
        Figure(
            name: "resident, idle", value: Double(memory.all) / 1e6, unit: "MB", target: feeds <= 1_000 ? .atMost(25) : nil,
            note: "\(message); \(decimal(Double(memory.anonymous) / 1e6)) MB of it are no file's"),
        Figure(
            name: "processor, idle", value: processor * 100 / Double(watchedSeconds), unit: "%",
            note: "\(decimal(processor * 1e3)) ms of \(watchedSeconds) s"),
        Figure(
            name: "context switches, idle", value: Double(switches) / Double(watchedSeconds), unit: "/s"),
    ]
}

private func measureImport(_ bench: Workbench, feeds: Int, python: String) throws -> [Figure] {
    let itemsPerFeed = 30
    let server = try server(itemsPerFeed: itemsPerFeed)
    defer { server.stop() }
    let settings = try settings("imported", addresses(feeds, server), in: bench)
    var rates: [Double] = []
    for _ in 0..<bench.rounds {
        settings.removeState()
        let run = try bench.tidings.runOnce(settings)
        let lines = try settings.publishedLines()
        guard lines >= feeds * itemsPerFeed else { throw BenchError("\(lines) lines published for \(feeds) feeds") }
        rates.append(Double(feeds * itemsPerFeed) / run.seconds)
    }
    var figures = [
        Figure(
            name: "first import, items a second", value: median(rates), unit: "/s",
            note: "\(feeds) feeds of \(itemsPerFeed) items, a new process from its start to its end")
    ]
    if let seconds = try secondsOfReader(addresses(feeds, server), server, in: bench, python: python) {
        let theirs = Double(feeds * itemsPerFeed) / seconds
        figures.append(
            Figure(
                name: "first import, of Python's reader", value: median(rates) / theirs, unit: "x", target: .atLeast(1),
                note: "\(decimal(median(rates))) to \(decimal(theirs)) items a second; without the start of Python"))
    }
    return figures
}

/// Nil if reader (PyPI) is not installed.
private func secondsOfReader(_ addresses: [String], _ server: CannedServer, in bench: Workbench, python: String) throws -> Double? {
    let list = "\(bench.path)/reader.txt"
    try Data(addresses.joined(separator: "\n").utf8).write(to: URL(filePath: list))
    server.reset()
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../peers/import.py").path
    // Python may be missing, too. Without reader the script ends with 3.
    guard let run = try? CapturedRun(python, [script, list, "\(bench.path)/reader.db"], limitSeconds: 1_200), run.end != .exit(status: 3)
    else { return nil }
    guard run.end == .exit(status: 0), let seconds = Double(String(decoding: run.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    else { throw BenchError("reader does not import the feeds: \(run.errors.suffix(400))") }
    return seconds
}

private func addresses(_ feeds: Int, _ server: CannedServer) -> [String] {
    (0..<feeds).map { "http://127.0.0.\(1 + $0 % hosts):\(server.port)/f\($0)" }
}

/// 304 for who has been there, and else a feed of articles that no other has.
private func server(itemsPerFeed: Int) throws -> CannedServer {
    let notModified = CannedServer.message("304 Not Modified", ["ETag: \"v1\""])
    return try CannedServer { path, isConditional in
        guard !isConditional, let number = Int(path.dropFirst(2)) else { return notModified }
        let items = (number * itemsPerFeed)..<((number + 1) * itemsPerFeed)
        return CannedServer.message(
            "200 OK", ["ETag: \"v1\"", "Content-Type: application/rss+xml"],
            body: SampleFeed.rss(items, body: .cdata, bodyBytes: 1_000))
    }
}

private func settings(_ name: String, _ addresses: [String], in bench: Workbench) throws -> Settings {
    let settings = Settings(name: name, folder: "", in: bench.path)
    let feeds = addresses.enumerated().map { "  - { name: f\($0), url: \"\($1)\", private_network: true }\n" }.joined()
    try Data("state: \(settings.state)\nlog_level: warning\nfetch: { \(fetchSettings) }\nfeeds:\n\(feeds)".utf8)
        .write(to: URL(filePath: settings.file))
    return settings
}
