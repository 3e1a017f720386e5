/// A parser, and what must hold of whatever it is given.
enum Target: String, CaseIterable {
    case feeds, json, html, safeHTML = "safe-html", markdown, text, charset, dates, urls, http, opml, robots

    /// Short inputs are also read repeated to this length, some of them: work that grows with the square of the length
    /// shows only in long ones, which a fuzzer seldom makes.
    private static let repeatedBytes = 256 * 1024
    private static let shortBytes = 64

    func read(_ bytes: [UInt8]) {
        check(bytes)
        let number = checksum(bytes)
        guard (1...Self.shortBytes).contains(bytes.count), number % 1024 == 0 else { return }
        // Behind a beginning that stays as it is: the start tag, the quote, the label.
        let start = number / 1024 % bytes.count
        let times = Self.repeatedBytes / (bytes.count - start)
        check(Array(bytes[..<start]) + repeatElement(bytes[start...], count: times).joined())
    }

    private func check(_ bytes: [UInt8]) {
        switch self {
        case .feeds: checkFeed(bytes)
        case .json: checkJSON(bytes)
        case .html: checkPage(bytes)
        case .safeHTML: checkSafeHTML(bytes)
        case .markdown: checkArticle(bytes, fileName: "article.md")
        case .text: checkArticle(bytes, fileName: "article.txt")
        case .charset: checkCharset(bytes)
        case .dates: checkDates(bytes)
        case .urls: checkURLs(bytes)
        case .http: checkFields(bytes)
        case .opml: checkSubscriptions(bytes)
        case .robots: checkRobots(bytes)
        }
    }
}

/// A number that depends on each byte, the same in each run (FNV-1a), for choices that an input can be repeated with.
func checksum(_ bytes: [UInt8]) -> Int {
    Int(truncatingIfNeeded: bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } >> 8)
}

/// Ends the program, for libFuzzer to keep the input.
func require(_ holds: Bool, _ claim: @autoclosure () -> String) {
    guard holds else { fatalError(claim()) }
}

func requireEqual<Value: Equatable>(_ left: Value, _ right: Value, _ claim: String) {
    require(left == right, "\(claim)\n\(left)\n\(right)")
}

/// The first line of an input and the rest of it, for parsers that are given two things.
func cut(_ bytes: [UInt8]) -> (line: String, rest: [UInt8]) {
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
    return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes.dropFirst(end + 1)))
}
