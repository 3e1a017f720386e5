import TestSupport
import Testing
@testable import TidingsCore

// The world of these tests: an item is a letter and a document a word, "cba" a feed that lists c first. Where items have dates,
// they are as old as their letter is early in the alphabet. In a window, "cb2a" has b for a suspect that was absent twice.

private typealias Window = FeedWindow<Character>

private func document(_ letters: String, isDated: Bool = true) -> [Window.Entry] {
    letters.map { Window.Entry($0, date: isDated ? Int64($0.asciiValue ?? 0) : nil) }
}

private func written(_ window: Window) -> String {
    window.entries.map { "\($0.id)" + ($0.absences.map { "\($0)" } ?? "") }.joined()
}

/// What windows and removals these documents lead to, one after the other.
private func story(_ documents: [[Window.Entry]]) -> String {
    var window = Window()
    return documents.map { document in
        let step = window.step(to: document)
        window = step.window
        return written(window) + (step.gone.isEmpty ? "" : " -" + String(step.gone)) + (step.isGap ? " gap" : "")
    }.joined(separator: ", ")
}

@Suite("What a feed's window proves") struct FeedWindowTests {
    @Test("newest first, with dates", arguments: [
        ("what leaves at the end is not removed", ["edcba", "gfedc", "hgfed"], "edcba, gfedc, hgfed"),
        ("what leaves without anything coming is not removed", ["edcba", "edc", "ed"], "edcba, edc, ed"),
        ("what is missing from the midst three times is removed", ["edcba", "edba", "edba", "edba"], "edcba, edc1ba, edc2ba, edba -c"),
        ("though newcomers come meanwhile", ["edcba", "edba", "fedba", "gfedb"], "edcba, edc1ba, fedc2ba, gfedb -c"),
        ("though one comes at once: two stand behind it", ["edcba", "fedba", "fedba", "fedba"], "edcba, fedc1ba, fedc2ba, fedba -c"),
        ("though the window fills up from below, as a blog's does", ["edcb", "edba", "edba", "edba"], "edcb, edc1ba, edc2ba, edba -c"),
        ("the newest, which cannot have left", ["dcba", "cba", "cba", "cba"], "dcba, d1cba, d2cba, cba -d"),
        ("or two of them, though the window fills up from below", ["edcb", "cba", "cba", "cba"], "edcb, e1d1cba, e2d2cba, cba -ed"),
        ("though something newer comes meanwhile", ["dcba", "cba", "ecba", "ecba"], "dcba, d1cba, ed2cba, ecba -d"),
        ("not if it is back at the third document", ["dcba", "cba", "cba", "dcba", "cba"], "dcba, d1cba, d2cba, dcba, d1cba"),
        ("two removals, one after the other", ["fedcba", "fdcba", "fdba", "fdba", "fdba"], "fedcba, fe1dcba, fe2dc1ba, fdc2ba -e, fdba -c"),
        ("two neighbours at once", ["fedcba", "feba", "feba", "feba"], "fedcba, fed1c1ba, fed2c2ba, feba -dc"),
        ("what is back is no suspect, and its absences begin anew", ["edcba", "edba", "edcba", "edba"], "edcba, edc1ba, edcba, edc1ba"),
        ("a suspect whose followers have all left may have left too", ["edcba", "edba", "gfed", "gfed"], "edcba, edc1ba, gfed, gfed"),
        ("the last item before one that is pinned to the end is pushed out", ["edca", "feda", "gfea"], "edca, feda, gfea"),
        ("when nothing came, nothing pushed", ["edca", "eda", "eda", "eda"], "edca, edc1a, edc2a, eda -c"),
        ("an item published late is no disorder", ["fedba", "fedcba", "fdcba", "fdcba", "fdcba"], "fedba, fedcba, fe1dcba, fe2dcba, fdcba -e"),
        ("no item of the document was there before: a gap", ["cba", "fed", "gfed"], "cba, fed gap, gfed"),
    ])
    func newestFirst(rule: String, documents: [String], expected: String) {
        #expect(story(documents.map { document($0) }) == expected, "\(rule)")
    }

    @Test("oldest first, with dates", arguments: [
        ("what leaves at the top is not removed", ["abcde", "cdefg", "defgh"], "abcde, cdefg, defgh"),
        ("what is missing from the midst is removed", ["abcde", "abde", "abde", "abde"], "abcde, abc1de, abc2de, abde -c"),
        ("and at the end, where the newest stands", ["abcd", "abc", "abce", "abce"], "abcd, abcd1, abcd2e, abce -d"),
        ("the first item behind one that is pinned to the top is pushed out", ["acde", "adef"], "acde, adef"),
    ])
    func oldestFirst(rule: String, documents: [String], expected: String) {
        #expect(story(documents.map { document($0) }) == expected, "\(rule)")
    }

