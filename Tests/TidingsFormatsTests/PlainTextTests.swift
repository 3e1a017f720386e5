import Testing
import TidingsCore

@testable import TidingsFormats

/// The article of a text, or nil where it is not exactly one.
private func article(_ text: String) -> Item? {
    let document = readPlainText(Array(text.utf8), charset: "utf-8", hints: DocumentHints())
    return document.shape == .single && document.items.count == 1 ? document.items[0] : nil
}

private func day(_ year: Int, _ month: Int, _ day: Int) -> ItemDate? { ItemDate(year: year, month: month, day: day) }

private let first =
    "The harbour of Aktau opened its second ferry berth on Monday, three years after work began on the old coal pier."
private let second = "Dock workers said the berth would halve the wait of lorries bound for the southern shore."
private let third = "The museum of the sea lent a bell that was rung as the first ferry left."

@Suite struct PlainTextArticles {
    @Test("an export's date goes to the date, and a text without a headline gets none")
    func datePrefix() {
        let item = article(" date 2026-03-05 AKTAU – \(first)\n\n\(second)\n\nA bell for the harbour\n\n\(third)\n")
        #expect(item?.datePublished == day(2026, 3, 5))
        #expect(item?.title == nil)
        #expect(item?.text == "AKTAU – \(first)\n\(second)\nA bell for the harbour\n\(third)")
    }

    @Test("section, headline, byline, rights and the headline again are fields, not text")
    func fullHead() {
        let headline = "Aktau Opens Its Second Ferry Berth as Southern Trade Grows"
        let item = article(
            """
            Transport

            \(headline)

            By Aigerim Sadykova,Timur Bekov

            Copyright harbourpost

            \(headline)

            AKTAU – \(first)

            What the berth changes

            \(second)

            “\(third)”
            """)
        #expect(item?.title == headline)
        #expect(item?.authors == [Author(name: "Aigerim Sadykova"), Author(name: "Timur Bekov")])
        #expect(item?.tags == ["Transport"])
        #expect(item?.text == "AKTAU – \(first)\nWhat the berth changes\n\(second)\n“\(third)”")
    }

    @Test("a text with one paragraph a line keeps every line, and its first sentence is no title")
    func linesWithoutBlanks() {
        let lines = [
            "A tengeri múzeum megnyitotta új termét a régi kikötő raktárában, ahol hetven évig gyapotot mértek.",
            "Az első látogatók egy hajóharangot és három térképet láthattak a bejárat mellett.",
            "Segítség a halászoknak",
            "A város a jövő évben a világítótornyot is felújítja, mondta a polgármester a megnyitón.",
        ]
        let item = article(lines.joined(separator: "\n") + "\n\n\n\n\n")
        #expect(item?.title == nil)
        #expect(item?.text == lines.joined(separator: "\n"))
    }

    @Test("a headline is kept as it is spelled, and the navigation below the article is not")
    func scrollToTop() {
        let item = article("Ferry, museum both keen too grow\n\n\(first)\n\n\(second)\n\nScroll to Top\n")
        #expect(item?.title == "Ferry, museum both keen too grow")
        #expect(item?.text == "\(first)\n\(second)")
    }

    @Test("a first line is a title only where it is one", arguments: [
        ("Who Pays for the New Pier?", "Who Pays for the New Pier?"),
        ("Harbour Town Signs Pact with U.S.", "Harbour Town Signs Pact with U.S."),
        ("Will it float? Nobody in Aktau knows!", nil),
        ("The harbour was closed on Monday.", nil),
        ("Three things happened in Aktau this week:", nil),
        ("The rest of the story was not told…", nil),
        ("Copyright Law Divides the Harbour Council", "Copyright Law Divides the Harbour Council"),
        ("By Land and Sea", "By Land and Sea"),
    ] as [(String, String?)])
    func titles(line: String, title: String?) {
        let item = article("\(line)\n\n\(first)\n\n\(second)\n")
        #expect(item?.title == title)
        #expect(item?.text == (title == nil ? "\(line)\n\(first)\n\(second)" : "\(first)\n\(second)"))
    }

