import Foundation
import TestSupport
import Testing
@testable import TidingsCore

@Suite("Canonical form") struct CanonicalFormTests {
    @Test("two writings of the same words are one content", arguments: [
        ("runs of spaces count as one", "a  \t b", "a b"),
        ("any Unicode space counts as a space", "a\u{A0}\u{2009}\u{3000}b", "a b"),
        ("spaces at the ends of lines fall away", "  a  \n  b  ", "a\nb"),
        ("empty lines between paragraphs fall away", "a\n\n\n \nb\n", "a\nb"),
        ("line ends of DOS and of old Macs are line ends", "a\r\nb\rc", "a\nb\nc"),
        ("Unicode's line ends are line ends", "a\u{2028}b\u{2029}c\u{85}d", "a\nb\nc\nd"),
        ("soft hyphens say nothing", "im\u{AD}por\u{AD}tant", "important"),
        ("zero-width spaces and word joiners say nothing", "a\u{200B}b\u{2060}c", "abc"),
        ("a byte order mark says nothing wherever it stands", "\u{FEFF}a\u{FEFF}b", "ab"),
        ("an invisible character between two spaces leaves one", "a \u{AD} b", "a b"),
        ("control characters say nothing", "a\u{0}\u{7}\u{1B}b\u{7F}\u{90}c", "abc"),
        ("a Latin letter and its mark compose", "cafe\u{301}", "caf\u{E9}"),
        ("Vietnamese letters with two marks compose", "Vie\u{323}\u{302}t", "Vi\u{1EC7}t"),
        ("marks in another order are the same letter", "e\u{302}\u{323}", "e\u{323}\u{302}"),
        ("Hangul jamo compose to a syllable", "\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
        ("a jamo after a composed syllable joins it", "a \u{D558}\u{11AB}", "a \u{D55C}"),
        ("Cyrillic short i composes", "\u{438}\u{306}", "\u{439}"),
        ("kana and its voicing mark compose", "\u{304B}\u{3099}", "\u{304C}"),
        ("the Kelvin sign is a K and the Ohm sign an omega", "\u{212A}\u{2126}", "K\u{3A9}"),
        ("a mark that an invisible character cut off composes", "e\u{200B}\u{301}", "\u{E9}"),
    ])
    func same(rule: String, written: String, plain: String) {
        let form = CanonicalForm(title: nil, text: written)
        #expect(form.bytes == Array("\n\n\(plain)".decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping.utf8), "\(rule)")
        #expect(form == CanonicalForm(title: nil, text: plain))
    }

    @Test("what a reader sees apart is not one content", arguments: [
        ("digits and points count", "5.0", "50"), ("case counts", "Polish", "polish"),
        ("kinds of quotes count", "\"a\"", "\u{201C}a\u{201D}"), ("hyphens count", "re-form", "reform"),
        ("paragraphs count", "a\nb", "a b"),
        ("joiners count, for Persian spells with them", "\u{645}\u{6CC}\u{200C}\u{62E}", "\u{645}\u{6CC}\u{62E}"),
        ("compatibility forms count", "\u{FB01}", "fi"),
    ])
    func different(rule: String, one: String, other: String) {
        #expect(CanonicalForm(title: nil, text: one).hash != CanonicalForm(title: nil, text: other).hash, "\(rule)")
    }

    @Test("title and text do not run together")
    func titleAndText() {
        let form = CanonicalForm(title: " A\n title ", text: "One\ntwo")
        #expect(form.bytes == Array("A title\n\nOne\ntwo".utf8))
        #expect(form.title == "A title")
        #expect(form.text == "One\ntwo")
        #expect(form.characters == 7)
        #expect(CanonicalForm(title: "A", text: "B").hash != CanonicalForm(title: nil, text: "A\nB").hash)
        #expect(CanonicalForm(title: "A", text: "").hash != CanonicalForm(title: nil, text: "A").hash)
    }

    @Test("a title of nothing visible is no title, and an item of nothing is empty")
    func empty() {
        #expect(CanonicalForm(title: " \u{200B}\n", text: "x") == CanonicalForm(title: nil, text: "x"))
        #expect(CanonicalForm(title: nil, text: "x").title == nil)
        #expect(CanonicalForm(title: "", text: " \n\u{AD}").isEmpty)
        #expect(!CanonicalForm(title: "a", text: "").isEmpty)
    }

    @Test("characters are counted as scalars, not as bytes")
    func characters() {
        #expect(CanonicalForm(title: "ignored", text: "\u{E9}\u{4E2D}\u{1F600}a").characters == 4)
    }

    @Test("a stored hash of a fixed text never changes", arguments: [
        ("Title", "First paragraph.\nSecond.", "sha256:b415ed1cc797bf6df923c2dc75d317acb4e630dc55702c86709f31c83efa6dda"),
        ("", "", "sha256:498883ebb87d53f986135ac01a29a4b2d83de766d2777c04c5b4fabf1faef1a4"),
        ("Cafe\u{301}", "Vie\u{323}\u{302}t  Nam", "sha256:3f03b6ea34e7d35b48189f31fc66057eeb786a3a5799ac2bbb8126599c3b2682"),
    ])
    func golden(title: String, text: String, hash: String) {
        #expect(CanonicalForm(title: title, text: text).hash.description == hash)
    }

    @Test("damaged stored bytes are read without harm", arguments: [[], [0x41], [0x0A], [0x41, 0x0A], [0xFF, 0x0A, 0x0A, 0xC3]] as [[UInt8]])
    func damaged(bytes: [UInt8]) {
        let form = CanonicalForm(stored: bytes)
        #expect(form.bytes == bytes)
        #expect(form.text.utf8.count <= 3)
        #expect(form.characters <= 1)
    }

    @Test("long runs of ASCII end where the rules say", arguments: 0..<20 as Range<UInt64>)
    func runs(seed: UInt64) {
        var random = Seeded(seed: seed)
        let visible = (0x21...0x7E as ClosedRange<UInt8>).map { Unicode.Scalar($0) }
        let rare = Array(" \t\n\r\u{B}\u{C}\u{0}\u{1F}\u{7F}\u{E9}".unicodeScalars)
        for _ in 0..<200 {
            let pieces = (0..<8).map { _ in
                let gap = random.text(of: Bool.random(using: &random) ? [" "] : rare, length: 2)
                return random.text(of: visible, length: 30) + gap
            }
            let text = pieces.joined()
            let kept = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || (0x09...0x0D).contains($0.value) }
            let lines = kept.split { $0 == "\n" || $0 == "\r" }.map { line in
                line.split { " \t\u{B}\u{C}".unicodeScalars.contains($0) }.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
            }
            #expect(CanonicalForm(title: nil, text: text).text == lines.filter { !$0.isEmpty }.joined(separator: "\n"), "seed \(seed)")
        }
    }

