import Testing
import TidingsCore

@testable import TidingsFormats

private func read(_ text: String) -> ParsedDocument {
    readPlainText(Array(text.utf8), charset: "utf-8", hints: DocumentHints())
}

private let stories: [(title: String, teaser: String)] = [
    (
        "Aktau’s Second Berth: Not a Pier Too Far",
        "On March 5, the harbour of Aktau opened its second ferry berth, three years after the first stone "
            + "was laid on the old coal pier. The berth takes ships of five thousand tonnes and halves the wait of "
            + "lorries that are bound for the southern shore, the harbour master told guests, who..."
    ),
    (
        "Museum of the Sea Moves Into the Cotton Warehouse",
        "At a press conference among crates and ropes, the director of the museum of the sea set out how the "
            + "collection will be carried across the harbour: first the charts, then the bells, and last of all the "
            + "lighthouse lamp, which weighs as much as a lorry and has not been moved for seventy years..."
    ),
    (
        "Turkmenbashi Praises the ‘Patient’ Ferry Timetable",
        "The port of Turkmenbashi has offered rare praise for the timetable of its neighbours, calling it a "
            + "model of patience. In a long interview its director described how ferries wait for late trains, and "
            + "how nobody on either shore has complained of it since the winter when the sea froze over..."
    ),
    (
        "A Lighthouse Keeper Leaves After Forty Winters",
        "For forty winters the lamp on the northern spit was lit by one man, who kept a diary of every ship "
            + "that passed. This week he closed the last of its volumes, handed the key to the harbour office, and "
            + "went home to a village that cannot see the sea, where he plans to keep bees and to sleep…"
    ),
]

private func listing(
    _ stories: [(title: String, teaser: String)], rate: String = "0.01144", shift: String = "0"
) -> String {
    let codes = ["KGS", "KZT", "TJS"].map { "• \($0)/USD = \(rate) \(shift)%\n" }.joined(separator: "  ")
    let ticker = String(repeating: codes, count: 5)
    let body = stories.map { "\($0.title)\n\n\u{A0}\($0.teaser)\n" }.joined(separator: "\n")
    return "\(ticker)5 March 2026\n\nViewing results 1 - \(stories.count) of 54\n\n\(body)"
}

@Suite struct Digests {
    @Test("a listing is its articles, without ticker, date and counter")
    func items() {
        let document = read(listing(stories))
        #expect(document.shape == .window)
        #expect(document.items.map(\.title) == stories.map(\.title))
        #expect(document.items.map(\.text) == stories.map(\.teaser))
        #expect(document.items.allSatisfy { $0.datePublished == nil && $0.tags.isEmpty })
    }

    @Test("when only the ticker moves, nothing of the items does")
    func ticker() {
        #expect(read(listing(stories)).items == read(listing(stories, rate: "1,902.5", shift: "-0.09")).items)
    }

    @Test("an article that comes in at the top renumbers nothing, and a title that comes twice has two ids")
    func ids() {
        let before = read(listing(Array(stories.dropFirst()))).items
        let after = read(listing(stories)).items
        #expect(Array(after.dropFirst()) == before)
        let twice = read(listing(stories + [stories[0]])).items.compactMap(\.id)
        #expect(twice.count == 5)
        #expect(twice[4] == twice[0] + "-2")
        #expect(twice[0].utf8.count == 16)
    }

    @Test("dates and bylines between headline and teaser are the item's")
    func entryDates() {
        let body = stories.map { "\($0.title)\n\n5 March 2026\n\nBy Dana Omarova\n\n\($0.teaser)\n\nRead more\n" }
        let items = read(body.joined(separator: "\n")).items
        #expect(items.count == stories.count)
        #expect(items.first?.datePublished == ItemDate(year: 2026, month: 3, day: 5))
        #expect(items.first?.authors == [Author(name: "Dana Omarova")])
    }

    @Test("an article with sub-headings is one article", arguments: [
        // Each heading has one long paragraph, but none is cut off.
        stories.map { "\($0.title)\n\n\($0.teaser.dropLast(3)).\n" }.joined(separator: "\n"),
        // Each paragraph is cut off, but two follow one heading.
        stories.map { "\($0.title)\n\n\($0.teaser)\n\n\($0.teaser)\n" }.joined(separator: "\n"),
        // Two entries are no listing.
        stories.prefix(2).map { "\($0.title)\n\n\($0.teaser)\n" }.joined(separator: "\n"),
    ])
    func notDigests(text: String) {
        let document = read(text)
        #expect(document.shape == .single)
        #expect(document.items.count == 1)
        #expect(document.items.first?.title == stories[0].title)
    }

    @Test("“Read more” below each teaser makes a listing, with or without addresses and numbers", arguments: [
        ("Read more", nil), ("Читать далее »", nil), ("Read more: https://post.example/a", "https://post.example/a"),
    ] as [(String, String?)])
    func readMore(link: String, url: String?) {
        let teaser = "The harbour opened its second berth on Monday, three years after work began."
        func listing(_ titles: [String]) -> String {
            "The Harbour Letter\n\n" + titles.map { "\($0)\n5 March 2026\n\(teaser)\n\(link)\n\n" }.joined()
        }
        let titles = ["A berth for Aktau", "A museum in the warehouse", "A keeper leaves"]
        let document = read(listing(titles))
        #expect(document.shape == .window)
        #expect(document.items.map(\.title) == titles)
        #expect(document.items.allSatisfy { $0.text == teaser && $0.url == url && $0.datePublished == ItemDate(year: 2026, month: 3, day: 5) })
        // The place in the list is no part of the title.
        #expect(read(listing(titles.enumerated().map { "\($0 + 1). \($1)" })).items == document.items.map { item in
            var numbered = item
            numbered.rawHash = Item.rawHash(title: item.title, body: Array(teaser.utf8))
            return numbered
        })
        #expect(read(listing(Array(titles.prefix(2)))).shape == .single)
        #expect(read(listing(titles) + "\n\(teaser)\n").shape == .single)
    }
}