    @Test("without dates only what is missing between survivors is suspect", arguments: [
        ("what leaves at either end is not removed", ["edcba", "dcb", "dcb"], "edcba, dcb, dcb"),
        ("what is missing from the midst is removed", ["edcba", "edba", "edba", "edba"], "edcba, edc1ba, edc2ba, edba -c"),
        ("also when newcomers come: two stand on each side", ["fedcba", "gfedba", "gfedba", "gfedba"], "fedcba, gfedc1ba, gfedc2ba, gfedba -c"),
        ("a newcomer in the midst shows that the list is ranked", ["edcba", "edba", "edxba", "edxba"], "edcba, edc1ba, edxba, edxba"),
        ("survivors that change places show it too", ["edcba", "edba", "deba", "deba"], "edcba, edc1ba, deba, deba"),
    ])
    func undated(rule: String, documents: [String], expected: String) {
        #expect(story(documents.map { document($0, isDated: false) }) == expected, "\(rule)")
    }

    @Test("a list whose dates are in no order proves nothing")
    func rankedList() {
        let documents = ["qcxbka", "qcbka", "qcbka", "qcbka"].map { document($0) }
        #expect(story(documents) == "qcxbka, qcbka, qcbka, qcbka")
    }

    @Test("a suspect must have the date of its place; older than the oldest item it has left")
    func datesFit() {
        var window = Window(document("edcba"))
        window.entries[2] = Window.Entry("c", date: 1)
        #expect(written(window.step(to: document("edba")).window) == "edba")
        window.entries[2] = Window.Entry("c", date: nil)
        #expect(written(window.step(to: document("edba")).window) == "edba")
    }

    @Test("items of one date are undated")
    func oneDate() {
        let documents = ["edcba", "edba", "xedba"].map { $0.map { Window.Entry($0, date: 5) } }
        #expect(story(documents) == "edcba, edc1ba, xedc2ba")
    }

    @Test("too many removals at once are held until they are believed")
    func held() {
        let all = (0..<200).map { FeedWindow<Int>.Entry($0, date: Int64(-$0)) }
        let rest = all.filter { !(20..<100).contains($0.id) }
        var window = FeedWindow(all)
        for _ in 0..<2 { window = window.step(to: rest).window }
        let held = window.step(to: rest)
        #expect(held.gone.isEmpty && held.held == 80)
        #expect(held.window.step(to: rest).held == 80)
        let believed = held.window.step(to: rest, believesMany: true)
        #expect(believed == FeedWindow.Step(window: FeedWindow(rest), gone: Array(20..<100)))
        #expect(held.window.step(to: all) == FeedWindow.Step(window: FeedWindow(all)))
    }

    @Test("an empty window has no gap, and an empty document shows none")
    func noGap() {
        #expect(Window().step(to: document("cba")) == Window.Step(window: Window(document("cba"))))
        #expect(!Window(document("cba")).step(to: []).isGap)
    }

    /// What a feed of at most `size` items shows of all that is published, newest first.
    private func shown(_ published: [Int], size: Int, isDated: Bool, isReversed: Bool) -> [FeedWindow<Int>.Entry] {
        let newest = published.prefix(size).map { FeedWindow<Int>.Entry($0, date: isDated ? Int64($0) : nil) }
        return isReversed ? newest.reversed() : newest
    }

    @Test("whatever a publisher does and however late a poll comes, only what was deleted is removed", arguments: 0..<400 as Range<UInt64>)
    func onlyDeleted(seed: UInt64) {
        var random = Seeded(seed: seed)
        let size = Int.random(in: 3...12, using: &random)
        let isDated = Int.random(in: 0..<4, using: &random) > 0
        let isReversed = Bool.random(using: &random)
        var published: [Int] = []
        var deleted: Set<Int> = []
        var window = FeedWindow<Int>()
        for _ in 0..<80 {
            for _ in 0..<Int.random(in: 0...3, using: &random) { published.insert(published.count + deleted.count, at: 0) }
            if Int.random(in: 0..<3, using: &random) == 0, let place = published.prefix(size + 2).indices.randomElement(using: &random) {
                deleted.insert(published.remove(at: place))
            }
            if Int.random(in: 0..<4, using: &random) == 0 { continue }
            let step = window.step(to: shown(published, size: size, isDated: isDated, isReversed: isReversed))
            window = step.window
            #expect(deleted.isSuperset(of: step.gone), "seed \(seed)")
            #expect(window.present.map(\.id) == shown(published, size: size, isDated: isDated, isReversed: isReversed).map(\.id))
        }
    }

    @Test("what was deleted inside the window is removed by the third document while neighbours remain", arguments: 0..<200 as Range<UInt64>)
    func everyDeleted(seed: UInt64) {
        var random = Seeded(seed: seed)
        let isDated = Int.random(in: 0..<4, using: &random) > 0
        let isReversed = Bool.random(using: &random)
        var published = Array((0..<30).reversed())
        var window = FeedWindow(shown(published, size: 12, isDated: isDated, isReversed: isReversed))
        let deleted = published.remove(at: Int.random(in: 2...6, using: &random))
        var gone: [Int] = []
        for _ in 0..<absencesThatProveRemoval {
            #expect(gone.isEmpty)
            if Bool.random(using: &random) { published.insert((published.first ?? 0) + 1, at: 0) }
            let step = window.step(to: shown(published, size: 12, isDated: isDated, isReversed: isReversed))
            window = step.window
            gone = step.gone
        }
        #expect(gone == [deleted], "seed \(seed)")
    }
}
