import Testing
import TidingsCore

@testable import TidingsFormats

/// A document of one article, with what each of its lines is: `T|` the title, `K|` text, `+|` text that goes on, `X|` what
/// is no text.
struct Layout: CustomTestStringConvertible, Sendable {
    var name: String
    var date: String?
    var modified: String?
    var authors: [String]
    var document: String
    var title: String?
    var text: [String] = []

    init(_ name: String, title: String? = nil, date: String? = nil, modified: String? = nil, authors: String = "", _ marked: String) {
        self.name = name
        self.title = title
        self.date = date
        self.modified = modified
        self.authors = authors.split(separator: ";").map(String.init)
        var lines: [Substring] = []
        for line in marked.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.dropFirst(2)
            lines.append(content)
            switch line.prefix(2) {
            case "T|": self.title = String(content)
            case "K|": text.append(String(content))
            case "+|": text[text.count - 1] += " " + content
            default: break
            }
        }
        document = lines.joined(separator: "\n")
    }

    var testDescription: String { name }

    /// What is read of the document.
    var item: Item? {
        let document = readPlainText(Array(document.utf8), charset: "utf-8", hints: DocumentHints())
        return document.shape == .single && document.items.count == 1 ? document.items[0] : nil
    }

    func check() throws {
        let item = try #require(item)
        #expect(item.title == title)
        #expect(item.datePublished?.description.prefix(10) == date.map { $0[...] })
        #expect(item.dateModified?.description == modified)
        #expect(item.authors.compactMap(\.name) == authors)
        #expect(item.text.split(separator: "\n").map(String.init) == text)
    }
}

