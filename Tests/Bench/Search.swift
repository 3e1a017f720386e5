import Foundation
import TestSupport
import TidingsStore

/// The search index over as many articles as there are files, in five scripts: how long a query takes, how large the index is, how
/// long the daemon needs to make it anew, and whether it finds what a plain scan of the texts finds.
func measureSearch(_ bench: Workbench) throws -> [Figure] {
    let settings = Settings(name: "search", folder: "\(bench.path)/search", in: bench.path)
    let texts = ScriptTexts(vocabulary: vocabulary)
    defer {
        settings.removeState()
        try? FileManager.default.removeItem(atPath: settings.folder)
    }
    let bytes = try writeArticles(texts, bench.files, below: settings.folder)
    try settings.write(isSearchable: true)
    _ = try bench.tidings.runOnce(settings)

    let path = "\(settings.state)/db/search.db"
    let ledger = try LedgerReader(path: "\(settings.state)/db/tidings.db")
    let rebuilding = try rebuild(bench.tidings, settings, path, ledger)
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0

    let index = try SearchIndex(path: path, ledger: ledger)
    let scan = (0..<bench.files).map { ScriptTexts.folded(texts.article($0)).utf8CString }
    var times: [Double] = []
    var (expected, found, wrong) = (0, 0, 0)
    for number in 0..<queries {
        let query = texts.query(number, of: bench.files)
        guard let words = SearchWords(query.text) else { throw BenchError("no query: \(query.text)") }
        times.append(try seconds { _ = try index.search(words) })
        var filter = SearchFilter()
        filter.limit = bench.files
        let hits = try index.search(words, filter).hits
        let numbers = Set(hits.compactMap { $0.title?.split(separator: " ").last.flatMap { Int($0) } })
        let needles = query.needles.map(\.utf8CString)
        let those = Set(scan.indices.filter { article in needles.allSatisfy { contains(scan[article], $0) } })
        expected += those.count
        found += those.intersection(numbers).count
        wrong += numbers.subtracting(those).count
    }
    times.sort()
    let note = "\(queries) queries in five scripts over \(bench.files) articles"
    return [
        Figure(name: "a query, p50", value: times[times.count / 2] * 1_000, unit: "ms", target: .atMost(10), note: note),
        Figure(name: "a query, p99", value: times[times.count * 99 / 100] * 1_000, unit: "ms", target: .atMost(200)),
        Figure(
            name: "index, of the texts", value: Double(size) / Double(bytes), unit: "x", target: .atMost(1),
            note: "\(decimal(Double(size) / 1e6)) of \(decimal(Double(bytes) / 1e6)) MB"),
        Figure(name: "to make it anew", value: rebuilding, unit: "s", note: "\(decimal(Double(bench.files) / rebuilding)) articles a second"),
        Figure(
            name: "recall", value: Double(found) / Double(max(1, expected)), unit: "x", target: .atLeast(1),
            note: "\(found) of \(expected) that a plain scan finds, and \(wrong) that it does not"),
    ]
}

private let queries = 200
/// Of each script; about as many as a newspaper uses in a year.
private let vocabulary = 50_000

/// - Returns: the bytes of all texts.
private func writeArticles(_ texts: ScriptTexts, _ count: Int, below folder: String) throws -> Int {
    var bytes = 0
    for number in 0..<count {
        let part = "\(folder)/\(number / 1_000)"
        if number % 1_000 == 0 { try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true) }
        let article = texts.article(number)
        // JSON, so that nothing is taken for anything but title and text.
        let data = try JSONSerialization.data(withJSONObject: ["id": "\(number)", "title": article.title, "content_text": article.text])
        try data.write(to: URL(filePath: "\(part)/article-\(number).json"))
        bytes += article.title.utf8.count + article.text.utf8.count
    }
    return bytes
}

/// Removes the index, starts the daemon, and waits until it has made the index anew.
private func rebuild(_ program: Program, _ settings: Settings, _ path: String, _ ledger: LedgerReader) throws -> Double {
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    let daemon = try RunningDaemon(program, settings)
    let start = ContinuousClock.now
    while true {
        if let index = try? SearchIndex(path: path, ledger: ledger), try index.lag() == 0 { break }
        usleep(20_000)
    }
    let seconds = (ContinuousClock.now - start).inSeconds
    try daemon.process.stop()
    return seconds
}

/// Both end with a zero.
private func contains(_ text: ContiguousArray<CChar>, _ needle: ContiguousArray<CChar>) -> Bool {
    unsafe text.withUnsafeBufferPointer { text in
        unsafe needle.withUnsafeBufferPointer { needle in
            guard let text = text.baseAddress, let needle = needle.baseAddress else { return false }
            return unsafe strstr(text, needle) != nil
        }
    }
}
