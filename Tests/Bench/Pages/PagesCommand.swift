import ArgumentParser
import CBenchXML
import Foundation
import TidingsFormats

/// Measures the way from a page's bytes to its article.
struct PagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages",
        abstract: "Measure how fast pages become articles.",
        discussion: """
            The pages are the files below DIR whose names end in .html or .html.gz. Their bytes are read before anything is \
            measured. The limit is libxml2's HTML parser over the same bytes with nothing behind it, in turn with Tidings in the \
            same process: its SAX interface with handlers that count, and its tree. All of it is done by one thread, and times are \
            the processor's: other programs on the machine do not count.

            Before that the memory of one `tidings parse` over a large page, and after it pages made to be slow, of three sizes: \
            a figure of 4 is linear, one of 16 quadratic.

              tidings-bench pages ../corpus --python ../venv/bin/python
            """)

    @Argument(help: ArgumentHelp("Where pages are.", valueName: "dir"))
    var folder: String

    @Option(help: "How often each figure and its limit are measured in turn; the median counts.")
    var rounds = 3

    @Option(help: "The Python that has trafilatura, which is measured too where it is installed.")
    var python = "python3"

    @Option(help: "Of how many pages trafilatura gets one.")
    var peerStride = 8

    @Option(help: "The size of the large page, in MB.")
    var megabytes = 16

    @Option(help: "The smallest size of the pages made to be slow, in elements or attributes.")
    var elements = 100_000

    @Flag(help: "Write one JSON object per figure on standard output, and the table on standard error.")
    var json = false

    func validate() throws {
        guard [rounds, peerStride, megabytes, elements].allSatisfy({ $0 > 0 }) else {
            throw ValidationError("Numbers must be at least 1.")
        }
    }

    func run() throws {
        let tidings = try Program.besideThis()
        let output = BenchOutput(isJSON: json)
        let report = Report(output: output)
        report.begin()
        // First, because this process is small as yet.
        report.show("pages", [try measurePageMemory(tidings, megabytes: megabytes)])
        let pages = try readPages(below: folder)
        guard !pages.isEmpty else { throw ValidationError("\(folder): no .html or .html.gz below it.") }
        output.progress("\(pages.count) pages …")
        report.show("pages", try measurePages(pages, rounds: rounds))
        report.show("pages", try measurePeer(pages, every: peerStride, rounds: rounds, python: python))
        for shape in PageShape.allCases { report.show("pages", [try measureGrowth(shape, elements, rounds: rounds)]) }
    }
}

/// The pages' bytes, unpacked, in the order of their paths.
private func readPages(below folder: String) throws -> [[UInt8]] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return try all.sorted().compactMap { name in
        let path = "\(folder)/\(name)"
        if name.hasSuffix(".html") { return Array(try Data(contentsOf: URL(filePath: path))) }
        guard name.hasSuffix(".html.gz") else { return nil }
        let run = try CapturedRun("gzip", ["-dc", path], limitSeconds: 60)
        guard run.end == .exit(status: 0) else { throw BenchError("cannot unpack \(path): \(run.errors)") }
        return run.output
    }
}

private func measurePages(_ pages: [[UInt8]], rounds: Int) throws -> [Figure] {
    // Not measured: memory that is touched for the first time costs more than the parse.
    try timeToRead(pages)
    var (ours, sax, tree): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<rounds {
        sax.append(try processorSeconds { try pages.forEach(countHTMLEvents) })
        ours.append(try timeToRead(pages))
        tree.append(try processorSeconds { try pages.forEach(buildTree) })
    }
    let (our, limit, treeLimit) = (median(ours), median(sax), median(tree))
    let megabytes = pages.reduce(0) { $0 + Double($1.count) } / 1e6
    return [
        Figure(
            name: "page to article, of libxml2's SAX", value: limit / our, unit: "x", target: .atLeast(0.5),
            note: "\(decimal(megabytes / our)) of \(decimal(megabytes / limit)) MB/s, \(decimal(megabytes)) MB"),
        Figure(
            name: "page to article, of libxml2's tree", value: treeLimit / our, unit: "x",
            note: "\(decimal(megabytes / our)) of \(decimal(megabytes / treeLimit)) MB/s"),
        Figure(name: "page to article", value: Double(pages.count) / our, unit: "pages/s"),
    ]
}

/// One page of `stride`, read by both: by trafilatura once, because it takes minutes.
private func measurePeer(_ pages: [[UInt8]], every stride: Int, rounds: Int, python: String) throws -> [Figure] {
    let peer = "trafilatura"
    // Beside this source: it is not built.
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "peers/pages.py").path
    let check = try? CapturedRun(python, [script, "--check", peer], limitSeconds: 60)
    guard check?.end == .exit(status: 0) else { return [] }
    let some = Swift.stride(from: 0, to: pages.count, by: stride).map { pages[$0] }

    let folder = FileManager.default.temporaryDirectory.appending(path: "tidings-bench-pages-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var list = ""
    for (number, page) in some.enumerated() {
        let file = folder.appending(path: "\(number).html")
        try Data(page).write(to: file)
        list += file.path + "\n"
    }
    let listFile = folder.appending(path: "list")
    try Data(list.utf8).write(to: listFile)
    let run = try CapturedRun(python, [script, "--time", peer, listFile.path], limitSeconds: 3_600)
    guard let theirs = Double(String(decoding: run.output, as: UTF8.self).filter { !$0.isWhitespace }) else {
        throw BenchError("\(peer) gave no time: \(run.errors)")
    }
    let our = median(try (0..<rounds).map { _ in try timeToRead(some) })
    return [
        Figure(
            name: "page to article, of \(peer)", value: theirs / our, unit: "x", target: .atLeast(20),
            note: "\(decimal(Double(some.count) / our)) to \(decimal(Double(some.count) / theirs)) pages/s, \(some.count) pages")
    ]
}

/// Seconds of the processor that `body` takes.
func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
    func used() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = used()
    try body()
    return used() - start
}

/// What `tidings parse` does with the bytes of one file after the other, without writing what it sees.
@discardableResult
private func timeToRead(_ pages: [[UInt8]]) throws -> Double {
    try processorSeconds { for page in pages { try readPage(page) } }
}

/// - Throws: never for a page that is only broken: what can be read of it is the article.
func readPage(_ page: [UInt8]) throws {
    _ = try readDocument(page, hints: DocumentHints(fileName: "page.html"))
}

private func countHTMLEvents(_ page: [UInt8]) throws {
    let count = unsafe page.withUnsafeBytes { unsafe bench_html_sax_count($0.baseAddress, $0.count) }
    guard count > 0 else { throw BenchError("libxml2 finds nothing in a page") }
}

private func buildTree(_ page: [UInt8]) throws {
    let isBuilt = unsafe page.withUnsafeBytes { unsafe bench_html_tree($0.baseAddress, $0.count) }
    guard isBuilt != 0 else { throw BenchError("libxml2 builds no tree of a page") }
}
