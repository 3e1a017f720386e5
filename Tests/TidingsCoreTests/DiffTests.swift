import TestSupport
import Testing
@testable import TidingsCore

@Suite("Differences of texts") struct DiffTests {
    @Test("words are compared, not letters")
    func words() {
        #expect(
            wordDiff(old: "The mayor said 5.0 per cent.\nEnd.", new: "The mayor said 50 per cent.\nEnd.") == [
                DiffRun(.same, "The mayor said "), DiffRun(.removed, "5.0"), DiffRun(.added, "50"), DiffRun(.same, " per cent.\nEnd."),
            ])
        #expect(wordDiff(old: "", new: "a") == [DiffRun(.added, "a")])
        #expect(wordDiff(old: "a", new: "") == [DiffRun(.removed, "a")])
        #expect(wordDiff(old: "a", new: "a") == [DiffRun(.same, "a")])
        #expect(wordDiff(old: "", new: "").isEmpty)
        #expect(charactersChanged(old: "a \u{E9}\u{E9} c", new: "a \u{4E2D} c") == (added: 1, removed: 2))
    }

    @Test("the runs make both texts again, and few edits stay few", arguments: 0..<30 as Range<UInt64>)
    func reassembles(seed: UInt64) {
        var random = Seeded(seed: seed)
        let pool = Array("ab .,\n5\u{E9}\u{4E2D}\u{1F600}".unicodeScalars)
        for _ in 0..<20 {
            let old = CanonicalForm(title: nil, text: random.text(of: pool, length: 60)).text
            var letters = Array(old.unicodeScalars)
            for _ in 0..<Int.random(in: 0...4, using: &random) where !letters.isEmpty {
                letters[Int.random(in: letters.indices, using: &random)] = pool[Int.random(in: pool.indices, using: &random)]
            }
            var edited = String.UnicodeScalarView()
            edited.append(contentsOf: letters)
            for new in [CanonicalForm(title: nil, text: String(edited)).text, CanonicalForm(title: nil, text: random.text(of: pool, length: 60)).text] {
                let runs = wordDiff(old: old, new: new)
                #expect(runs.filter { $0.kind != .added }.map(\.text).joined() == old, "seed \(seed)")
                #expect(runs.filter { $0.kind != .removed }.map(\.text).joined() == new, "seed \(seed)")
                #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.kind != $1.kind }, "seed \(seed)")
                if old == new { #expect(runs.count <= 1, "seed \(seed)") }
            }
        }
    }

    @Test("a few edits in a huge paragraph are found, and two huge texts with nothing in common end soon")
    func bounded() {
        let words = (0..<20_000).map { "w\($0)" }
        var edited = words
        edited[3] = "first"
        edited[10_000] = "middle"
        edited[19_990] = "last"
        #expect(charactersChanged(old: words.joined(separator: " "), new: edited.joined(separator: " ")).added == 15)

        let other = (0..<20_000).map { "v\($0)" }
        let clock = ContinuousClock()
        let took = clock.measure {
            let runs = wordDiff(old: words.joined(separator: "\n"), new: other.joined(separator: " "))
            #expect(runs.filter { $0.kind == .added }.map(\.text).joined() == other.joined(separator: " "))
        }
        #expect(took < .seconds(20))
    }

    @Test("an edit is cosmetic where a reader would not notice", arguments: [
        ("case", "The Mayor", "the mayor", ChangeClass.cosmetic), ("kinds of quotes", "\u{201C}a\u{201D}", "\"a\"", .cosmetic),
        ("apostrophes", "it\u{2019}s", "it's", .cosmetic), ("dashes", "a \u{2014} b", "a - b", .cosmetic),
        ("space about punctuation", "a ,b", "a, b", .cosmetic), ("dots and an ellipsis", "a...", "a\u{2026}", .cosmetic),
        ("a digit", "5", "6", .substantive), ("a decimal point", "5.0", "50", .substantive), ("a word", "is", "is not", .substantive),
        ("a comma", "eat, papa", "eat papa", .substantive), ("a letter's mark", "resume", "resum\u{E9}", .substantive),
    ])
    func classes(what: String, old: String, new: String, expected: ChangeClass) {
        let class_ = classify(old: CanonicalForm(title: nil, text: old), new: CanonicalForm(title: nil, text: new))
        #expect(class_ == expected, "\(what)")
        #expect(classify(old: CanonicalForm(title: old, text: ""), new: CanonicalForm(title: new, text: "")) == expected)
    }
}
