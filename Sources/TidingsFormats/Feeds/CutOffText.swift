import TidingsCore

/// Whether what a feed gives of an article ends before the article does: with an ellipsis, with the words "read more", or with a link
/// to the article's own page. The text keeps such an ending; this only notices it.
enum CutOffText {
    /// As much of the end of a text or of its HTML as is examined.
    private static let endBytes = 4096

    /// - Parameters:
    ///   - item: with its text, title and address.
    ///   - html: the body, if it is HTML.
    static func isCutOff(_ item: Item, html: [UInt8]?, base: String?) -> Bool {
        var text = item.text
        let end = text.withUTF8 { unsafe [UInt8]($0.suffix(endBytes)) }
        let line = lastLine(end, title: item.title)
        guard !line.isEmpty else { return false }
        if LineEnding(end, line) == .ellipsis || endsWithMore(end, line) { return true }
        guard let html, let url = item.url else { return false }
        return endsWithLink(Array(html.suffix(endBytes)), to: url, title: item.title, base: base)
    }

    /// The last line that is the article's: programs write "The post TITLE appeared first on SITE" below it.
    private static func lastLine(_ text: [UInt8], title: String?) -> Range<Int> {
        let last = lineStart(text, before: text.count)..<text.count
        guard let title, !title.isEmpty, last.lowerBound > 0, last.count <= title.utf8.count + footerBytes,
            contains(text[last], title.utf8)
        else { return last }
        let end = last.lowerBound - 1
        return lineStart(text, before: end)..<end
    }

    private static let footerBytes = 120

    private static func contains(_ line: ArraySlice<UInt8>, _ title: String.UTF8View) -> Bool {
        guard let first = title.first else { return true }
        var rest = line
        while let start = rest.firstIndex(of: first), rest.endIndex - start >= title.count {
            if rest[start...].starts(with: title) { return true }
            rest = rest[(start + 1)...]
        }
        return false
    }

    private static func lineStart(_ text: [UInt8], before end: Int) -> Int {
        text[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }

    // MARK: Words

    /// Whether the last sentence of a line is "Read more", "Continue reading A bell for the harbour" or the like.
    private static func endsWithMore(_ text: [UInt8], _ line: Range<Int>) -> Bool {
        var end = line.upperBound
        while end > line.lowerBound, isSign(text[end - 1]) { end -= 1 }
        var start = end
        while start > line.lowerBound, end - start <= sentenceBytes, !endsSentence(text, start, in: line) { start -= 1 }
        guard end - start <= sentenceBytes else { return false }
        let words = Boilerplate.phrase(text, start..<end)
        if DigestEntry.morePhrases.contains(words) || furtherPhrases.contains(words) { return true }
        return LineEnding(text, line) == .open && beginnings.contains { words.hasPrefix($0) }
    }

    private static let sentenceBytes = 120

    private static func isSign(_ byte: UInt8) -> Bool { byte < 0x80 && !byte.isASCIILetter && !byte.isASCIIDigit }

    /// Whether something ends right before `position`.
    private static func endsSentence(_ text: [UInt8], _ position: Int, in line: Range<Int>) -> Bool {
        switch text[position - 1] {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: ":"):
            return true
        case ..<0x80: return false
        default: break
        }
        guard position - line.lowerBound >= 3 else { return false }
        let sign = text[(position - 3)..<position]
        return sign.elementsEqual("…".utf8) || sign.elementsEqual("。".utf8) || sign.elementsEqual("।".utf8)
    }

    private static let furtherPhrases: Set<String> = [
        "read on", "read full article", "read full story", "read the full article", "read the full post", "read the rest", "read it all",
        "read the rest of this entry", "full article", "view full post", "keep reading", "click here to read more",
    ]
    private static let beginnings = ["continue reading ", "read more ", "read the full ", "read the rest of ", "lire la suite ", "weiterlesen "]

    // MARK: Links

    /// Whether the last words of `html` are a link to `url`.
    private static func endsWithLink(_ html: [UInt8], to url: String, title: String?, base: String?) -> Bool {
        guard let link = lastLink(html), let href = link.attribute("href", in: html) else { return false }
        let target = URI.resolve(String(repairing: href), against: base)
        // The comments of an article are not its rest.
        guard URI(target).fragment == nil, let page = CanonicalURL.of(url), CanonicalURL.of(target) == page else { return false }
        let words = Array(html[link.range.upperBound...])
        guard let close = words.positionIgnoringCase(of: "</a", in: 0..<words.count) else { return false }
        let linked = HTMLText.text(ofFragment: Array(words[..<close]))
        return hasLetters(linked) && linked != title && !hasLetters(HTMLText.text(ofFragment: Array(words[close...])))
    }

    private static func lastLink(_ html: [UInt8]) -> FeedTag? {
        var end = html.count
        while let open = html[..<end].lastIndex(of: UInt8(ascii: "<")) {
            if let tag = FeedTag(html, at: open), tag.name == "a", !tag.isEnd, tag.isWhole { return tag }
            end = open
        }
        return nil
    }

    private static func hasLetters(_ text: String) -> Bool { text.unicodeScalars.contains { $0.properties.isAlphabetic } }
}
