import TestSupport
import Testing
@testable import TidingsCore

@Suite("Identity") struct IdentityTests {
    @Test("an article's id never changes", arguments: [
        ("world", "a.txt", 0, "t4fdxxxindrhstlkewjpdxhako"), ("world", "a.txt", 1, "k26sqxux6rjdfohiw65525xpf4"), ("feed", "https://news.test/?p=1", 0, "aog6mxvrbedrdqicv4whwul7xq"),
    ])
    func articleID(source: String, key: String, ordinal: Int, id: String) {
        let made = ArticleID(source: source, key: key, ordinal: ordinal)
        #expect(made.description == id)
        #expect(ArticleID(id) == made)
    }

    @Test("source and key do not run together in an id")
    func separated() {
        #expect(ArticleID(source: "ab", key: "c") != ArticleID(source: "a", key: "bc"))
    }

    @Test("what has not the shape of an id is none", arguments: [
        "", "abc", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxy1", "abcdefghijklmnopqrstuvwxyzz",
    ])
    func noID(text: String) { #expect(ArticleID(text) == nil) }

    @Test("a hash is read back as it was written, and nothing else is one")
    func hash() {
        let hash = ContentHash.of(Array("abc".utf8))
        // FIPS 180-4's own example.
        #expect(hash.description == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(ContentHash(hash.description) == hash)
        #expect(ContentHash(bytes: hash.bytes) == hash)
        #expect(ContentHash.of(Array("a".utf8), Array("bc".utf8)) == hash)
        #expect(ContentHash(bytes: Array(hash.bytes.dropLast())) == nil)
        #expect(ContentHash(hash.description.uppercased()) == nil)
        #expect(ContentHash(String(hash.description.dropLast())) == nil)
        #expect(ContentHash("sha1:" + hash.description.dropFirst(7)) == nil)
    }

    @Test("addresses of one page are one", arguments: [
        ("the scheme does not count", "http://news.test/a", "https://news.test/a"),
        ("a leading www. does not count", "https://www.news.test/a", "https://news.test/a"),
        ("a trailing slash does not count", "https://news.test/a/", "https://news.test/a"),
        ("a fragment does not count", "https://news.test/a#top?x=1", "https://news.test/a"),
        ("the case of scheme and host does not count", "HTTPS://NEWS.Test/a", "https://news.test/a"),
        ("default ports do not count", "http://news.test:80/a", "https://news.test:443/a"),
        ("who logs in does not count", "https://me:secret@news.test/a", "https://news.test/a"),
        ("campaign parameters do not count", "https://news.test/a?utm_source=x&UTM_Medium=y&fbclid=z", "https://news.test/a"),
        ("the others stay among them", "https://news.test/?utm_source=x&p=1&gclid=2", "https://news.test/?p=1"),
        ("empty parameters do not count", "https://news.test/a?&p=1&", "https://news.test/a?p=1"),
        ("a fragment counts not even before a combining mark", "https://news.test/a#\u{301}", "https://news.test/a"),
    ])
    func sameURL(rule: String, one: String, other: String) {
        #expect(CanonicalURL.of(one) == CanonicalURL.of(other), "\(rule)")
        #expect(CanonicalURL.of(one) != nil)
    }

    @Test("addresses of two pages are two", arguments: [
        ("the case of a path counts", "https://news.test/A", "https://news.test/a"),
        ("parameters count", "https://news.test/?p=1", "https://news.test/?p=2"),
        ("another port is another site", "https://news.test:8080/a", "https://news.test/a"),
        ("another host is another site", "https://m.news.test/a", "https://news.test/a"),
        ("a parameter that only begins like a tracker counts", "https://news.test/a?reference=1", "https://news.test/a"),
    ])
    func otherURL(rule: String, one: String, other: String) {
        #expect(CanonicalURL.of(one) != CanonicalURL.of(other), "\(rule)")
    }

    @Test("what names no article has no canonical URL", arguments: [
        "", "news.test/a", "/a", "mailto:a@news.test", "tag:news.test,2026:1", "https://", "https:///a", "https://news.test",
        "https://news.test/", "https://news.test/?utm_source=x", "https://news.test/#a", "urn:uuid:1", "ftp://news.test/a",
    ])
    func noURL(text: String) { #expect(CanonicalURL.of(text) == nil) }

    @Test("a guid that is a URL keeps path and query when scheme, host and tracking change")
    func alias() {
        #expect(CanonicalURL.alias(ofID: "http://old.test/?p=17") == "?p=17")
        #expect(CanonicalURL.alias(ofID: "https://www.new.test/?p=17&utm_medium=rss") == "?p=17")
        #expect(CanonicalURL.alias(ofID: "https://new.test/2026/a/") == "/2026/a")
        #expect(CanonicalURL.alias(ofID: "https://new.test/") == nil)
        #expect(CanonicalURL.alias(ofID: "17") == nil)
    }

    private func item(_ id: String?, _ title: String = "t", url: String? = nil, body: String = "b") -> Item {
        Item(id: id, title: title, url: url, text: body, rawHash: Item.rawHash(title: title, body: Array(body.utf8)))
    }

    @Test("a feed's item is known by its id, else its link, else its title and date")
    func feedKeysByRule() {
        let keys = feedKeys([
            item("1", url: "https://news.test/a"), item("2", url: "https://news.test/b"), item("2", url: "https://news.test/c"),
            item(nil, url: "https://news.test/d"), item(nil, "Alone"),
        ])
        #expect(keys.map(\.rule) == [.id, .link, .link, .link, .content])
        #expect(keys.prefix(4).map(\.value) == ["1", "news.test/b", "news.test/c", "news.test/d"])
        #expect(keys[4].value.hasPrefix("content:"))
    }

    @Test("items that share id, link, title and date are all kept, under keys that do not depend on their order")
    func repeatedItems() {
        let items = [
            item("1", body: "x"), item("1", body: "y"), item("1", body: "z"), item("2", url: "https://news.test/s"),
            item(nil, "u", url: "https://news.test/s"), item("news.test/l"), item(nil, "v", url: "https://news.test/l"),
        ]
        let keys = feedKeys(items)
        #expect(Set(keys.map(\.value)).count == items.count)
        var random = Seeded(seed: 7)
        for _ in 0..<20 {
            let order = items.indices.shuffled(using: &random)
            #expect(feedKeys(order.map { items[$0] }) == order.map { keys[$0] })
        }
    }

    @Test("no two items have one key even where ids look like our own")
    func forgedKeys() {
        let forged = feedKeys([
            item("x"), item(nil, url: "https://x.test/a", body: "1"), item("x.test/a", body: "2"), item("x.test/a-2", body: "3"),
        ])
        #expect(Set(forged.map(\.value)).count == 4)
        let own = fileKeys([item(nil, "Tide", body: "1")], path: "list.json")[0].value
        let id = String(own.dropFirst("list.json#".count))
        let items = [item(nil, "Tide", body: "1"), item(id), item(nil, "Tide", body: "2")]
        #expect(Set(fileKeys(items, path: "list.json").map(\.value)).count == 3)
        #expect(fileKeys(items, path: "list.json")[1] == SightingKey(own, .id))
    }

    @Test("a file's items are known by their ids, else by what they say, in whatever order")
    func keysOfFile() {
        let items = [item("a"), item(nil, "North", body: "1"), item("b", "East"), item("b", "West"), item(nil, "North", body: "2")]
        let keys = fileKeys(items, path: "d/f.json")
        #expect(keys.map(\.rule) == [.id, .content, .content, .content, .content])
        #expect(keys[0].value == "d/f.json#a")
        #expect(keys.allSatisfy { $0.value.hasPrefix("d/f.json#") })
        #expect(Set(keys).count == 5)
        #expect(fileKeys(items.reversed(), path: "d/f.json") == keys.reversed())
    }

    @Test("ids are compared byte for byte, and an empty one is none")
    func bytesOfIDs() {
        let keys = feedKeys([item("caf\u{E9}"), item("cafe\u{301}"), item("A"), item("a"), item("", url: "https://news.test/e")])
        #expect(keys.map(\.rule) == [.id, .id, .id, .id, .link])
        #expect(keys.map { Array($0.value.utf8) }[0] == Array("caf\u{E9}".utf8))
        #expect(Set(keys).count == 5)
    }

    /// The keys of `items`, where sightings of `known` items are known under these keys.
    private func kept(_ items: [Item], known: [(SightingKey, Item)]) -> [String] {
        let holders = known.map { KeyHolder(key: $0, canonicalURL: $1.url.flatMap(CanonicalURL.of), rawHash: $1.rawHash) }
        let keys = feedKeys(items)
        #expect(keys.count == items.count)
        let claims = zip(keys, items).map { key, item in
            KeyClaim(SeenItem(key: key, item: item)) { key in holders.first { $0.key == key } }
        }
        return keptKeys(claims).map(\.value)
    }

    @Test("an item keeps the key that it is known under")
    func keepsItsKey() {
        let a = item("g", "A", url: "https://news.test/a")
        let b = item("g", "B", url: "https://news.test/b")
        let edited = item("g", "A, edited", url: "https://news.test/a")
        let id = SightingKey("g", .id)
        let link = SightingKey("news.test/a", .link)
        #expect(kept([a, b], known: [(id, a)]) == ["g", "news.test/b"], "a repeated guid stays with the item that had it")
        #expect(kept([b, edited], known: [(id, a)]) == ["news.test/b", "g"], "though it is edited, and wherever it stands")
        #expect(kept([b], known: [(id, a), (SightingKey("news.test/b", .link), b)]) == ["news.test/b"], "and the other with its link")
        #expect(kept([a], known: [(link, a)]) == ["news.test/a"], "a guid that comes later changes nothing")
        #expect(kept([b], known: [(id, a)]) == ["g"], "a guid alone goes with a new link")
        #expect(kept([a, a], known: [(id, a)]).contains("g") == false, "of two that are alike none can be told to be it")
    }
}