@Suite struct PlainTextLayouts {
    @Test("a line is title, text or neither in every layout", arguments: [
        Layout("a press agency’s", date: "2026-03-03", authors: "Jeanne Aubry", """
            T|Ferry strike halts traffic across the strait

            X|By Jeanne Aubry

            K|MARSEILLE, France, March 3, 2026 (Agency) — Crews of the strait ferries stopped work on Tuesday, leaving four thousand passengers on the quays.

            K|The union asked for two more sailors on each night crossing, and for a doctor on the longest line.

            X|(Reporting by Jeanne Aubry; Editing by Tom Hale)
            """),
        Layout("a page copied from a browser", date: "2026-03-05", authors: "Dana Omarova", """
            X|Skip to main content
            X|Home
            X|News
            X|Sport
            X|Culture
            X|Weather
            X|Search

            X|Home > News > Harbour

            T|Harbour council buys the old cotton warehouse

            X|By Dana Omarova
            X|Published 5 March 2026

            X|Share
            X|Facebook
            X|WhatsApp
            X|Copy link

            K|The harbour council will pay nine million for the cotton warehouse and turn it into a museum of the sea.

            X|Advertisement

            K|The roof leaks, and the walls have to be dried for two winters before a single map can hang on them.

            X|Read more: Lighthouse keeper leaves after forty winters

            K|The museum should open in the spring after next, the mayor said.

            X|Related articles
            X|A bell for the harbour
            X|Who pays for the new pier?

            X|About us
            X|Contact
            X|Privacy policy
            X|Terms of use
            X|© 2026 Harbour Post. All rights reserved.
            """),
        Layout("inserts", """
            T|Night trains return to the coast

            K|The night train to the coast runs again from May, twelve years after the last one left the northern station.

            X|ADVERTISEMENT

            K|Berths cost less than a hotel room, and the train carries bicycles for nothing.

            X|ADVERTISEMENT

            K|Bookings open on Monday at eight.
            """),
        Layout("a text about inserts", """
            T|How the old papers lived

            K|A newspaper of the last century had three sources of money, and readers were the smallest of them.

            K|Advertising

            K|Half of the pages were sold to shops, which paid by the line and complained about every misprint.

            K|Comments

            K|Readers wrote letters, and the editor printed the angriest of them on Saturdays.

            K|Search

            K|Nobody could search anything: the archive was a cellar with a lamp and a cat.
            """),
        Layout("a press release", date: "2026-03-05", """
            X|FOR IMMEDIATE RELEASE

            T|Northern Lines Orders Six Electric Ferries

            K|OSLO, March 5, 2026 — Northern Lines, which runs ferries in nine fjords, has ordered six electric ships from two yards.

            K|"The last diesel engine will be switched off in 2031," said Kari Nes, who leads the company.

            K|About Northern Lines

            K|Northern Lines carries four million passengers a year and employs 1,100 people.

            K|Media contact:
            K|Ola Moe
            K|press@northernlines.example

            X|###
            """),
        Layout("notes behind the end mark", """
            T|Town to plant a thousand limes

            K|The town will plant a thousand lime trees along the old wall before the first frost, it said today.

            K|Half of them are paid by citizens, each of whom may name a tree.

            X|ENDS

            K|Notes to editors

            K|1. The wall was built between 1360 and 1410 and is listed as a monument.
            K|2. Photographs of the saplings are available from the press office on request.
            """),
        Layout("footnotes", """
            T|How deep is the northern shaft?

            K|The shaft was measured three times: in 1911 by rope, in 1958 by sound [1] and in 2024 by a laser.[2]

            K|The numbers differ by four metres, which is less than the error of the rope.[3]

            K|References

            K|1. https://mines.example/1958
            K|2. https://mines.example/2024
            K|3. https://mines.example/rope
            """),
        Layout("mail", title: "Spring meeting of the bee keepers", date: "2026-03-05", authors: "Ola Moe", """
            X|From: Ola Moe <ola@bees.example>
            X|To: members@lists.bees.example
            X|Subject: Spring meeting of the bee keepers
            X|Date: Thu, 5 Mar 2026 10:00:00 +0100

            K|Dear members,

            K|our spring meeting takes place in the hall behind the station, where we
            +|met last year too. Please bring the lists of your hives, because the
            +|district wants to know how many of them came through the winter. Coffee
            +|is there, cake is welcome. Whoever cannot come may send the list by
            +|mail until the end of the month.

            K|Best regards
            K|Ola Moe
            """),
        Layout("a header of fields", title: "A berth for Aktau", date: "2026-03-05", authors: "Dana Omarova;Li Na", """
            X|Title: A berth for Aktau
            X|Date: 2026-03-05
            X|Author: Dana Omarova, Li Na
            X|URL: https://post.example/berth
            X|Tags: harbour, ferries

            K|The harbour of Aktau opened its second ferry berth on Monday, three years after work began on the coal pier.

            K|Dock workers said the berth would halve the wait of lorries bound for the southern shore.
            """),
        Layout("a poem", authors: "Ola Moe", """
            T|The Ferry Bell

            X|by Ola Moe

            K|The bell hangs over the water
            K|and nobody rings it by day,
            K|it waits for the fog of the evening
            K|and counts the boats on the way.
            """),
        Layout("a recipe", """
            T|Lentil soup with lemon

            K|This soup takes half an hour and feeds four people who come home cold.

            K|Ingredients

            K|300 g red lentils
            K|2 onions
            K|1 lemon
            K|1 tsp cumin

            K|Method

            K|1. Chop the onions and fry them in oil until they are soft.
            K|2. Add the lentils, the cumin and a litre of water, and cook for twenty minutes.
            K|3. Add the juice of the lemon and serve.
            """),
        Layout("minutes", date: "2026-03-05", """
            T|Minutes of the Harbour Council

            X|5 March 2026

            K|Present: A. Roth, L. Na, O. Moe

            K|1. Minutes of the last meeting
            K|The minutes of the last meeting were approved without a vote.

            K|2. Budget
            K|The treasurer reported that the harbour earned 4.2 million last year, 3 % more than planned.

            K|Next meeting: 2 April 2026
            """),
        Layout("a table", """
            T|Results of the harbour regatta

            K|Twelve boats sailed on Sunday, and for the first time a crew from the school won the cup.

            K|Boat        Crew     Time
            K|Gull        School   1:02:11
            K|Tern        Harbour  1:03:40
            K|Heron       Guests   1:05:02

            K|The prizes were handed over in the evening by the mayor.
            """),
    ])
    func layouts(layout: Layout) throws { try layout.check() }
}
