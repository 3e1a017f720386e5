import Foundation
import TestSupport

/// The changes of a first ingest through a sink to JetStream, from the start of the daemon until the broker has the last one, against
/// the file alone.
func measureBus(_ bench: Workbench) throws -> [Figure] {
    try bench.makeTree()
    let settings = Settings(name: "bus", folder: bench.tree, in: bench.path)
    let alone = try median((0..<bench.rounds).map { _ in
        settings.removeState()
        try settings.write()
        return Double(bench.files) / (try bench.tidings.runOnce(settings)).seconds
    })
    return try [1, 3].map { servers in
        let rates = try (0..<bench.rounds).map { _ in try rate(bench, settings, servers: servers) }
        return Figure(
            name: "changes in JetStream, \(servers) \(servers == 1 ? "server" : "servers")", value: median(rates) / alone, unit: "x",
            note: "\(decimal(median(rates))) a second, the file alone \(decimal(alone)); synced at each message")
    }
}

private func rate(_ bench: Workbench, _ settings: Settings, servers: Int) throws -> Double {
    let cluster = try NATSCluster(servers)
    settings.removeState()
    try settings.write()
    let sinks = """
        sinks:
          - { name: bus, from: start, command: ["\(bench.tidings.path)-nats", publish, --servers, "\(cluster.addresses)", --replicas, "\(servers)"] }

        """
    let file = try FileHandle(forWritingTo: URL(filePath: settings.file))
    try file.seekToEnd()
    try file.write(contentsOf: Data(sinks.utf8))
    try file.close()
    let start = ContinuousClock.now
    let daemon = try RunningDaemon(bench.tidings, settings)
    defer { try? daemon.process.stop() }
    let database = "\(settings.state)/db/tidings.db"
    while try confirmed(database) < bench.files { usleep(100_000) }
    return Double(bench.files) / (ContinuousClock.now - start).inSeconds
}

/// How far the sink is, as the ledger has it.
private func confirmed(_ database: String) throws -> Int {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sqlite3")
    process.arguments = ["-readonly", "-cmd", ".timeout 5000", database, "SELECT COALESCE(MAX(confirmed), 0) FROM sinks"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Int(text.filter(\.isNumber)) ?? 0
}
