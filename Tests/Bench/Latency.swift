import CSQLite
import Foundation
import TidingsCore

/// From the close of a written file to its line in the change file, of an idle daemon; beside it what the disk and SQLite need
/// for the least that has to be durable by then: one transaction and one line.
func measureLatency(_ bench: Workbench, samples: Int) throws -> [Figure] {
    let settings = Settings(name: "latency", folder: "\(bench.path)/latency", in: bench.path)
    try settings.write()
    let daemon = try RunningDaemon(bench.tidings, settings)
    defer { try? daemon.process.stop() }
    try daemon.waitUntilIdle(settings, probe: "probe.txt")

    let changes = try ChangeWatch(settings.changes)
    let limit = try DurableWrites(in: bench.path)
    var ours: [Double] = []
    var limits: [Double] = []
    for number in 0..<samples {
        let text = SampleText.article(number)
        limits.append(try seconds { try limit.write(text) })
        // The daemon must be idle again, and its sync of the line over; between 5 and 25 ms, so that no rhythm arises.
        usleep(UInt32(5_000 + number * 7_919 % 20_000))
        let name = "sample-\(number).txt"
        let file = unsafe open("\(settings.folder)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw BenchError.system("write \(name)") }
        _ = unsafe text.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
        ours.append(
            try seconds {
                close(file)
                try changes.wait(for: name)
            })
        usleep(UInt32(5_000 + number * 4_513 % 20_000))
    }
    func milliseconds(_ values: [Double], _ percent: Double) -> Double { percentile(values, percent) * 1e3 }
    return [50.0, 99.0].map { percent in
        Figure(
            name: "file closed to line, p\(Int(percent))", value: milliseconds(ours, percent), unit: "ms",
            target: .atMost(percent == 50 ? 3 : 10),
            note: "\(decimal(percentile(ours, percent) / percentile(limits, percent))) x one transaction and one synced line, "
                + "\(decimal(milliseconds(limits, percent))) ms")
    }
}

/// The least that makes one change durable: a transaction that inserts a text, and a synced line.
private final class DurableWrites {
    private let inserts: RawInserts
    private let file: Int32

    init(in path: String) throws {
        inserts = try RawInserts(path: "\(path)/limit.db")
        file = unsafe open("\(path)/limit.ndjson", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw BenchError.system("open limit.ndjson") }
    }

    deinit { close(file) }

    func write(_ text: [UInt8]) throws {
        try inserts.insert([(hash: ContentHash.of(text).bytes, text: text)])
        // About the length of a line of the stream.
        let line = text.prefix(700)
        let count = unsafe line.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
        guard count == line.count, fdatasync(file) == 0 else { throw BenchError.system("write limit.ndjson") }
    }
}
