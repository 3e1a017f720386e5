/// RSS 2.0 documents of articles that nobody wrote, as news sites write them.
enum SampleFeed {
    /// How an item brings its body.
    enum Body: String, CaseIterable {
        case cdata = "HTML in CDATA"
        case escaped = "escaped HTML"
        case plain = "plain text"
    }

    /// - Parameter numbers: of the articles, each of which is another one; of a feed's own if no other has them.
    static func rss(_ numbers: Range<Int>, body: Body, bodyBytes: Int) -> [UInt8] {
        var bytes = Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
            xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Valley News</title>
            <link>https://news.example/</link><description>What is new in the valley</description>

            """.utf8)
        for number in numbers { write(number, body, bodyBytes, into: &bytes) }
        bytes += Array("</channel></rss>\n".utf8)
        return bytes
    }

    private static func write(_ number: Int, _ body: Body, _ size: Int, into bytes: inout [UInt8]) {
        let address = "https://news.example/2026/\(number)/report.html"
        let day = ["Mon, 02", "Tue, 03", "Wed, 04", "Thu, 05", "Fri, 06"][number % 5]
        let paragraphs = SampleText.article(number, bytes: size).split(separator: UInt8(ascii: "\n"))
        bytes += Array("<item><title>".utf8) + (paragraphs.first ?? [])
        bytes += Array("</title><link>\(address)</link><guid isPermaLink=\"false\">article-\(number)</guid>".utf8)
        bytes += Array("<pubDate>\(day) Mar 2026 10:00:00 +0100</pubDate><dc:creator>A. Writer</dc:creator>".utf8)
        bytes += Array("<category>News</category><content:encoded>".utf8)
        switch body {
        case .plain: for paragraph in paragraphs.dropFirst() { bytes += paragraph + [UInt8(ascii: "\n")] }
        case .cdata: bytes += Array("<![CDATA[".utf8) + html(paragraphs.dropFirst(), number) + Array("]]>".utf8)
        case .escaped:
            for byte in html(paragraphs.dropFirst(), number) {
                switch byte {
                case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
                case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
                case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
                default: bytes.append(byte)
                }
            }
        }
        bytes += Array("</content:encoded></item>\n".utf8)
    }

    private static func html(_ paragraphs: ArraySlice<ArraySlice<UInt8>>, _ number: Int) -> [UInt8] {
        var html = Array("<figure><img src=\"/images/\(number).jpg\" alt=\"\"/></figure>".utf8)
        for paragraph in paragraphs {
            let third = paragraph.startIndex + paragraph.count / 3
            html += Array("<p>".utf8) + paragraph[..<third] + Array("<a href=\"/topics/\(number % 40)\">".utf8)
            // Typographic signs, as letters and as references: few of the bytes of news are not ASCII, but no text is without.
            html += paragraph[third..<(third + paragraph.count / 6)] + Array("</a> – &#8220;<em>café</em>&#8221;".utf8)
            html += paragraph[(third + paragraph.count / 6)...] + Array("&nbsp;</p>\n".utf8)
        }
        return html
    }
}
