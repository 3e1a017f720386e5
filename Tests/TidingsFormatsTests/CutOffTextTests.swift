import TidingsCore
import Testing

@testable import TidingsFormats

@Suite("Texts of feeds that end before the article does") struct CutOffTextTests {
    private func item(_ description: String, title: String = "A bell for the harbour") throws -> Item {
        let document = try read(rss("<title>\(title)</title><link>https://quay.example/bell?utm_source=rss</link><description><![CDATA[\(description)]]></description>"))
        return try #require(document.items.first)
    }

    @Test("an ellipsis, words or a link at the end say that there is more", arguments: [
        "The bell came by ship…", "The bell came by ship...", "<p>The bell came by ship [&#8230;]</p>", "The bell came by ship (...)",
        "<p>The bell came by ship. Read more</p>", "<p>The bell came by ship.</p><p>Read more »</p>", "The bell came by ship. [Continue reading &rarr;]",
        "<p>Колокол привезли. <b>Читать далее</b></p>", "<p>The bell came by ship. Continue reading A bell for the harbour</p>",
        "<p>The bell came by ship. <a href='https://quay.example/bell'>To the quay</a></p>",
        "<p>The bell came by ship. <a href='//quay.example/bell'>→ To the quay</a> <img src='https://quay.example/p.gif'></p>",
        "<p>The bell came by ship&hellip;</p><p>The post <a href='https://quay.example/bell'>A bell for the harbour</a> appeared first on <a href='https://quay.example'>Quay</a>.</p>",
    ])
    func cutOff(description: String) throws {
        let item = try item(description)
        #expect(item.isCutOff)
        // What is noticed is not taken away.
        #expect(item.rawHash == Item.rawHash(title: "A bell for the harbour", body: Array(description.utf8)))
        #expect(item.text.hasPrefix("The bell came by ship") || item.text == "Колокол привезли. Читать далее")
    }

    @Test("a text that ends as texts do is not cut off", arguments: [
        "", "The bell came by ship.", "<p>The bell … came by ship.</p>", "He wants more", "The crew wants to read more books.", "Such bells, and many more",
        "<p>The bell came by ship. <a href='https://quay.example/ship'>The ship</a></p>",
        "<p>The bell came by ship. <a href='https://quay.example/bell#comments'>Comments</a></p>",
        "<p>The bell came by ship. <a href='https://quay.example/bell'>★</a></p>",
        "<p>The <a href='https://quay.example/bell'>bell</a> came by ship.</p>",
        "<p>The bell came.</p><p>The post <a href='https://quay.example/bell'>A bell for the harbour</a> appeared first on <a href='https://quay.example'>Quay</a>.</p>",
    ])
    func complete(description: String) throws { #expect(try !item(description).isCutOff) }

    @Test("other formats say it too")
    func formats() throws {
        let entry = "<id>1</id><title>A</title><summary type='html'>By ship &lt;a href=\"https://quay.example/1\"&gt;more of it&lt;/a&gt;</summary><link href='https://quay.example/1'/>"
        #expect(try read(atom(entry)).items.map(\.isCutOff) == [true])
        let json = #"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","content_text":"By ship…"},{"id":"2","content_text":"By ship."}]}"#
        #expect(try read(json, as: "feed.json").items.map(\.isCutOff) == [true, false])
    }

    @Test("a long ending costs little", .timeLimit(.minutes(1)))
    func long() throws {
        let clock = ContinuousClock()
        for end in [String(repeating: "<a href='https://quay.example/bell'>", count: 4000), String(repeating: "<a b='", count: 20_000), String(repeating: "more ", count: 50_000)] {
            var taken = Duration.zero
            let description = "By ship " + end
            taken = try clock.measure { _ = try item(description) }
            #expect(taken < .seconds(5))
        }
    }
}
