import Testing
import TidingsCore

@Suite("Items of a file without ids") struct KeptFileKeysTests {
    private let long = "The mill by the lock has a new wheel, which turns by day and by night, whatever the weather may be"

    private func seen(_ texts: [(title: String?, text: String)]) -> [SeenItem] {
        let items = texts.map { Item(title: $0.title, text: $0.text, rawHash: Item.rawHash(title: $0.title, body: Array($0.text.utf8))) }
        return zip(fileKeys(items, path: "f"), items).map { SeenItem(key: $0, item: $1) }
    }

    /// The places in `old` of the items that `new` continues; nil for a new item.
    private func continued(_ old: [(title: String?, text: String)], _ new: [(title: String?, text: String)]) -> [Int?] {
        let before = seen(old)
        let holders = before.enumerated().map { number, item in
            FileItemHolder(
                key: SightingKey("f#\(number + 1)", .position), rawHash: item.item.rawHash, shownHash: item.form.hash,
                canonicalURL: item.canonicalURL)
        }
        let forms = Dictionary(uniqueKeysWithValues: zip(holders.map(\.key), before.map(\.form)))
        let keys = keptFileKeys(seen(new), holders: holders) { forms[$0.key] }
        #expect(Set(keys.map(\.value)).count == new.count)
        return keys.map { key in holders.firstIndex { $0.key == key } }
    }

    @Test("one on top, one less, another order")
    func order() {
        let (a, b, c) = ((nil as String?, "A."), (nil as String?, "B."), (nil as String?, "C."))
        #expect(continued([a, b], [c, a, b]) == [nil, 0, 1])
        #expect(continued([a, b, c], [a, c]) == [0, 2])
        #expect(continued([a, b, c], [c, a, b]) == [2, 0, 1])
        #expect(continued([a, a, b], [a, b, a]) == [0, 2, 1])
        #expect(continued([], [a, a]) == [nil, nil])
    }

    @Test("an edited item is known by its title, else by nearly its text")
    func edited() {
        #expect(continued([("North", "1."), ("South", "2.")], [("West", "3."), ("South", "4."), ("North", "5.")]) == [nil, 1, 0])
        #expect(continued([("North", "1."), ("South", "2.")], [("South", "2."), ("West", "1.")]) == [1, 0])
        #expect(continued([("North", ""), ("South", "")], [("East", ""), ("West", "")]) == [nil, nil])
        #expect(continued([(nil, long), (nil, "B.")], [(nil, "C."), (nil, long + ", since Monday.")]) == [nil, 0])
    }

    @Test("a title that several have picks none, and a short text is not guessed")
    func doubtful() {
        #expect(continued([("Log", "1."), ("Log", "2.")], [("Log", "3."), ("Log", "4.")]) == [nil, nil])
        #expect(continued([("Log", "1."), ("Log", "2.")], [("Log", "3."), ("Log", "2.")]) == [0, 1])
        #expect(continued([(nil, "Water 12")], [(nil, "Water 13")]) == [nil])
    }

    @Test("a new item never takes the key of a known one that says something else by now")
    func keyInUse() {
        let born = seen([("Tide", "1.")])[0]
        // It was retitled since, and is in the file still.
        let now = seen([("Ebb", "1. And more of it.")])[0]
        let holder = FileItemHolder(key: born.key, rawHash: now.item.rawHash, shownHash: now.form.hash, canonicalURL: nil)
        let keys = keptFileKeys(seen([("Tide", "9."), ("Ebb", "1. And more of it.")]), holders: [holder]) { _ in now.form }
        #expect(keys[1] == born.key)
        #expect(keys[0].value == born.key.value + "-2")
    }
}
