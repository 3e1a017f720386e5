import TidingsCore

/// One article of a digest, as its lines give it.
struct DigestEntry {
    var headline: Range<Int>
    /// Dates and bylines between headline and teaser.
    var about: [TextLine] = []
    var teaser: [TextLine] = []
    var url: String?

    /// - Parameter seen: how often each title has occurred in the document so far.
    func item(_ utf8: [UInt8], seen: inout [String: Int]) -> Item {
        let title = foldedSpace(utf8[headline])
        let teaser = Array(self.teaser.map { utf8[$0.range] }.joined(separator: [0x0A]))
        let raw = String(decoding: utf8[headline], as: UTF8.self)
        var item = Item(rawHash: Item.rawHash(title: raw, body: teaser))
        item.title = title
        item.text = String(decoding: teaser, as: UTF8.self)
        item.url = url
        for line in about {
            if let date = Dateline(utf8, line.range)?.date { item.datePublished = item.datePublished ?? date }
            if let byline = Byline(utf8, line.range, allowsSingleNames: true) { item.authors = byline.authors }
        }
        // The title, not the position, makes the id: an article that comes in at the top renumbers nothing.
        let count = (seen[title] ?? 0) + 1
        seen[title] = count
        let id = hex(Array(ContentHash.of(Array(title.utf8)).bytes.prefix(8)))
        item.id = count == 1 ? id : "\(id)-\(count)"
        return item
    }

    /// The number in "2. Museum moves" and "2) Museum moves", and the words after it.
    static func number(_ utf8: [UInt8], _ headline: Range<Int>) -> (value: Int, rest: Range<Int>)? {
        var cursor = ByteCursor(utf8, headline)
        guard let value = cursor.number(digits: 1...3), cursor.skip(".") || cursor.skip(")"), cursor.next == 0x20 else {
            return nil
        }
        let rest = trimmed(utf8, cursor.position..<headline.upperBound)
        return rest.isEmpty ? nil : (value, rest)
    }

    /// The line "Read more", "Read more »" or "Read more: https://example.org/1" below a teaser.
    struct MoreLink {
        var url: String?

        init?(_ utf8: [UInt8], _ line: Range<Int>) {
            guard Self.isPossible(utf8, line) else { return nil }
            let end = utf8.positionIgnoringCase(of: "http", in: line) ?? line.upperBound
            guard end - line.lowerBound <= 60, morePhrases.contains(Boilerplate.phrase(utf8, line.lowerBound..<end)) else {
                return nil
            }
            guard end < line.upperBound else { return }
            guard !utf8[end..<line.upperBound].contains(0x20) else { return nil }
            url = String(decoding: utf8[end..<line.upperBound], as: UTF8.self)
        }

        /// Whether no space comes after the first 60 bytes, where such a line can have only its address. A line of prose has one there.
        static func isPossible(_ utf8: [UInt8], _ line: Range<Int>) -> Bool {
            line.count <= 500 && !utf8[line.dropFirst(60)].contains(0x20)
        }
    }

    static let morePhrases: Set<String> = [
        "read more", "read the full story", "full story", "continue reading", "more", "read article", "read the article",
        "читать далее", "читать полностью", "подробнее", "читати далі", "детальніше", "толығырақ", "mehr lesen", "weiterlesen",
        "mehr", "lire la suite", "en savoir plus", "leer más", "seguir leyendo", "leia mais", "saiba mais", "leggi tutto",
        "continua a leggere", "lees meer", "lees verder", "läs mer", "les mer", "læs mere", "czytaj więcej", "czytaj dalej",
        "číst dále", "tovább", "tovább olvasom", "devamını oku", "đọc thêm", "selengkapnya", "baca selengkapnya",
        "διαβάστε περισσότερα", "اقرأ المزيد", "ادامه مطلب", "קרא עוד", "阅读全文", "閱讀全文", "続きを読む", "더 보기", "อ่านเพิ่มเติม",
    ]
}