    @Test("the form of a form is itself, and is in NFC, whatever the text", arguments: 0..<20 as Range<UInt64>)
    func folding(seed: UInt64) {
        var random = Seeded(seed: seed)
        let pool = Array(
            ("aZ5.- \t\n\r\u{0}\u{7F}\u{A0}\u{AD}\u{85}\u{E9}e\u{301}\u{323}\u{302}\u{308}\u{345}\u{37E}\u{438}\u{306}\u{483}\u{5D0}\u{5BC}\u{6CC}\u{200B}"
                + "\u{200C}\u{200D}\u{2028}\u{2060}\u{FEFF}\u{1112}\u{1161}\u{11AB}\u{D558}\u{AC00}\u{304B}\u{3099}\u{4E2D}\u{212A}\u{F900}\u{FB1D}"
                + "\u{1E69}\u{1F71}\u{1F600}\u{1D15E}\u{915}\u{93C}\u{958}\u{16D63}\u{11099}").unicodeScalars)
        for _ in 0..<60 {
            var title = random.text(of: pool, length: 6)
            var text = random.text(of: pool, length: 24)
            if Bool.random(using: &random) {
                let wild = (0..<8).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x3FFFF, using: &random)) }
                title += random.text(of: wild + pool, length: 6)
                text += random.text(of: wild + pool, length: 12)
            }
            let form = CanonicalForm(title: title, text: text)
            #expect(CanonicalForm(title: form.title, text: form.text) == form, "seed \(seed)")
            let whole = String(decoding: form.bytes, as: UTF8.self)
            #expect(whole.precomposedStringWithCanonicalMapping.utf8.elementsEqual(whole.utf8), "seed \(seed)")
            #expect(
                CanonicalForm(
                    title: title.decomposedStringWithCanonicalMapping, text: text.decomposedStringWithCanonicalMapping) == form,
                "seed \(seed): \(Array(text.unicodeScalars))")
        }
    }
}
