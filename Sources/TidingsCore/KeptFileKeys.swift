// An item without an id is known by its content, never by its position in the file: an item that is added at the top would
// shift the histories of all items below it. Its key is made when it is first seen, and stays.

/// A live sighting of an item that has no id, in a file that holds several.
package struct FileItemHolder: Equatable, Sendable {
    package let key: SightingKey
    package let rawHash: ContentHash
    package let shownHash: ContentHash
    package let canonicalURL: String?

    package init(key: SightingKey, rawHash: ContentHash, shownHash: ContentHash, canonicalURL: String?) {
        self.key = key
        self.rawHash = rawHash
        self.shownHash = shownHash
        self.canonicalURL = canonicalURL
    }
}

/// Most pairs of a new item and a known one whose texts are compared.
private let pairLimit = 1_024

/// The keys of a file's items. An item without an id gets the key of the sighting that it continues: the one with its raw
/// bytes, else with its content, its address, its title, its text, or nearly its text. Each of these counts only where it picks one
/// item and one sighting. Any other item gets the key that the document gives, or a free one like it.
/// - Parameters:
///   - items: all items of the file, in its order.
///   - holders: the file's live sightings without ids, the oldest first.
///   - form: what a sighting last showed; nil if it is not stored any more.
package func keptFileKeys<Failure>(
    _ items: [SeenItem], holders: [FileItemHolder],
    form: (FileItemHolder) throws(Failure) -> CanonicalForm?
) throws(Failure) -> [SightingKey] {
    var matching = FileItemMatching(items, holders)
    // Equal items are one content: any of them may continue any sighting of it.
    matching.pairEqual(\.item.rawHash, \.rawHash)
    matching.pairEqual(\.form.hash, \.shownHash)
    matching.pairUnique({ $0.canonicalURL }, { $0.canonicalURL })
    if matching.isOpen {
        var forms: [CanonicalForm?] = Array(repeating: nil, count: holders.count)
        for position in matching.openHolders { forms[position] = try form(holders[position]) }
        matching.pairUnique(of: forms.map { $0?.title }) { $0.form.title }
        // An item that was given another title.
        matching.pairUnique(of: forms.map { $0?.text.nilIfEmpty }) { $0.form.text.nilIfEmpty }
        matching.pairNearlySame(forms)
    }
    return matching.keys
}

private struct FileItemMatching {
    private let items: [SeenItem]
    private let holders: [FileItemHolder]
    private var openItems: [Int]
    private(set) var openHolders: [Int]
    private var kept: [Int: SightingKey] = [:]

    init(_ items: [SeenItem], _ holders: [FileItemHolder]) {
        self.items = items
        self.holders = holders
        openItems = items.indices.filter { items[$0].key.rule == .content }
        let ids = Set(items.lazy.filter { $0.key.rule != .content }.map(\.key.value))
        openHolders = holders.indices.filter { !ids.contains(holders[$0].key.value) }
    }

    var isOpen: Bool { !openItems.isEmpty && !openHolders.isEmpty }

    private mutating func pair(_ pairs: [(item: Int, holder: Int)]) {
        guard !pairs.isEmpty else { return }
        for pair in pairs { kept[pair.item] = holders[pair.holder].key }
        let doneItems = Set(pairs.map(\.item))
        let doneHolders = Set(pairs.map(\.holder))
        openItems.removeAll(where: doneItems.contains)
        openHolders.removeAll(where: doneHolders.contains)
    }

    /// Pairs items and sightings with the same hash: those under the same key first, the others in their order.
    mutating func pairEqual(_ ofItem: (SeenItem) -> ContentHash, _ ofHolder: (FileItemHolder) -> ContentHash) {
        guard isOpen else { return }
        var waiting = Dictionary(grouping: openHolders) { ofHolder(holders[$0]) }
        var pairs: [(item: Int, holder: Int)] = []
        func take(_ item: Int, where isWanted: (Int) -> Bool) -> Bool {
            let hash = ofItem(items[item])
            guard let place = waiting[hash]?.firstIndex(where: isWanted), let holder = waiting[hash]?.remove(at: place)
            else { return false }
            pairs.append((item, holder))
            return true
        }
        let others = openItems.filter { item in !take(item) { holders[$0].key.value == items[item].key.value } }
        for item in others { _ = take(item) { _ in true } }
        pair(pairs)
    }

    /// Pairs an item and a sighting if no other open item and no other open sighting has the same mark.
    mutating func pairUnique(_ ofItem: (SeenItem) -> String?, _ ofHolder: (FileItemHolder) -> String?) {
        pairUnique(of: holders.map(ofHolder), ofItem)
    }

    /// - Parameter marks: one for each sighting.
    mutating func pairUnique(of marks: [String?], _ ofItem: (SeenItem) -> String?) {
        guard isOpen else { return }
        let byItem = Dictionary(grouping: openItems) { ofItem(items[$0]) }
        let byHolder = Dictionary(grouping: openHolders) { marks[$0] }
        pair(
            byItem.compactMap { mark, same in
                guard mark != nil, same.count == 1, let holder = byHolder[mark], holder.count == 1 else { return nil }
                return (same[0], holder[0])
            })
    }

    mutating func pairNearlySame(_ forms: [CanonicalForm?]) {
        guard isOpen, openItems.count * openHolders.count <= pairLimit else { return }
        var found: [(item: Int, holder: Int)] = []
        for item in openItems {
            for holder in openHolders {
                if let form = forms[holder], isNearlySame(form, items[item].form) { found.append((item, holder)) }
            }
        }
        pair(found.filter { one in found.count { $0.item == one.item || $0.holder == one.holder } == 1 })
    }

    /// All keys. A key that a known sighting has is not given to a new item.
    var keys: [SightingKey] {
        var used = Set(holders.map(\.key.value))
        used.formUnion(items.lazy.filter { $0.key.rule != .content }.map(\.key.value))
        return items.indices.map { position in
            if let key = kept[position] { return key }
            let given = items[position].key
            guard given.rule == .content else { return given }
            var name = given.value
            var count = 1
            while !used.insert(name).inserted {
                count += 1
                name = "\(given.value)-\(count)"
            }
            return SightingKey(name, given.rule)
        }
    }
}

extension String {
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
