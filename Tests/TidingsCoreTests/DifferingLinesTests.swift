import TestSupport
import Testing

@testable import TidingsCore

@Suite("The lines that two texts differ in") struct DifferingLinesTests {
    @Test("are all but those that both begin and end with", arguments: [
        ("", "", "", ""), ("a", "a", "", ""), ("a", "b", "a", "b"), ("a\nb", "a\nc", "b", "c"), ("a\nb\nc", "a\nx\nc", "b\n", "x\n"),
        ("a\nb", "a\nx\nb", "", "x\n"), ("a\na", "a\na\na", "", "a\n"), ("b", "xb", "b", "xb"), ("a\nb", "a\nb\nc", "b", "b\nc"),
        ("a\nb\n", "a\nb\nc", "", "c"), ("x\ny", "z\nx\ny", "", "z\n"), ("é\nè", "é\nê", "è", "ê"),
    ] as [(String, String, String, String)])
    func middles(old: String, new: String, oldMiddle: String, newMiddle: String) {
        let differing = DifferingLines(old, new)
        #expect(differing.middle(of: old) == oldMiddle)
        #expect(differing.middle(of: new) == newMiddle)
        let (before, after) = differing.around(old)
        #expect(before + differing.middle(of: new) + after == new)
    }

    @Test("are enough to find the words that differ, and whether a reader notices")
    func sameAsWhole() {
        var random = Seeded(seed: 4)
        let pieces = ["a", "a", "b", "B", " ", " ", "\n", "\n", ".", "..", "…", ",", "(", "-", "–", "\"", "“", "é", "1", "\n\n", "a\nb\n", "ab ", " Ab", "A b a", "Σ", "ς a", "я", "Я ", "中 ", "क्ष ", "\u{301} ", "J\u{30C}", "\u{1F0}", "İ"]
        for _ in 0..<20_000 {
            var words = (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            let old = words.joined()
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0...words.count, using: &random)
                if place < words.count, Bool.random(using: &random) { words.remove(at: place) }
                if Bool.random(using: &random) { words.insert(pieces.randomElement(using: &random) ?? "", at: place < words.count ? place : words.count) }
            }
            let new = words.joined()
            let foldAlike = CosmeticFold(old[...]).elementsEqual(CosmeticFold(new[...]))
            #expect(areCosmetic(old, new) == foldAlike, "\(old.debugDescription) \(new.debugDescription)")
            let runs = wholeWordDiff(old: old, new: new)
            #expect(wordDiff(old: old, new: new) == runs, "\(old.debugDescription) \(new.debugDescription)")
            let scalars = { (kind: DiffRun.Kind) in runs.reduce(0) { $0 + ($1.kind == kind ? $1.text.unicodeScalars.count : 0) } }
            #expect(charactersChanged(old: old, new: new) == (added: scalars(.added), removed: scalars(.removed)))
        }
    }

    /// What `wordDiff` would be if it compared all lines, and all words of those that differ.
    private func wholeWordDiff(old: String, new: String) -> [DiffRun] {
        var comparison = SequenceDiff(dividesLongLists: true)
        var runs: [DiffRun] = []
        func append(_ kind: DiffRun.Kind, _ pieces: ArraySlice<Substring>) {
            guard !pieces.isEmpty else { return }
            let isLonger = runs.last?.kind == kind
            let text = (isLonger ? runs.removeLast().text : "") + pieces.joined()
            runs.append(DiffRun(kind, text))
        }
        let (oldLines, newLines) = (lines(old), lines(new))
        for stretch in comparison.stretches(old: oldLines, new: newLines) {
            if stretch.isSame {
                append(.same, oldLines[stretch.old])
                continue
            }
            let oldWords = words(oldLines[stretch.old].joined()[...])
            let newWords = words(newLines[stretch.new].joined()[...])
            for part in comparison.stretches(old: oldWords, new: newWords) {
                append(part.isSame ? .same : .removed, oldWords[part.old])
                if !part.isSame { append(.added, newWords[part.new]) }
            }
        }
        return runs
    }

    /// `text` cut after each line end.
    private func lines(_ text: String) -> [Substring] {
        var lines: [Substring] = []
        var rest = text[...]
        while let end = rest.firstIndex(of: "\n") {
            lines.append(rest[...end])
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty ? lines : lines + [rest]
    }

    @Test("and those beside them are enough to see whether only counters differ")
    func sameCounters() {
        var random = Seeded(seed: 5)
        let paragraph = String(repeating: "Boats on the quay. ", count: 10)
        // "12 views" counts only beside a line that surely does.
        let pieces = ["12 points by hana 3 hours ago", "12 views", "13 views", "4 comments", "5 comments", "Boats.", "Boats (3 comments)", "Boats (4 comments)", "Share", paragraph, paragraph + " (4 comments)"]
        var onlyCounters = 0
        for _ in 0..<(isLongRun ? 20_000 : 6_000) {
            let old = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            var new = old
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0...new.count, using: &random)
                if place < new.count, Bool.random(using: &random) { new.remove(at: place) }
                if Bool.random(using: &random) { new.insert(pieces.randomElement(using: &random) ?? "", at: min(place, new.count)) }
            }
            let (one, other) = (form(old), form(new))
            let expected = old != new && withoutCounters(old.map { $0[...] }) == withoutCounters(new.map { $0[...] })
            #expect(differInCountersOnly(one, other) == expected, "\(old) \(new)")
            if expected { onlyCounters += 1 }
        }
        #expect(onlyCounters > 300)
    }

    private func form(_ lines: [String]) -> CanonicalForm { CanonicalForm(title: nil, text: lines.joined(separator: "\n")) }
}
