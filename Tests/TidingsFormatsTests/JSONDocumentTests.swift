import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct JSONDocumentTests {
    @Test("a JSON Feed is read; what an item lacks comes from its feed")
    func feed() throws {
        let document = try read(
            """
            {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "home_page_url": "https://h.example/",
             "feed_url": "https://h.example/feed.json", "language": "en", "authors": [{"name": "Ann"}],
             "items": [{"id": 17, "url": "/17", "title": "Tide", "content_html": "<p>High</p>", "summary": "Short",
                        "date_published": "2026-02-20T10:00:00Z", "date_modified": "2026-02-20T11:00:00Z", "tags": ["sea"]},
                       {"id": "18", "content_text": "One\\n\\nTwo", "author": {"name": "Bo", "url": "https://bo.example/"}}]}
            """, as: "feed.json")
        #expect(document.format == .jsonFeed)
        #expect(document.shape == .window)
        #expect(document.version == "json11")
        #expect(
            document.items == [
                Item(
                    id: "17", title: "Tide", url: "https://h.example/17", datePublished: ItemDate("2026-02-20T10:00:00Z"),
                    dateModified: ItemDate("2026-02-20T11:00:00Z"), authors: [Author(name: "Ann")], language: "en",
                    tags: ["sea"], summary: "Short", text: "High", contentHTML: "<p>High</p>",
                    rawHash: Item.rawHash(title: "Tide", body: Array("<p>High</p>".utf8))),
                Item(
                    id: "18", authors: [Author(name: "Bo", url: "https://bo.example/")], language: "en", text: "One\nTwo",
                    rawHash: Item.rawHash(title: nil, body: Array("One\n\nTwo".utf8))),
            ])
    }

    @Test("items are found under the names that programs use", arguments: [
        (#"[{"guid": "1", "link": "https://a.example/", "title": "T", "body": "B", "pubDate": "20 Feb 2026", "author": "Ann"}]"#, .list),
        (#"{"items": [{"id": 1, "url": "https://a.example/", "headline": "T", "text": "B", "date": "2026-02-20", "authors": ["Ann"]}]}"#,
         .list),
        (#"{"id": 1, "url": "https://a.example/", "title": "T", "content": "B", "published": "2026-02-20", "author": {"name": "Ann"}}"#,
         .single),
    ] as [(String, DocumentShape)])
    func aliases(text: String, shape: DocumentShape) throws {
        let document = try read(text, as: "items.json")
        #expect(document.shape == shape)
        #expect(
            document.items == [
                Item(
                    id: "1", title: "T", url: "https://a.example/", datePublished: ItemDate("2026-02-20"),
                    authors: [Author(name: "Ann")], text: "B", rawHash: Item.rawHash(title: "T", body: [0x42]))
            ])
    }

    @Test("several values on one line are all read, and those before a mistake")
    func valuesOnOneLine() throws {
        let document = try read("{\"title\":\"a\"}{\"title\":\"b\"} {\"title\":\"c\"},\n{\"title\":\"d\"} {\"title\":\n{\"title\":\"e\"}\n", as: "items.jsonl")
        #expect(document.items.map(\.title) == ["a", "b", "c", "d", "e"])
        #expect(document.problems.map(\.line) == [2])
        #expect(document.isPartial)
    }

    @Test("a bad line of JSON Lines is said with its number, and loses no other")
    func badLine() throws {
        let document = try read("{\"title\":\"a\"}\n\n{\"title\":\n{\"title\":\"c\"}\n[]\n", as: "items.jsonl")
        #expect(document.items.map(\.title) == ["a", "c"])
        #expect(document.shape == .list)
        #expect(document.isPartial)
        #expect(
            document.problems == [
                Problem("the document ends inside a value", line: 3), Problem("the line is no item", line: 5),
            ])
    }

    @Test("a truncated list keeps its whole items and is partial", arguments: [
        #"[{"title":"a"},{"title":"b"},{"title":"#,
        #"{"items":[{"title":"a"},{"title":"b"},{"ti"#,
        #"{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"},{"title":"b"},"#,
    ])
    func truncated(text: String) throws {
        let document = try read(text, as: "items.json")
        #expect(document.items.map(\.title) == ["a", "b"])
        #expect(document.isPartial)
        #expect(document.problems.count == 1)
    }

    @Test("strings are read with their escapes", arguments: [
        (#""a\n\t\"\\\/""#, "a\n\t\"\\/"),
        (#""\u00e9 \ud83d\ude00""#, "é 😀"),
        (#""\ud83d!""#, "\u{FFFD}!"),
    ])
    func escapes(json: String, text: String) throws {
        var reader = JSONReader(Array(json.utf8))
        #expect(try reader.document() == .string(text))
    }

    @Test("broken JSON is refused with its line", arguments: [
        ("{\"a\":1,\n\"b\" 2}", 2, "':' is expected"),
        ("[1 2]", 1, "',' or ']' is expected"),
        ("\"\\u12\"", 1, "a \\u escape has not four hexadecimal digits"),
        ("[tru]", 1, "a value is expected"),
        (String(repeating: "[", count: 100_000), 1, "values are nested deeper than \(JSONReader.depthLimit)"),
    ])
    func failures(json: String, line: Int, message: String) {
        #expect(throws: JSONReader.Failure(message: message, line: line)) {
            var reader = JSONReader(Array(json.utf8))
            _ = try reader.document()
        }
    }
}
