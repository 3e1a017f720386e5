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
        return median(try (0..<rounds).map { _ in try seconds { try readPage(page) } })
    }
    let message = times.map { "\(decimal($0 * 1e3))" }.joined(separator: ", ")
    return Figure(
        name: "4 × \(count) \(shape.rawValue), of \(count)", value: times[2] / times[0], unit: "x", target: .atMost(6),
        note: "\(message) ms at 1, 2, 4 ×")
}

/// The most memory that `tidings parse` takes for one page of paragraphs between links.
func measurePageMemory(_ tidings: Program, megabytes: Int) throws -> Figure {
    let file = FileManager.default.temporaryDirectory.appending(path: "tidings-bench-\(getpid()).html")
    defer { try? FileManager.default.removeItem(at: file) }
    func peak(_ page: [UInt8]) throws -> Double {
        try Data(page).write(to: file)
        let process = try ChildProcess(tidings.path, ["tidings", "parse", file.path], [], isSilent: true, isOutputSilent: true)
        let end = try process.wait()
        guard end.status == 0 else { throw BenchError("tidings parse ended with \(end.status)") }
        return Double(end.peakMemoryBytes) / 1e6
    }
    let small = try peak(largePage(bytes: 10_000))
    let page = largePage(bytes: megabytes * 1_000_000)
    let start = ContinuousClock.now
    let large = try peak(page)
    let time = (ContinuousClock.now - start).inSeconds
    return Figure(
        name: "peak of tidings parse, \(megabytes) MB page", value: large, unit: "MB",
        note: "\(decimal((large - small) / Double(megabytes))) bytes a byte; \(decimal(small)) MB for 10 kB; \(decimal(time)) s")
}

/// News with a list of links after each article, all as one page.
private func largePage(bytes: Int) -> [UInt8] {
    var page = Array("<!DOCTYPE html><html><head><title>A large page</title></head><body><main><h1>A large page</h1>".utf8)
    page.reserveCapacity(bytes + 10_000)
    var number = 0
    while page.count < bytes {
        for line in SampleText.article(number).split(separator: UInt8(ascii: "\n")) {
            page += Array("<p class=\"text\">".utf8) + line + Array("</p>\n".utf8)
        }
        page += Array("<ul class=\"more\"><li><a href=\"/\(number)\">More of number \(number)</a></li></ul>\n".utf8)
        number += 1
    }
    return page + Array("</main></body></html>".utf8)
}
