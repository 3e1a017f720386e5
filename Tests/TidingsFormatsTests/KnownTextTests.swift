import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct KnownTextTests {
    @Test("the text of an item that is known by its raw hash is left out, and nothing else", arguments: [
        ("feed.xml", rss("<guid>1</guid><title>Tide</title><description>&lt;p&gt;High&lt;/p&gt;</description>")),
        ("feed.xml", atom("<id>1</id><title>Tide</title><content type=\"html\">&lt;p&gt;High&lt;/p&gt;</content><summary>S</summary>")),
        ("feed.json", #"{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Tide", "content_html": "<p>High</p>"}]}"#),
    ])
    func known(file: String, text: String) throws {
        let bytes = Array(text.utf8)
        var item = try #require(try readDocument(bytes, hints: DocumentHints(fileName: file, keepsHTML: true)).items.first)
        #expect(item.isTextDerived)
        #expect(item.text == "High")
        let hints = DocumentHints(fileName: file, keepsHTML: true, knownRawHashes: [item.rawHash])
        let known = try readDocument(bytes, hints: hints).items
        item.text = ""
        item.summary = nil
        item.contentHTML = nil
        item.isTextDerived = false
        #expect(known == [item])
    }
}
