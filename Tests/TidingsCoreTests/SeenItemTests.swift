import Testing

@testable import TidingsCore

@Suite struct SeenItemTests {
    @Test("the address of an attached file identifies no item", arguments: [
        (id: "hour-9", url: "https://radio.example/news.mp3", expected: nil),
        (id: nil, url: "https://radio.example/news.mp3", expected: nil),
        (id: "hour-9", url: "https://radio.example/hour/9", expected: "https://radio.example/hour/9"),
    ] as [(id: String?, url: String, expected: String?)])
    func identifies(id: String?, url: String, expected: String?) {
        var item = Item(id: id, title: "News", url: url, rawHash: Item.rawHash(title: "News", body: []))
        item.attachments = [Attachment(url: "https://radio.example/news.mp3")]
        let canonical = expected.flatMap(CanonicalURL.of)
        #expect(item.identifyingURL == canonical)
        let key = feedKeys([item])[0]
        #expect(SeenItem(key: key, item: item).canonicalURL == canonical)
        #expect(UnchangedItem(key: key, item: item).canonicalURL == canonical)
    }

    @Test("items that share a file are told apart by title and date, and an id outweighs the file")
    func sharedFile() {
        func episode(_ title: String, id: String? = nil) -> Item {
            var item = Item(id: id, title: title, url: "https://radio.example/live", rawHash: Item.rawHash(title: title, body: []))
            item.attachments = [Attachment(url: "https://radio.example/live")]
            return item
        }
        #expect(Set(feedKeys([episode("One"), episode("Two")]).map(\.rule)) == [.content])
        #expect(feedKeys([episode("One")]).map(\.rule) == [.content])
        #expect(feedKeys([episode("One", id: "1"), episode("Two", id: "2")]).map(\.value) == ["1", "2"])
    }
}
