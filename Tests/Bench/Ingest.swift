import Foundation
import TidingsCore

/// The first ingest of a tree, from the start of the process to its exit with every line published, against bare inserts of
/// the same texts.
func measureIngest(_ bench: Workbench) throws -> [Figure] {
    try bench.makeTree()
    try bench.settings.write(isSearchable: bench.isSearchable)
    var limits: [Double] = []
    var ours: [Double] = []
    var peaks: [Double] = []
    for _ in 0..<bench.rounds {
        limits.append(try insertTexts(bench))
        bench.settings.removeState()
        let run = try bench.tidings.runOnce(bench.settings)
        ours.append(Double(bench.files) / run.seconds)
        peaks.append(Double(run.peakMemoryBytes) / 1e6)
        let lines = try bench.settings.publishedLines()
        guard lines >= bench.files else { throw BenchError("\(lines) lines published for \(bench.files) files") }
    }
    let (our, limit) = (median(ours), median(limits))
    return [
        Figure(
            name: "files, of the rate of bare inserts", value: our / limit, unit: "x", target: .atLeast(0.4),
            note: "\(decimal(our)) of \(decimal(limit)) a second"),
        Figure(name: "peak memory", value: peaks.max() ?? 0, unit: "MB", target: .atMost(150)),
    ]
}

/// Texts that are made at a time. Few, because a child process inherits the peak memory of the one that started it (`maxrss`
/// outlives exec), and that of tidings is measured.
private let textsAtATime = 8 * RawInserts.rowsPerTransaction

/// - Returns: rows a second.
private func insertTexts(_ bench: Workbench) throws -> Double {
    let database = "\(bench.path)/raw.db"
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) } }
    let inserts = try RawInserts(path: database)
    var time = 0.0
    for start in stride(from: 0, to: bench.files, by: textsAtATime) {
        // Made while the clock stands still: the limit is inserts only.
        let texts = (start..<min(start + textsAtATime, bench.files)).map { number in
            let text = SampleText.article(number)
            return (hash: ContentHash.of(text).bytes, text: text)
        }
        time += try seconds { try inserts.insert(texts[...]) }
    }
    return Double(bench.files) / time
}
