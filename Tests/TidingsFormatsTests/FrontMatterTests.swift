import Testing
import TidingsCore

@testable import TidingsFormats

private func read(_ markdown: String) -> ParsedDocument {
    readMarkdown(Array(markdown.utf8), charset: "utf-8", hints: DocumentHints())
}

@Suite struct FrontMatterMistakes {
    @Test("a value that is no YAML is a text, and costs no other field", arguments: [
        ("Re: the buoys: who pays", "Re: the buoys: who pays"),
        ("[early] buoys", "[early] buoys"),
        ("[early]", "[early]"),
        ("@captain asks", "@captain asks"),
        ("*new* buoys", "*new* buoys"),
        ("%buoys", "%buoys"),
        ("`buoys` are red", "`buoys` are red"),
        ("{{title}}", "{{title}}"),
        ("[[Buoys]]", "[[Buoys]]"),
        ("\"Buoys", "\"Buoys"),
        ("'The keeper's buoys'", "The keeper's buoys"),
        ("\"Red\" buoys: why", "\"Red\" buoys: why"),
        ("Re: a line\n  that goes on", "Re: a line that goes on"),
    ])
    func values(value: String, title: String) {
        let document = read("---\nlang: en\ntitle: \(value)\nauthor: Aigerim Sat\ntags:\n  - buoys\n---\nThey float.")
        let item = document.items.first
        #expect(item?.title == title)
        #expect(item?.language == "en")
        #expect(item?.authors == [Author(name: "Aigerim Sat")])
        #expect(item?.tags == ["buoys"])
        #expect(item?.text == "They float.")
    }

    @Test("a mistake elsewhere costs neither title nor date", arguments: [
        "author: @nobody", "tags:\n\t- buoys", "summary: \"open", "title: Lamps\ntitle: Buoys", "a: b: c", "note: [open",
        "date:2026-03-05", "weight: *w",
    ])
    func others(line: String) {
        let item = read("---\n\(line)\ntitle: Buoys\ndate: 2026-03-05\n---\nThey float.").items.first
        #expect(item?.title == "Buoys")
        #expect(item?.datePublished == ItemDate("2026-03-05"))
        #expect(item?.text == "They float.")
    }

    @Test("tags and authors are found in any of their spellings", arguments: [
        ("tags: buoys, red lamps", ["buoys", "red lamps"]),
        ("tags: [buoys, red lamps]", ["buoys", "red lamps"]),
        ("tags: [@buoys, 'red lamps']", ["@buoys", "red lamps"]),
        ("tags: [buoys, red lamps", ["buoys", "red lamps"]),
        ("tags:\n- buoys\n- red: lamps: two", ["buoys", "red: lamps: two"]),
        ("tags:\n\t- buoys\n\t- lamps", ["buoys", "lamps"]),
        ("tags:\n  - [[Buoys]]\n  - \"[[Lamps|red lamps]]\"", ["Buoys", "red lamps"]),
        ("tag: buoys", ["buoys"]),
        ("tags:\n  - \"a, b\"", ["a, b"]),
    ])
    func tags(yaml: String, tags: [String]) {
        #expect(read("---\ntitle: Buoys\n\(yaml)\n---\nThey float.").items.first?.tags == tags)
    }

    @Test("an author's name may contain a comma, or be a link to a note")
    func authors() {
        #expect(read("---\nauthor: Sat, Aigerim\n---\nx").items.first?.authors == [Author(name: "Sat, Aigerim")])
        #expect(read("---\nauthor: [[Aigerim Sat]]\n---\nx").items.first?.authors == [Author(name: "Aigerim Sat")])
    }

