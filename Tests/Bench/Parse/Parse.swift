import CBenchXML
import Foundation
import TidingsCore
import TidingsFormats

/// A large RSS file into items, text and all, against libxml2's SAX parse of the same bytes with nothing behind it; beside what
/// else is installed that reads feeds.
func measureParse(_ bench: Workbench, bytes size: Int, python: String) throws -> [Figure] {
    var figures: [Figure] = []
    for body in SampleFeed.Body.allCases {
        let bodyBytes = 6_000
        let document = SampleFeed.rss(0..<(size / bodyBytes + 1), body: body, bodyBytes: bodyBytes)
        let file = "\(bench.path)/large.xml"
        try Data(document).write(to: URL(filePath: file))
        // Not measured: memory that is touched for the first time costs more than the parse.
        try countEvents(document)
        let known = Set(try readItems(document, known: [], atLeast: size / bodyBytes).map(\.rawHash))
        var ours: [Double] = []
        var oursAgain: [Double] = []
        var limits: [Double] = []
        for _ in 0..<bench.rounds {
            limits.append(try rate(document) { try countEvents(document) })
            ours.append(try rate(document) { try readItems(document, known: [], atLeast: size / bodyBytes) })
            oursAgain.append(try rate(document) { try readItems(document, known: known, atLeast: size / bodyBytes) })
        }
        let (our, again, limit) = (median(ours), median(oursAgain), median(limits))
        let message = "of \(decimal(limit)) MB/s, \(decimal(Double(document.count) / 1e6)) MB"
        figures += [
            Figure(
                name: "\(body.rawValue), of libxml2's SAX", value: our / limit, unit: "x", target: .atLeast(0.5),
                note: "\(decimal(our)) \(message)"),
            Figure(
                name: "\(body.rawValue), texts known, of the SAX", value: again / limit, unit: "x",
                note: "\(decimal(again)) \(message)"),
        ]
        for (peer, seconds) in try peers(file, rounds: bench.rounds, python: python) {
            let theirs = Double(document.count) / 1e6 / seconds
            figures.append(
                Figure(
                    name: "\(body.rawValue), of \(peer)", value: our / theirs, unit: "x", target: .atLeast(1),
                    note: "\(decimal(our)) to \(decimal(theirs)) MB/s"))
        }
    }
    return figures
}

/// Megabytes a second.
private func rate(_ document: [UInt8], _ body: () throws -> Void) rethrows -> Double {
    Double(document.count) / 1e6 / (try seconds(body))
}

private func countEvents(_ document: [UInt8]) throws {
    let count = unsafe document.withUnsafeBytes { unsafe bench_sax_count($0.baseAddress, $0.count) }
    guard count > 0 else { throw BenchError("libxml2 does not read the document") }
}

/// - Parameter known: raw hashes of items whose texts the ledger has: what a poll of a feed with little news is.
@discardableResult
private func readItems(_ document: [UInt8], known: Set<ContentHash>, atLeast count: Int) throws -> [Item] {
    let hints = DocumentHints(
        contentType: "application/rss+xml", baseURL: "https://news.example/feed", expectsFeed: true, knownRawHashes: known)
    let items = try readDocument(document, hints: hints).items
    guard items.count >= count, items.allSatisfy({ $0.text.isEmpty != $0.isTextDerived }) else {
        throw BenchError("items were lost")
    }
    return items
}

/// The time of each program that is installed; of the Python packages without Python's start.
private func peers(_ file: String, rounds: Int, python: String) throws -> [(name: String, seconds: Double)] {
    var times: [(String, Double)] = []
    // It reads standard input, which takes a shell; its start is some hundredths of its time.
    let sfeed = ["-c", "command -v sfeed > /dev/null && sfeed < \"$0\" > /dev/null", file]
    let rounds = 0..<rounds
    let sfeedTimes = try rounds.compactMap { _ in
        var end = CapturedRun.End.overdue
        let time = try seconds { end = try CapturedRun("sh", sfeed, limitSeconds: 60).end }
        return end == .exit(status: 0) ? time : nil
    }
    if !sfeedTimes.isEmpty { times.append(("sfeed", median(sfeedTimes))) }
    for name in ["feedparser-rs", "fastfeedparser"] {
        let peer = PythonParser(name: name, python: python)
        guard peer.isInstalled, let time = try peer.secondsToParse(file, rounds: rounds.count) else { continue }
        times.append((name, time))
    }
    return times
}
