import Testing

@testable import TidingsFormats

/// The loops that take eight bytes at a time, against plain ones that take one.
struct ByteScanTests {
    @Test("UTF-8 is valid for the check where it is for the standard library")
    func checksUTF8() {
        // The borders of all ranges of RFC 3629 §4, in every sequence of four, at the end of a text and in its middle.
        let bytes: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
            0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        var wrong: [[UInt8]] = []
        for first in bytes {
            for second in bytes {
                for third in bytes {
                    for fourth in bytes {
                        let text = [first, second, third, fourth]
                        if Self.check(text) != (String(validating: text, as: UTF8.self) != nil) { wrong.append(text) }
                    }
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test("a bad byte is found wherever it stands among ASCII, and text without one is told from ASCII", arguments: 0..<40)
    func checksPlaces(place: Int) {
        var text = [UInt8](repeating: UInt8(ascii: "x"), count: 40)
        #expect(Self.isASCII(text))
        text[place] = 0xFF
        #expect(!Self.check(text))
        text.replaceSubrange(place...place, with: Array("é".utf8))
        #expect(Self.check(text))
        #expect(!Self.isASCII(text))
        #expect(String(repairing: text) == String(decoding: text, as: UTF8.self))
    }

    @Test("what is not UTF-8 is repaired as the standard library does")
    func repairs() {
        let text = Array("caf".utf8) + [0xE9] + Array(" au lait, \u{1F4F0}".utf8) + [0xF0, 0x9F]
        #expect(String(repairing: text) == String(decoding: text, as: UTF8.self))
    }

    @Test("a scan stops at the first mark or control character, wherever it stands", arguments: 0..<24)
    func scans(place: Int) {
        let plain = Array("Words, with\ttabs and\nends".utf8.prefix(24))
        for mark in [UInt8(ascii: "<"), UInt8(ascii: "&"), 0xEF, 0x00, 0x0D, 0x1F] {
            var text = plain
            text[place] = mark
            let found = text.positionOfControl(or: UInt8(ascii: "<"), UInt8(ascii: "&"), 0xEF, in: text.indices)
            #expect(found == place)
        }
        #expect(plain.positionOfControl(or: 1, 2, 3, in: place..<24) == 24)
    }

    @Test("a run ends before white space that is to be folded", arguments: [
        ("one line of message with single spaces", 38), ("two spaces  here", 10), ("a space at the end ", 18),
        ("a space at the end of a line \nand more", 28), ("a tab\there", 5), ("no break\u{A0}space", 8),
        ("a space \u{A0}before one", 7), ("\nfirst", 6), ("x", 1), ("  ", 1), ("a  ", 1), ("é and ß are letters", 21),
        ("up to a <b>mark", 7),
    ])
    func runs(text: String, end: Int) {
        let bytes = Array(text.utf8)
        #expect(bytes.endOfFoldedRun(in: bytes.indices, or: UInt8(ascii: "<"), 0xC2, 0xC2) == end)
    }

    @Test("XML's own references are decoded up to what is another thing", arguments: [
        ("&lt;p&gt;Bread &amp;amp; butter&lt;/p&gt;", "<p>Bread &amp; butter</p>", ""), ("&quot;&apos;", "\"'", ""),
        ("a &lt", "a ", "&lt"), ("a &am", "a ", "&am"), ("&quo;", "", "&quo;"), ("R&D is long enough", "R", "&D is long enough"),
        ("eight by&lt;te", "eight by<te", ""), ("1234567&gt;", "1234567>", ""), ("tab\tand\nend\r\n", "tab\tand\nend", "\r\n"),
        ("caf&#233; and more", "caf", "&#233; and more"), ("", "", ""),
    ])
    func decodes(source: String, expected: String, rest: String) {
        let bytes = Array(source.utf8)
        var text = Array("before ".utf8)
        let stop = text.append(decoding: bytes, in: bytes.indices)
        #expect(String(decoding: text, as: UTF8.self) == "before " + expected)
        #expect(String(decoding: bytes[stop...], as: UTF8.self) == rest)
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool { unsafe bytes.withUnsafeBytes { unsafe UTF8Check($0).isASCII } }

    private static func check(_ bytes: [UInt8]) -> Bool { unsafe bytes.withUnsafeBytes { unsafe UTF8Check($0).isValid } }
}
