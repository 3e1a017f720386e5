import Testing
import TidingsCore
import TidingsFormats
import TidingsStore

@testable import TidingsDaemon

@Suite("Documents with more than the limits allow")
struct DocumentLimitTests {
    private func read(_ items: String..., limit: Int = 2, cutBytes: Int = 0) throws -> SeenDocument {
        var reader = DocumentReader()
        reader.itemLimit = limit
        reader.itemLimitBytes = 100
        let text = "<rss version='2.0'><channel><title>Harbour</title>\(items.joined())</channel></rss>"
        let capture = Capture(
            source: SourceID(row: 1), kind: .feed, locator: "https://harbour.test/feed", bytes: Array(text.utf8.dropLast(cutBytes)),
            hints: DocumentHints(expectsFeed: true))
        return try reader.read(capture).seen
    }

    private func item(_ day: Int, id: String, text: String = "A boat.") -> String {
        """
        <item><guid>\(id)</guid><link>https://harbour.test/\(day)</link><description>\(text)</description>
        <pubDate>0\(day) Mar 2026 08:00:00 GMT</pubDate></item>
        """
    }

    @Test("what is left out, by age or by size, is known to be shown")
    func shown() throws {
        let document = try read(item(1, id: "a"), item(2, id: "b"), item(4, id: "d", text: String(repeating: "boat ", count: 30)), item(3, id: "c"))
        #expect(document.entries.map(\.key.value) == ["b", "c"])
        #expect(document.leftOutKeys == ["a", "d"])
        #expect(document.isPartial)
    }

    @Test("the key of an item does not depend on which others are left out")
    func keys() throws {
        let items = (item(1, id: "same"), item(2, id: "same"), item(3, id: "c"))
        let whole = try read(items.0, items.1, items.2, limit: 3)
        let short = try read(items.0, items.1, items.2)
        #expect(short.entries.map(\.key) == Array(whole.entries.map(\.key).dropFirst()))
        #expect(short.entries.first?.key.rule == .link)
    }

    @Test("of a document that is cut, nobody knows what it shows")
    func cut() throws {
        let document = try read(item(1, id: "a"), item(2, id: "b"), cutBytes: 60)
        #expect(document.entries.map(\.key.value) == ["a"])
        #expect(document.leftOutKeys == nil)
    }
}