    @Test("a headline that no blank line sets off stays in the text")
    func noBlankNoTitle() {
        let item = article("A berth for Aktau\n\(first)\n\(second)\n")
        #expect(item?.title == nil)
        #expect(item?.text == "A berth for Aktau\n\(first)\n\(second)")
    }

    @Test("the title comes before a date and a byline too")
    func titleAboveByline() {
        let item = article("A berth for Aktau\nBy Dana Omarova | 5 March 2026\n\n\(first)\n\n\(second)\n")
        #expect(item?.title == "A berth for Aktau")
        #expect(item?.authors == [Author(name: "Dana Omarova")])
        #expect(item?.datePublished == day(2026, 3, 5))
        #expect(item?.text == "\(first)\n\(second)")
    }

    @Test("dates of publication and of change come from lines of their own, and from a dateline with a year")
    func dates() {
        let dates = "Published: March 5, 2026\n\nUpdated 6 March 2026, 14:35"
        let lines = article("A berth for Aktau\n\n\(dates)\n\n\(first)\n")
        #expect(lines?.datePublished == day(2026, 3, 5))
        #expect(lines?.dateModified == day(2026, 3, 6))
        #expect(lines?.text == first)
        let dateline = article("AKTAU, March 5, 2026 – \(first)\n\n\(second)\n")
        #expect(dateline?.datePublished == day(2026, 3, 5))
        #expect(dateline?.text == "AKTAU, March 5, 2026 – \(first)\n\(second)")
    }

    @Test("what only looks like boilerplate stays")
    func keptLines() {
        let result = "Round 1: 2–0\nRound 2: 1–1\nRound 3: 0–3"
        let item = article("A regatta for Aktau\n\n\(first)\n\n\(result)\n\nShare of the prize money\n")
        #expect(item?.text == "\(first)\n\(result)\nShare of the prize money")
        let verses = "Row, row\nRow, row\nRow, row"
        #expect(article("\(first)\n\n\(verses)\n\n\(second)\n")?.text == "\(first)\n\(verses)\n\(second)")
    }

    @Test("a text of short lines only is kept whole")
    func noParagraphs() {
        #expect(article("Menu\n\nShare\n")?.text == "Menu\nShare")
    }

    @Test("paragraphs broken to fit a width read the same at every width")
    func hardWrap() {
        let paragraphs = [first + " " + second, third + " " + second, second + " " + first]
        let narrow = article(wrapped("A berth for Aktau", paragraphs, width: 60))
        let wide = article(wrapped("A berth for Aktau", paragraphs, width: 78))
        #expect(narrow?.title == "A berth for Aktau")
        #expect(narrow?.text == paragraphs.joined(separator: "\n"))
        #expect(wide?.text == narrow?.text)
    }

    @Test("line ends of every kind are read the same", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) {
        let item = article(["A berth for Aktau", "", first, "", second, ""].joined(separator: end))
        #expect(item?.title == "A berth for Aktau")
        #expect(item?.text == "\(first)\n\(second)")
    }

    @Test("a text without a word is no article, and says so", arguments: ["", "\n\n", " \t\u{A0}\u{200B}\r\n"])
    func empty(text: String) {
        let document = readPlainText(Array(text.utf8), charset: "utf-8", hints: DocumentHints())
        #expect(document.items.isEmpty)
        #expect(document.problems == [Problem("the text is empty")])
    }

    @Test("a text that is cut off anywhere is one article, and loses no paragraph")
    func cutOff() {
        let head = "Ferries\n\nA berth for the town of Aktau\n\nBy Dana Omarova"
        let text = "\(head)\n\n\(first)\n\n“Жаңа айлақ – №2…”\n\n\(second)"
        for count in 1...text.unicodeScalars.count {
            let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
            let item = article(start)
            #expect(item != nil)
            #expect(item?.text.contains(first) == start.contains(first))
        }
    }

    @Test("the raw hash covers every byte of the file")
    func rawHash() {
        #expect(article(first)?.rawHash == Item.rawHash(title: nil, body: Array(first.utf8)))
    }
}

private func wrapped(_ title: String, _ paragraphs: [String], width: Int) -> String {
    let blocks = paragraphs.map { paragraph in
        var lines: [String] = []
        for word in paragraph.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }
    return ([title] + blocks).joined(separator: "\n\n")
}
