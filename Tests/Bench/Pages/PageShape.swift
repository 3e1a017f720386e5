import Foundation

/// Pages that are made to be slow: what is looked up once for each element, attribute or level takes quadratic time on one of them.
enum PageShape: String, CaseIterable {
    case nested, unclosed, attributes, siblings, paragraphs

    /// A page with `count` of what it is named after.
    func page(_ count: Int) -> [UInt8] {
        let text = Array("A sentence of some words, with a comma in it.".utf8)
        var page = Array("<!DOCTYPE html><html><head><title>A page</title></head><body><h1>A page</h1>".utf8)
        func repeated(_ piece: String) -> [UInt8] { Array(repeatElement(Array(piece.utf8), count: count).joined()) }
        switch self {
        case .nested: page += repeated("<div>") + text + repeated("</div>")
        case .unclosed: page += repeated("<div class=\"teaser\"><b>a ")
        case .attributes:
            page += Array("<p".utf8)
            for number in 0..<count { page += " a\(number)=\"\(number)\"".utf8 }
            page += Array(">".utf8) + text + Array("</p>".utf8)
        case .siblings: page += repeated("<i>a</i>")
        case .paragraphs: page += repeated("<div class=\"teaser\"><a href=\"/a\">A link</a><p>A sentence of some words.</p></div>")
        }
        return page + Array("</body></html>".utf8)
    }
}

/// How many times longer a page takes that is four times as large.
func measureGrowth(_ shape: PageShape, _ count: Int, rounds: Int) throws -> Figure {
    let times = try [count, 2 * count, 4 * count].map { count in
        let page = shape.page(count)
        return median(try (0..<rounds).map { _ in try processorSeconds { try readPage(page) } })
    }
    let message = times.map { "\(decimal($0 * 1e3))" }.joined(separator: ", ")
    return Figure(
        name: "4 × \(count) \(shape.rawValue), of \(count)", value: times[2] / times[0], unit: "x", target: .atMost(6),
        note: "\(message) ms at 1, 2, 4 ×")
}

/// The most memory that `tidings parse` takes for one page of paragraphs between links.
///
/// To be called while this process is small: the kernel counts what a process was before exec as its own, and a process that is
/// spawned is its parent until then (`ru_maxrss` of Linux, exec_mmap).
func measurePageMemory(_ tidings: Program, megabytes: Int) throws -> Figure {
    let file = FileManager.default.temporaryDirectory.appending(path: "tidings-bench-\(getpid()).html")
    defer { try? FileManager.default.removeItem(at: file) }
    try writeLargePage(to: file, bytes: megabytes * 1_000_000)
    let start = ContinuousClock.now
    let process = try ChildProcess(tidings.path, ["tidings", "parse", file.path], [], isSilent: true, isOutputSilent: true)
    let end = try process.wait()
    let time = (ContinuousClock.now - start).inSeconds
    guard end.status == 0 else { throw BenchError("tidings parse ended with \(end.status)") }
    let own = try ownPeakMemoryBytes()
    guard end.peakMemoryBytes > own else { throw BenchError("this process was larger than tidings parse, and hides its peak") }
    return Figure(
        name: "peak of tidings parse, \(megabytes) MB page", value: Double(end.peakMemoryBytes) / 1e6, unit: "MB",
        note: "\(decimal(time)) s; this process had \(decimal(Double(own) / 1e6)) MB")
}

/// Of the memory that this process has, not of what it was before exec.
private func ownPeakMemoryBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) << 10
}

/// News with a list of links after each article, all as one page. Written article by article, so that this process stays small.
private func writeLargePage(to file: URL, bytes: Int) throws {
    let start = "<!DOCTYPE html><html><head><title>A large page</title></head><body><main><h1>A large page</h1>"
    try Data(start.utf8).write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    var written = try Int(handle.seekToEnd())
    var number = 0
    while written < bytes {
        var piece: [UInt8] = []
        for line in SampleText.article(number).split(separator: UInt8(ascii: "\n")) {
            piece += Array("<p class=\"text\">".utf8) + line + Array("</p>\n".utf8)
        }
        piece += Array("<ul class=\"more\"><li><a href=\"/\(number)\">More of number \(number)</a></li></ul>\n".utf8)
        try handle.write(contentsOf: piece)
        written += piece.count
        number += 1
    }
    try handle.write(contentsOf: Data("</main></body></html>".utf8))
}
