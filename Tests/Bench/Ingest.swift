import Foundation
import TidingsCore

/// The first ingest of a tree, from the start of the process to its exit with every line published, against bare inserts of
/// the same texts.
func measureIngest(_ bench: Workbench) throws -> [Figure] {
    try bench.makeTree()
    try bench.settings.write()
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

/// - Returns: rows a second.
private func insertTexts(_ bench: Workbench) throws -> Double {
    let database = "\(bench.path)/raw.db"
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) } }
    // Made before the clock runs: the limit is inserts only.
    let texts = (0..<bench.files).map { number in
        let text = SampleText.article(number)
        return (hash: ContentHash.of(text).bytes, text: text)
    }
    let inserts = try RawInserts(path: database)
    return Double(bench.files) / (try seconds { try inserts.insert(texts[...]) })
}
