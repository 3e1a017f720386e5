import Testing
import TidingsCore

private let letter = "Sign up for the evening letter, which 1204 readers get."
private let story = "The harbour board met on Tuesday and decided to raise the fee for small boats from 12 to 15 crowns a day."

private func text(_ lines: String...) -> Item {
    Item(title: "Fees", text: lines.joined(separator: "\n"), rawHash: ContentHash.of([]))
}

private func set(_ lines: String...) -> LearnedLines {
    LearnedLines(Set(lines.compactMap { LearnableLine(Substring($0))?.key }))
}

@Suite("Learned lines") struct LearnedLinesTests {
    @Test("four articles, and a quarter of those of the host", arguments: [
        (3, 3, false), (4, 4, true), (4, 16, true), (4, 17, false), (5, 20, true), (24, 100, false), (25, 100, true),
    ])
    func rule(articles: Int, counted: Int, learned: Bool) {
        #expect(isLearned(articles: articles, of: counted) == learned)
    }

    @Test("subheads, figures and long paragraphs are never learned", arguments: [
        "", "Ingredients", "What happened next", "| 12 | 14 | 1,305.50 | 17 |", "2026-11-28 19:00:00 +0000 12345678",
        String(repeating: "The board met on Tuesday. ", count: 16),
    ])
    func unlearnable(line: String) {
        #expect(LearnableLine(Substring(line)) == nil)
    }

    @Test func aLineIsKnownWhateverItsFigures() {
        let other = LearnableLine("Sign up for the evening letter, which 98 readers get.")
        #expect(LearnableLine(Substring(letter))?.key == other?.key)
        #expect(LearnableLine("Sign up for the morning letter, which 98 readers get.")?.key != other?.key)
    }

    @Test func eachLineCountsOnce() {
        #expect(text(letter, story, letter, "Next").learnableLines.map(\.text) == [letter, story])
    }

    @Test func aLearnedLineIsLeftOutAndTheTitleIsNot() {
        var item = text(story, letter)
        item.title = letter
        let without = set(letter).removed(from: item)
        #expect(without.text == story && without.title == letter)
    }

    @Test func nothingIsLeftOutOfATextThatWouldLoseHalf() {
        #expect(set(letter).removed(from: text("It rains.", letter)) == text("It rains.", letter))
    }

    @Test func aVersionThatKeptItsLinesIsJudgedWithThem() {
        let shown = text("It rains.", letter)
        #expect(set(letter).judged(text("It rains now.", letter), against: shown) == text("It rains now.", letter))
        #expect(set(letter).judged(text("It rains.", letter), against: text("It rains.")) == text("It rains."))
    }

    @Test func whatSharesMostOfItsTextIsACopy() throws {
        let shared = Set([story, letter].compactMap { LearnableLine(Substring($0))?.key })
        #expect(text(story, letter, "Updated with a comment of the mayor.").isCopy(sharing: shared))
        #expect(!text(story, String(repeating: "The mayor spoke. ", count: 12)).isCopy(sharing: shared))
    }
}
