import Glibc

/// What the daemon holds in memory over a tree it has ingested, when its first pass is over and nothing has happened for so long that
/// it has given back what it does not need.
func measureMemory(_ bench: Workbench) throws -> [Figure] {
    try bench.ingest()
    let daemon = try RunningDaemon(bench.tidings, bench.settings)
    defer { try? daemon.process.stop() }
    try daemon.waitUntilIdle(bench.settings, probe: "idle-probe.txt")
    sleep(secondsToRelief)
    let memory = try daemon.process.memory()
    return [
        Figure(
            name: "resident, idle, \(bench.files) articles", value: Double(memory.all) / 1e6, unit: "MB", target: .atMost(25),
            note: "\(decimal(Double(memory.anonymous) / 1e6)) MB of it are no file's")
    ]
}

/// After the last commit, or the start.
let secondsToRelief: UInt32 = 13

/// How long the daemon needs to be ready over that ledger.
func measureStart(_ bench: Workbench) throws -> [Figure] {
    try bench.ingest()
    var times: [Double] = []
    for _ in 0..<bench.rounds {
        let daemon = try RunningDaemon(bench.tidings, bench.settings)
        times.append(daemon.secondsToReady)
        try daemon.process.stop()
    }
    return [
        Figure(
            name: "start to ready, \(bench.files) articles", value: median(times) * 1e3, unit: "ms", target: .atMost(200))
    ]
}
