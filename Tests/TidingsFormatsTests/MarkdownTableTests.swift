import Testing
import TidingsCore

@testable import TidingsFormats

private func text(_ markdown: String) -> String? {
    readMarkdown(Array(markdown.utf8), charset: "utf-8", hints: DocumentHints()).items.first?.text
}

@Suite struct MarkdownTableTests {
    @Test("a table keeps its rows apart, and its second line is no text", arguments: [
        ("| Lamp | Lit |\n|---|---:|\n| Red | 5 |\n| Green | 7 |", "Lamp | Lit\nRed | 5\nGreen | 7"),
        ("Lamp | Lit\n:-- | :-:\nRed | 5", "Lamp | Lit\nRed | 5"),
        ("Lamp|Lit\n-|-\nRed|5", "Lamp | Lit\nRed | 5"),
        ("| Lamp |\n| --- |\n| Red |", "Lamp\nRed"),
        ("| Lamp | Lit |\r\n|---|---|\r\n| Red | 5 |\r\n\r\nEnd.", "Lamp | Lit\nRed | 5\nEnd."),
        ("Before it.\n| Lamp | Lit |\n|---|---|\n| Red | 5 |", "Before it.\nLamp | Lit\nRed | 5"),
        ("| Lamp | Lit |\n|---|---|\n| Red | 5 |\n# End", "Lamp | Lit\nRed | 5\nEnd"),
        ("| Lamp | Lit |\n|---|---|\n| Red | 5 |\n> End", "Lamp | Lit\nRed | 5\nEnd"),
        ("| Lamp | Lit |\n|---|---|\n| Red | 5 |\n---\nEnd", "Lamp | Lit\nRed | 5\nEnd"),
        ("| Lamp | Lit |\n|---|---|\n\nEnd", "Lamp | Lit\nEnd"),
        ("> | Lamp | Lit |\n> |---|---|\n> | Red | 5 |\n>\n> End", "Lamp | Lit\nRed | 5\nEnd"),
        ("- first\n\n  | Lamp | Lit |\n  |---|---|\n  | Red | 5 |\n- second", "first\nLamp | Lit\nRed | 5\nsecond"),
        ("1. | Lamp | Lit |\n   |---|---|\n   | Red | 5 |\n2. second", "Lamp | Lit\nRed | 5\nsecond"),
        ("| Лампа | Горит |\n|---|---|\n| Красная | 5 |", "Лампа | Горит\nКрасная | 5"),
        ("| Lamp | Lit | By |\n|---|---|---|\n| Red |\n| Green | 7 | Sat | more |", "Lamp | Lit | By\nRed\nGreen | 7 | Sat | more"),
        ("| Lamp | Lit |\n|---|---|\n| Red | 5 |\n\n| Bell | Rung |\n|---|---|\n| Big | 2 |", "Lamp | Lit\nRed | 5\nBell | Rung\nBig | 2"),
    ])
    func tables(markdown: String, expected: String) { #expect(text(markdown) == expected) }

    @Test("a table reads as the same table in HTML")
    func asHTML() {
        let html = "<table><tr><th>Lamp</th><th>Lit</th></tr><tr><td>Red</td><td>5</td></tr></table>"
        #expect(text("| Lamp | Lit |\n|---|---|\n| Red | 5 |") == HTMLText.text(ofFragment: Array(html.utf8)))
    }

    @Test("markup in a cell is read as elsewhere, and ends with the cell", arguments: [
        ("**Red** [lamp](https://lamps.example/?a=1)", "Red lamp"),
        ("`a \\| b` and c \\| d", "a | b and c | d"),
        ("_Red_ &amp; &lt;b&gt;", "Red & <b>"),
        ("[lamp][1]", "lamp"),
        ("C:\\lamps\\", "C:\\lamps\\"),
        ("*Red", "*Red"),
        ("`Red", "`Red"),
        ("# 1. Red", "# 1. Red"),
        ("![Red](lamp.png) one", "one"),
        ("~~Red~~ lamp", "Red lamp"),
    ])
    func markup(cell: String, expected: String) {
        let markdown = "| Lamp | Lit |\n|---|---|\n| \(cell) | five* |\n\n[1]: https://lamps.example/1"
        #expect(text(markdown) == "Lamp | Lit\n\(expected) | five*")
    }

    @Test("what is no table stays as it is", arguments: [
        ("```\n| a | b |\n|---|---|\n```", "| a | b |\n|---|---|"),
        ("    | a | b |\n    |---|---|", "| a | b |\n|---|---|"),
        ("| a | b |\n|---|", "| a | b | |---|"),
        ("a \\| b\n|---|---|", "a | b |---|---|"),
        ("Red | green\nlamps burn.", "Red | green lamps burn."),
        ("|---|---|\nlamps", "|---|---| lamps"),
        ("Lamps\n---\nburn.", "Lamps\nburn."),
        ("<pre>\n| a | b |\n|---|---|\n</pre>", "| a | b |\n|---|---|"),
    ])
    func noTable(markdown: String, expected: String) { #expect(text(markdown) == expected) }

    @Test("the tildes around struck text are no text", arguments: [
        ("a ~~red~~ lamp", "a red lamp"), ("~~red **lamp**~~", "red lamp"), ("~~a~~ b ~~c~~", "a b c"),
        ("`~~a~~` b", "~~a~~ b"), ("~~~\n~~a~~\n~~~", "~~a~~"), ("a ~~ b ~~ c", "a ~~ b ~~ c"), ("~~a\n\nb~~", "~~a\nb~~"),
        ("~5 or ~6", "~5 or ~6"), ("a ~~b", "a ~~b"),
    ])
    func struck(markdown: String, expected: String) { #expect(text(markdown) == expected) }

    @Test("a note of many tables is read in a moment", .timeLimit(.minutes(1)))
    func many() {
        let tables = String(repeating: "| a | b |\n|---|---|\n| c | d |\n\n", count: 20_000)
        #expect(text(tables)?.utf8.count { $0 == 0x0A } == 39_999)
    }
}
