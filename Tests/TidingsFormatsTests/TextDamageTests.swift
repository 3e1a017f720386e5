import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct TextDamageTests {
    private static func problems(_ bytes: [UInt8], _ fileName: String) throws -> [String] {
        try readDocument(bytes, hints: DocumentHints(fileName: fileName)).problems.map(\.message)
    }

    private static func page(_ language: String, _ text: [UInt8]) -> [UInt8] {
        Array("<!doctype html><html lang=\(language)><title>x</title><p>".utf8) + text
    }

    @Test("a page without a declaration is read in the charset of its language, and says so", arguments: [
        ("ru", [0xCF, 0xEE, 0xF0, 0xF2], "Порт", "windows-1251"), ("ja", [0x93, 0xFA, 0x96, 0x7B], "日本", "shift_jis"),
        ("ja", [0xC6, 0xFC, 0xCB, 0xDC], "日本", "euc-jp"), ("ko-KR", [0xC7, 0xD1], "한", "euc-kr"),
        ("zh-CN", [0xB8, 0xDB], "港", "gb18030"), ("zh-TW", [0xB4, 0xE4], "港", "big5"), ("pl", [0xB1], "ą", "iso-8859-2"),
        ("pl", [0x84, 0xB9], "„ą", "windows-1250"), ("ar", [0xE3], "م", "windows-1256"), ("de", [0x84, 0xE4], "„ä", "windows-1252"),
        ("ko", [0xC7, 0xD1, 0xFF, 0x20], "ÇÑÿ ", "windows-1252"),
    ] as [(String, [UInt8], String, String)])
    func guesses(language: String, bytes: [UInt8], text: String, charset: String) {
        let decoded = Charset.decode(Self.page(language, bytes), contentType: nil)
        #expect(String(decoding: decoded.utf8, as: UTF8.self).hasSuffix(text))
        #expect(decoded.charset == charset)
        #expect(decoded.guess?.contains("read as \(charset)") == true)
    }

    @Test("no guess stands over a declaration that fits")
    func declared() {
        let bytes = Self.page("ru", [0xCF, 0xEE])
        #expect(Charset.decode(bytes, contentType: "text/html; charset=koi8-r").charset == "koi8-r")
        #expect(Charset.decode(bytes, contentType: "text/html; charset=koi8-r").guess == nil)
    }

    @Test("UTF-8 that was read as windows-1252 is counted", arguments: [
        ("cafÃ© and crÃ¨me", 2), ("itâ€™s late", 1), ("Ð¿Ð¾Ñ\u{80}Ñ‚", 3), ("itâ\u{80}\u{99}s late", 1), ("5Â£ ", 1), ("ðŸ˜€", 1),
        // A letter before a mark is none.
        ("CAFÉ” and IRMÃ…", 0), ("„Spaß“", 0), ("allé…”", 0), ("« café\u{A0}»", 0), ("PŘÍŽENÍ", 0), ("naïve résumé", 0),
        ("Fähre, crème, ñandú", 0), ("порт", 0), ("", 0), ("Ã", 0),
    ])
    func mojibake(text: String, count: Int) {
        #expect(Mojibake.count(Array(text.utf8)) == count)
    }

    @Test("a document is marked, its text stays, and a sound one is not marked", arguments: ["a.txt", "a.html", "a.xml", "a.json"])
    func marks(fileName: String) throws {
        func document(_ text: String) -> [UInt8] {
            switch fileName {
            case "a.html": Array("<!doctype html><meta charset=utf-8><title>Tide</title><script>'Ã©'</script><p>\(text)".utf8)
            case "a.xml": Array("<rss version='2.0'><channel><item><title>\(text)</title></item></channel></rss>".utf8)
            case "a.json": Array("{\"title\": \"Tide\", \"text\": \"\(text)\"}".utf8)
            default: Array(text.utf8)
            }
        }
        #expect(try Self.problems(document("The café is open"), fileName).isEmpty)
        #expect(try Self.problems(document("The cafÃ© is open"), fileName) == [
            "1 characters look like UTF-8 that was read as windows-1252 (“Ã©” for “é”)"
        ])
        #expect(try Self.problems(document("The caf\u{FFFD} is open"), fileName) == [
            "1 characters were lost before the document came here (U+FFFD)"
        ])
        let items = try readDocument(document("The cafÃ© is open"), hints: DocumentHints(fileName: fileName)).items
        #expect(items.first.map { ($0.title ?? "") + $0.text }?.contains("The cafÃ© is open") == true)
    }
}
