import Testing

@testable import TidingsCore

private func item(_ text: String, isCutOff: Bool = false) -> Item {
    var item = Item(title: "A bell", text: text, rawHash: Item.rawHash(title: "A bell", body: Array(text.utf8)))
    item.isCutOff = isCutOff
    return item
}

private let teaser = item("The bell is back in its tower.")
private let whole = item(String(repeating: "The bell is back in its tower. ", count: 100))

@Suite("Teasers and whole articles of feeds") struct TeaserTests {
    @Test("an item is a teaser if it is short, or cut off and not very long", arguments: [
        ("", false, true), (String(repeating: "a", count: TeaserLimits.shortCharacters - 1), false, true),
        (String(repeating: "a", count: TeaserLimits.shortCharacters), false, false),
        (String(repeating: "a", count: TeaserLimits.cutOffCharacters - 1), true, true),
        (String(repeating: "a", count: TeaserLimits.cutOffCharacters), true, false),
        // A sign of Chinese or Korean says as much as three letters.
        (String(repeating: "鐘", count: TeaserLimits.shortCharacters / 3), false, true),
        (String(repeating: "鐘", count: TeaserLimits.shortCharacters / 3 + 1), false, false),
        (String(repeating: "종", count: TeaserLimits.shortCharacters / 3 + 1), false, false),
    ])
    func judged(text: String, isCutOff: Bool, isTeaser: Bool) {
        #expect(item(text, isCutOff: isCutOff).isTeaser == isTeaser)
    }

    @Test("a feed is judged by its first document, however few items that has", arguments: [
        ([teaser], .teasers), ([whole], .whole), ([teaser, teaser, whole], .teasers), ([teaser, whole], nil),
        ([whole, whole, whole, teaser], .whole), ([teaser, teaser, whole, whole], nil),
        ([teaser, teaser, teaser, whole, whole], .teasers), ([], nil),
    ] as [([Item], TeaserMemory.Verdict?)])
    func first(items: [Item], verdict: TeaserMemory.Verdict?) {
        var memory = TeaserMemory()
        memory.note(items)
        #expect(memory.verdict == verdict)
    }

    @Test("the judgement turns only when most of many items are of the other kind")
    func hysteresis() {
        var memory = TeaserMemory()
        memory.note([teaser, teaser])
        var verdicts: [TeaserMemory.Verdict?] = []
        for _ in 0..<7 {
            memory.note([whole])
            verdicts.append(memory.verdict)
        }
        #expect(verdicts == [.teasers, .teasers, .teasers, .teasers, .teasers, .whole, .whole])
        verdicts = []
        for _ in 0..<9 {
            memory.note([teaser])
            verdicts.append(memory.verdict)
        }
        // Two of nine were teasers; nine more make it eleven of eighteen.
        #expect(verdicts == [.whole, .whole, .whole, .whole, .whole, .whole, .whole, .whole, .teasers])
    }

    @Test("one item in a few does not turn a judgement that others made")
    func few() {
        var memory = TeaserMemory()
        memory.note([whole])
        memory.note([teaser])
        memory.note([teaser])
        #expect(memory.verdict == .whole)
        memory.note([teaser])
        #expect(memory.verdict == .teasers)
    }

    @Test("the newest items are remembered, whatever the size of a document, and those without a text are passed over")
    func newest() {
        var memory = TeaserMemory()
        memory.note([teaser, whole] + Array(repeating: teaser, count: 100))
        #expect(memory.text == "T" + String(repeating: "1", count: 30) + "01")
        var known = whole
        known.isTextDerived = false
        memory.note([known, whole, known])
        #expect(memory.text == "T" + String(repeating: "1", count: 29) + "010")
    }

    @Test("a memory is read as it was written, and nothing else is one")
    func text() {
        for items in [[], [teaser], [whole], [teaser, whole], Array(repeating: teaser, count: 40)] {
            var memory = TeaserMemory()
            memory.note(items)
            #expect(TeaserMemory(memory.text) == memory)
        }
        for text in ["", "1", "X1", "T2", "T1 ", "T" + String(repeating: "1", count: 33)] { #expect(TeaserMemory(text) == nil) }
    }
}
