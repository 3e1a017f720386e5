import Testing
import TidingsCore

@testable import TidingsFormats

private func read(_ markdown: String) -> ParsedDocument {
    readMarkdown(Array(markdown.utf8), charset: "utf-8", hints: DocumentHints())
}

@Suite struct MarkdownFiles {
    @Test("front matter gives the fields, the body the text")
    func frontMatter() {
        let markdown = """
            ---
            title: "A berth: Aktau"
            date: 2026-03-05T10:00:00+05:00
            updated: 2026-03-06
            authors:
              - Dana Omarova
              - {name: Timur Bekov, url: https://harbour.example/timur}
            tags: [ferries, aktau]
            lang: en
            canonical_url: https://harbour.example/berth
            id: berth-2
            summary: A second berth.
            ---
            # A berth: Aktau

            The *harbour* opened its [second](https://x.example) berth &amp; pier
            on Monday.

            - bell
            - rope
            """
        var expected = Item(rawHash: Item.rawHash(title: nil, body: Array(markdown.utf8)))
        expected.id = "berth-2"
        expected.title = "A berth: Aktau"
        expected.url = "https://harbour.example/berth"
        expected.datePublished = ItemDate("2026-03-05T05:00:00Z")
        expected.dateModified = ItemDate("2026-03-06")
        expected.authors = [
            Author(name: "Dana Omarova"), Author(name: "Timur Bekov", url: "https://harbour.example/timur"),
        ]
        expected.language = "en"
        expected.tags = ["ferries", "aktau"]
        expected.summary = "A second berth."
        expected.text = "The harbour opened its second berth & pier on Monday.\nbell\nrope"
        let document = read(markdown)
        #expect(document.items == [expected])
        #expect(document.problems.isEmpty)
    }

    @Test("the heading that opens the body is the title, and any other heading is text", arguments: [
        ("# Aktau\n\nThe ferry left.", "Aktau", "The ferry left."),
        ("Aktau\n=====\n\nThe ferry left.", "Aktau", "The ferry left."),
        ("The ferry left.\n\n# Aktau", nil, "The ferry left.\nAktau"),
        ("## Aktau\n\nThe ferry left.", nil, "Aktau\nThe ferry left."),
        ("---\ntitle: Ferries\n---\n# Aktau\n\nThe ferry left.", "Ferries", "Aktau\nThe ferry left."),
        ("---\n\nThe ferry left.", nil, "The ferry left."),
        ("<div>The <b>ferry</b> left.</div>", nil, "The ferry left."),
    ] as [(String, String?, String)])
    func titles(markdown: String, title: String?, text: String) {
        let item = read(markdown).items.first
        #expect(item?.title == title)
        #expect(item?.text == text)
    }

    @Test("bad YAML is a problem with its line, and the body is read all the same")
    func badYAML() {
        let document = read("---\ntitle: Aktau\ntags: [ferries\n---\nThe ferry left.\n")
        #expect(document.items.first?.text == "The ferry left.")
        #expect(document.problems.count == 1)
        #expect((3...5).contains(document.problems.first?.line ?? 0))
    }

    @Test("rulers that hold no keys are no front matter, and what is between them is text", arguments: [
        ("---\n- a\n- b\n---\nThe ferry left.", "a\nb\nThe ferry left."),
        ("---\nIt rained.\n\n---\nThe ferry left.", "It rained.\nThe ferry left."),
        ("---\ntitle: Aktau", "title: Aktau"),
        ("---\n---\nThe ferry left.", "The ferry left."),
    ])
    func oddFrontMatter(markdown: String, text: String) {
        #expect(read(markdown).items.first?.text == text)
    }

    @Test("a file without a word is no article", arguments: ["", "\n\n", "---\n---\n"])
    func empty(markdown: String) {
        let document = read(markdown)
        #expect(document.items.isEmpty)
        #expect(document.problems == [Problem("the text is empty")])
    }

    @Test("aliases of aliases in front matter do not make it large", .timeLimit(.minutes(1)), arguments: [
        "tags: *a40", "? *a40\n: x", "[*a40]: x", "title: Aktau",
    ])
    func aliases(line: String) {
        let levels = (1...40).map { "k\($0): &a\($0) [\(String(repeating: "*a\($0 - 1), ", count: 9))x]\n" }
        let document = read("---\na: &a0 x\n\(levels.joined())\(line)\n---\nThe ferry left.")
        #expect(document.items.first?.text == "The ferry left.")
    }

    @Test("a few aliases are read, and emphasis in a text is none")
    func fewAliases() {
        let emphasis = String(repeating: "*x* ", count: 20)
        let document = read("---\nauthor: &a Dana Omarova\ntags: [*a]\nsummary: '\(emphasis)'\n---\nThe ferry left.")
        #expect(document.items.first?.tags == ["Dana Omarova"])
        #expect(document.problems.isEmpty)
    }
}