    @Test("YAML that is right has no problem")
    func noProblem() { #expect(read("---\ntitle: Buoys\ntags: a, b\n...\nThey float.").problems.isEmpty) }

    @Test("a line that is no field belongs to the field before it")
    func wrapped() {
        let item = read("---\ntitle: Buoys of the northern\nshore and bay\ndate: 2026-03-05\n---\nThey float.").items.first
        #expect(item?.title == "Buoys of the northern shore and bay")
        #expect(item?.datePublished == ItemDate("2026-03-05"))
    }
}

@Suite struct FrontMatterOrProse {
    @Test("text between two rules stays text", arguments: [
        "\n# Our buoys\n\nLamps and bells: we paint & mend.\n",
        "# Our buoys",
        "\nRemember: the bay is closed\n",
        "Remember: the bay is closed.",
        "Keeper: we mend lamps",
        "## Our buoys\nremember: the bay is closed",
        "title: Buoys\n\nThe bay is closed today.",
        "Lamps and bells: we paint and mend them all.\ntitle: x",
        "The bay is closed.\ntitle: x",
        "> Quoted: x",
        "* red: lamps\n* green: bells",
        "1. red: lamps",
        "https://buoys.example/title",
    ])
    func prose(between: String) {
        let words = between.split { !$0.isLetter }
        let text = read("---\n\(between)\n---\n\nSecond part.").items.first?.text ?? ""
        for word in words { #expect(text.contains(word)) }
        #expect(text.hasSuffix("Second part."))
    }

    @Test("fields stay fields", arguments: [
        "title: Buoys", "\ntitle: Buoys\ndate: 2026-03-05\n", "# of the keeper\ntitle: Buoys", "status: open\nproject: bay",
        "Title: Buoys\nStatus: open", "date created: 2026-03-05\ntitle: Buoys", "{title: Buoys, tags: [a]}", "\"title\": Buoys",
        "tags:\n- a\n- b", "aliases: []\n\ntags: []", "title: |\n  Buoys\n\n  of the bay", "",
    ])
    func fields(yaml: String) {
        #expect(read("---\n\(yaml)\n---\nThey float.").items.first?.text == "They float.")
        #expect(read("---\r\n\(yaml)\r\n---\r\nThey float.").items.first?.text == "They float.")
    }

    @Test("without an end it is text")
    func unclosed() {
        #expect(read("---\ntitle: Buoys\n\nThey float.").items.first?.text == "title: Buoys\nThey float.")
        #expect(read("+++\ntitle = 'Buoys'\n\nThey float.").items.first?.text.contains("Buoys") == true)
        #expect(read("{\n\"title\": \"Buoys\"\n\nThey float.").items.first?.text.contains("Buoys") == true)
    }
}

@Suite struct FrontMatterOfHugo {
    @Test("TOML gives the fields")
    func toml() {
        let document = read(
            """
            +++
            # of the keeper
            title = "Buoys \\"red\\" \\u2013 two"
            date = 2026-03-05T10:00:00Z
            draft = false
            tags = ["lamps", # lit
              'bells',
            ]
            summary = '''
            They float.'''
            [params]
            author = "Aigerim Sat"
            +++
            They float in the bay.
            """)
        let item = document.items.first
        #expect(item?.title == "Buoys \"red\" – two")
        #expect(item?.datePublished == ItemDate("2026-03-05T10:00:00Z"))
        #expect(item?.tags == ["lamps", "bells"])
        #expect(item?.summary == "They float.")
        #expect(item?.authors == [Author(name: "Aigerim Sat")])
        #expect(item?.text == "They float in the bay.")
        #expect(document.problems.isEmpty)
    }

    @Test("tags and authors are found in TOML's tables", arguments: [
        ("[taxonomies]\ntags = ['lamps']\nauthors = ['Aigerim Sat']"),
        ("taxonomies.tags = ['lamps']\nauthor = {name = 'Aigerim Sat'}"),
        ("tags = 'lamps'\n[[authors]]\nname = 'Aigerim Sat'"),
        ("tags = ['lamps']\n[author]\nname = 'Aigerim Sat'"),
        ("[extra]\nauthor = 'Aigerim Sat'\n[taxonomies]\ntags = ['lamps']"),
    ])
    func tables(toml: String) {
        let item = read("+++\ntitle = 'Buoys'\n\(toml)\n+++\nThey float.").items.first
        #expect(item?.tags == ["lamps"])
        #expect(item?.authors == [Author(name: "Aigerim Sat")])
    }

    @Test("what is no TOML costs one field, and is a problem with its line", arguments: [
        "weight = many lamps", "summary = \"open", "= 1", "x", "[a", "tags = [1 2]", "a = {", "b = \"\\q\"",
    ])
    func mistakes(line: String) {
        let document = read("+++\n\(line)\ntitle = 'Buoys'\n+++\nThey float.")
        #expect(document.items.first?.title == "Buoys")
        #expect(document.items.first?.text == "They float.")
        #expect(document.problems == [Problem("front matter is not TOML", line: 2)])
    }

    @Test("JSON gives the fields, and a text with braces stays a text")
    func json() {
        let item = read("{\n  \"Title\": \"Buoys {red}\",\n  \"tags\": [\"lamps\"]\n}\n\nThey float.").items.first
        #expect(item?.title == "Buoys {red}")
        #expect(item?.tags == ["lamps"])
        #expect(item?.text == "They float.")
        for text in ["{buoys} float.", "{\"title\": \"x\"} floats.", "{\"lamp\": 1}\n\nThey float.", "{\"title\": \"x\"}\nfloats."] {
            #expect(read(text).items.first?.text.hasPrefix("{") == true)
        }
    }
}
