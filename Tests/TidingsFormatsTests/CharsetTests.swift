import Testing
import TidingsCore

@testable import TidingsFormats

/// `text` in UTF-16, the low byte first, without a mark.
func utf16LittleEndian(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    return bytes
}

@Suite struct CharsetTests {
    @Test("the charset is that of the mark, the HTTP field, the document, UTF-8, windows-1252, in this order", arguments: [
        ("a mark before all", [0xEF, 0xBB, 0xBF, 0xC3, 0xA9], "text/plain; charset=windows-1251", "é", "utf-8"),
        ("UTF-16 by its mark", [0xFE, 0xFF, 0x00, 0xE9], nil, "é", "utf-16be"),
        ("UTF-16 by its mark", [0xFF, 0xFE, 0xE9, 0x00], nil, "é", "utf-16le"),
        ("the HTTP field", [0xEF], "text/plain; charset=windows-1251", "п", "windows-1251"),
        ("the HTTP field in quotes", [0xEF], "text/plain; Charset=\"CP1251\"", "п", "windows-1251"),
        ("a code page by another of its names", [0x80], "text/plain; charset=cp_is", "Ç", "ibm861"),
        ("a charset that the C library lacks", [0x41, 0x80], "text/plain; charset=macgreek", "AÄ", "x-mac-greek"),
        ("markup in ASCII is not in EBCDIC", Array("<a>".utf8), "text/xml; charset=cp500", "<a>", "utf-8"),
        ("Kazakhstan's standard", [0x8D], "text/plain; charset=KZ-1048", "Қ", "kz-1048"),
        ("latin1 means windows-1252", [0x93], "text/plain; charset=latin1", "“", "windows-1252"),
        ("a field that is wrong gives way to UTF-8", [0xC3, 0xA9], "text/plain; charset=us-ascii", "é", "utf-8"),
        ("a field that means nothing", [0xC3, 0xA9], "text/plain; charset=none-such", "é", "utf-8"),
        ("UTF-8 where nothing is said", [0xC3, 0xA9], nil, "é", "utf-8"),
        ("windows-1252 where it is not UTF-8", [0xE9, 0x20, 0x96], nil, "é –", "windows-1252"),
        ("several bytes a character", [0x93, 0xFA, 0x96, 0x7B], "text/plain; charset=shift_jis", "日本", "shift_jis"),
        ("a charset that the bytes contradict gives way to UTF-8", [0xC3, 0xA9], "text/plain; charset=iso-2022-jp", "é", "utf-8"),
        ("numbers that are no characters", [0, 0xD8, 0x41, 0x41], "text/plain; charset=iso-10646", "\0ØAA", "windows-1252"),
        ("GB 2312 means GBK", [0x96, 0xCE], "text/plain; charset=gb2312", "栁", "gbk"),
    ] as [(String, [UInt8], String?, String, String)])
    func order(rule: String, bytes: [UInt8], contentType: String?, text: String, charset: String) {
        let decoded = Charset.decode(bytes, contentType: contentType)
        #expect(String(decoding: decoded.utf8, as: UTF8.self) == text)
        #expect(decoded.charset == charset)
    }

    @Test("documents declare their charset themselves", arguments: [
        ("<?xml version='1.0' encoding='koi8-r'?>", "koi8-r"),
        ("<?xml encoding = \"Windows-1251\" ?>", "windows-1251"),
        ("<html><meta charset=iso-8859-2>", "iso-8859-2"),
        ("<html><meta http-equiv=\"Content-Type\" content=\"text/html; charset=big5\">", "big5"),
        ("<!-- <meta charset=big5> --><meta charset='euc-kr'>", "euc-kr"),
        ("<p title=\"<meta charset=big5>\"><meta charset='euc-kr'>", "euc-kr"),
        ("<meta charset=''><meta charset='euc-kr'>", "euc-kr"),
        ("<meta content='text/html; charset=big5'>", nil),
        ("<metacharset=big5>", nil),
        ("<p>", nil),
        // A picture in a page has a declaration of its own.
        ("<!DOCTYPE html><meta charset=euc-kr><a><?xml version='1.0' encoding='iso-8859-1'?><svg>", "euc-kr"),
        ("<b>Warning</b> <?xml version='1.0' encoding='koi8-r'?><rss>", "koi8-r"),
        ("<meta charset=x-user-defined>", "windows-1252"),
    ] as [(String, String?)])
    func declaration(text: String, charset: String?) {
        #expect(CharsetDeclaration.find(in: Array(text.utf8)).flatMap(CharsetLabels.name(of:)) == charset)
    }

    @Test("a feed in another charset is read, by its declaration, its field or its mark")
    func feeds() throws {
        let text = "<rss version='2.0'><channel><item><title>порт</title></item></channel></rss>"
        let cyrillic: [UInt8] = [0xEF, 0xEE, 0xF0, 0xF2]
        var bytes = Array("<?xml version='1.0' encoding='windows-1251'?><rss version='2.0'><channel><item><title>".utf8)
        bytes += cyrillic + Array("</title></item></channel></rss>".utf8)
        let declared = try readDocument(bytes, hints: DocumentHints(fileName: "a.xml"))
        #expect(declared.items.first?.title == "порт")
        #expect(declared.charset == "windows-1251")

        let wide = [0xFF, 0xFE] + utf16LittleEndian(text)
        #expect(try readDocument(wide, hints: DocumentHints()).items.first?.title == "порт")
        // Without the mark, markup shows its width by itself.
        #expect(try readDocument(Array(wide.dropFirst(2)), hints: DocumentHints()).charset == "utf-16le")
    }

    @Test("one bad byte in a long text of a legacy charset is damage too")
    func legacyDamage() {
        let bytes = [UInt8](repeating: 0x41, count: 3000) + [0x93, 0xFA, 0xFF, 0x96, 0x7B]
        let decoded = Charset.decode(bytes, contentType: "text/plain; charset=shift_jis")
        #expect(decoded.charset == "shift_jis")
        #expect(String(decoding: decoded.utf8, as: UTF8.self).hasSuffix("A日\u{FFFD}本"))
    }

    @Test("one bad byte in a long text is damage and not another charset")
    func damage() {
        var bytes = Array(String(repeating: "Die Fähre fährt früh. ", count: 100).utf8)
        bytes.insert(0xFF, at: 500)
        let decoded = Charset.decode(bytes, contentType: nil)
        #expect(decoded.charset == "utf-8")
        #expect(decoded.problems == [Problem("1 byte sequences are not UTF-8 and were replaced")])
        #expect(String(decoding: decoded.utf8, as: UTF8.self).contains("\u{FFFD}"))
    }
}
