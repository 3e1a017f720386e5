import Testing

@testable import TidingsCore

private func page(_ lines: [String], title: String = "Harbour", tags: [String] = []) -> Item {
    let text = lines.joined(separator: "\n")
    return Item(title: title, tags: tags, text: text, rawHash: ContentHash.of(Array(text.utf8)))
}

private let first = "The board of the harbour met on Tuesday and raised the fee to 15 crowns."
private let second = "Two members of the board voted against it and want to wait for the report."
private let edited = "Two members of the board voted against it and want to wait for the audit."

/// What two looks agree on.
@Suite("Two looks at a page") struct SettledPageTests {
    @Test("lines", arguments: [
        ("what moves is dropped at the first look", nil, [first, "ad 1", second], ["ad 2", first, second], [first, second]),
        ("what stays is kept", nil, [first, second, "Note."], [first, second, "Note."], [first, second, "Note."]),
        ("an edit counts", [first, second], [first, "ad 1", edited], [first, edited, "ad 2"], [first, edited]),
        ("a new line counts", [first, second], [first, "Note.", second], [first, "Note.", second, "ad"], [first, "Note.", second]),
        ("a new line that one look shows does not", [first, second], [first, second], [first, "Note.", second], [first, second]),
        ("a line that is gone counts", [first, "Note.", second], [first, second, "ad"], [first, second], [first, second]),
        ("a line that one look lacks is not gone", [first, "Note.", second], [first, second], [first, "Note.", second], [first, "Note.", second]),
        ("nor one that the other look lacks", [first, "Note.", second], [first, "Note.", second], [first, second], [first, "Note.", second]),
        ("nor the first line", ["Note.", first, second], ["Note.", first, second], [first, second], ["Note.", first, second]),
        ("lines that change places", [first, second, "Note."], [second, first, "Note."], [second, first, "Note."], [second, first, "Note."]),
        ("the same line twice", [first], [first, first], [first, first], [first, first]),
        ("a line twice, of which one is gone", [first, second, first], [first, second], [first, second], [first, second]),
    ] as [(String, [String]?, [String], [String], [String])])
    func lines(name: String, shown: [String]?, previous: [String], now: [String], expected: [String]) {
        let settled = page(now).settled(with: page(previous), shown: shown.map { page($0) })
        #expect(settled.text == expected.joined(separator: "\n"), "\(name)")
    }

    @Test func aParagraphWithAPartThatMovesStaysAsItWas() {
        func line(_ minutes: Int) -> String { first + " This was \(minutes) minutes ago." }
        let at1 = page([line(1), second])
        #expect(page([line(2), second]).settled(with: at1, shown: nil).text == line(2) + "\n" + second, "it is not lost")
        #expect(page([line(4), second]).settled(with: page([line(3), second]), shown: at1).text == line(1) + "\n" + second)
        #expect(
            page([line(4), edited]).settled(with: page([line(3), edited]), shown: at1).text == line(1) + "\n" + edited,
            "and hides no edit of another")
    }

    @Test func anEditBetweenTheTwoLooksComesWithTheNext() {
        let shown = page([first, second])
        #expect(page([first, edited]).settled(with: shown, shown: shown).text == shown.text)
        #expect(page([first, edited]).settled(with: page([first, edited]), shown: shown).text == first + "\n" + edited)
    }

    @Test func titlesAndTagsCountIfBothLooksHaveThem() {
        let shown = page([first], title: "Old", tags: ["a"])
        #expect(page([first], title: "New").settled(with: page([first], title: "New"), shown: shown).title == "New")
        #expect(page([first], title: "New (2)").settled(with: page([first], title: "New (1)"), shown: shown).title == "Old")
        #expect(page([first], tags: ["b"]).settled(with: page([first], tags: ["c"]), shown: shown).tags == ["a"])
        #expect(page([first], tags: ["b"]).settled(with: page([first], tags: ["b"]), shown: shown).tags == ["b"])
    }

    @Test("a text that only lacks lines of another", arguments: [
        (["a", "b", "c"], ["a", "c"], true), (["a", "b"], ["a", "b"], true), (["a", "b"], [], true), (["a", "b"], ["b", "a"], false),
        (["a"], ["a", "a"], false), (["a"], ["b"], false),
    ] as [([String], [String], Bool)])
    func lacksLines(old: [String], new: [String], expected: Bool) {
        func form(_ lines: [String]) -> CanonicalForm { CanonicalForm(title: "T", text: lines.joined(separator: "\n")) }
        #expect(form(new).onlyLacksLines(of: form(old)) == expected)
    }

    @Test func thousandsOfLinesThatAllMoveEndSoon() {
        let lines = (0..<5_000).map { "Line \($0) of a page whose every word is another one at each look \($0)" }
        let now = page(lines.map { $0 + " now" })
        #expect(now.settled(with: page(lines.map { $0 + " before" }), shown: page(lines)).text.utf8.count > 0)
    }
}
