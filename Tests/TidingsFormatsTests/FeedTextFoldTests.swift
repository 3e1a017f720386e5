import TestSupport
import Testing

@testable import TidingsFormats

@Suite struct FeedTextFoldTests {
    @Test("plain text is folded to its lines", arguments: [
        ("one", "one"), ("one two three four five", "one two three four five"), (" one  two ", "one two"), ("one \n two\r\n\n three", "one\ntwo\nthree"),
        ("a\tb", "a b"), ("", ""), (" \n ", ""), ("\none", "one"), ("a strange harbour  b", "a strange harbour b"),
    ])
    func lines(text: String, expected: String) {
        #expect(FeedText(bytes: Array(text.utf8), kind: .plain).paragraphs == expected)
    }

    @Test("folding is what splitting into lines and words gives")
    func agree() {
        var random = Seeded(seed: 3)
        for _ in 0..<4000 {
            let text = random.text(of: ["a", "b", "é", " ", " ", "\n", "\r", "\t"], length: 40)
            let folded = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { line in
                line.split { $0 == " " || $0 == "\t" }.map { String($0) }.joined(separator: " ")
            }.filter { !$0.isEmpty }
            #expect(FeedText(bytes: Array(text.utf8), kind: .plain).paragraphs == folded.joined(separator: "\n"), "\(text)")
        }
    }
}
