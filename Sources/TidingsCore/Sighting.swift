/// The rule that made a sighting's key. It is stored with the sighting, because a source keeps the rule it began with.
package enum KeyRule: String, Sendable {
    /// Path of the file relative to its root.
    case path
    /// Trimmed guid or id.
    case id
    /// Canonical link.
    case link
    /// Hash of title and date.
    case content
    /// Address of a page, as the settings list it.
    case page
    /// Position in the file, from 1. Older states have such keys; no new ones are made.
    case position
}

/// Two keys are equal if their bytes are: `String` would treat two spellings of an accent as equal (BEHAVIOURS 39).
package struct SightingKey: Hashable, Sendable {
    package let value: String
    package let rule: KeyRule

    package init(_ value: String, _ rule: KeyRule) {
        self.value = value
        self.rule = rule
    }

    package static func == (left: SightingKey, right: SightingKey) -> Bool {
        left.rule == right.rule && left.value.utf8.elementsEqual(right.value.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(value)
    }
}

/// The keys of a feed's items: the id if it is present and unique in the document, else the canonical link if that is
/// unique, else a hash of title and date. If a key is still repeated, a count is appended, so that no item is lost; the
/// content of the items, not their order in the document, decides which of them is first.
package func feedKeys(_ items: [Item]) -> [SightingKey] {
    let ids = items.map { $0.key(.id) }
    let links = items.map { $0.key(.link) }
    var counts: [SightingKey: Int] = [:]
    for key in (ids + links).compactMap(\.self) { counts[key, default: 0] += 1 }
    var keys = items.indices.map { position in
        for key in [ids[position], links[position]] {
            if let key, counts[key] == 1 { return key }
        }
        return SightingKey(titleAndDateHash(items[position]), .content)
    }
    number(&keys, by: items.map(\.rawHash))
    return keys
}

extension Item {
    /// The key made from the id, or from the canonical link; nil if the item has none. An empty id does not count.
    func key(_ rule: KeyRule) -> SightingKey? {
        let value = rule == .id ? id : identifyingURL
        return value.flatMap { $0.isEmpty ? nil : SightingKey($0, rule) }
    }
}

/// The keys of the items in a file that holds several: `path#id`, or for an item that has no unique id a hash of title
/// and date behind the `#`. The ledger keeps such an item under the key that it has (`keptFileKeys`).
package func fileKeys(_ items: [Item], path: String) -> [SightingKey] {
    let ids = counts(items.map(\.id))
    var keys = items.map { item in
        if let id = item.id, !id.isEmpty, ids[id] == 1 { return SightingKey("\(path)#\(id)", .id) }
        return SightingKey("\(path)#\(titleAndDateHash(item))", .content)
    }
    number(&keys, by: items.map(\.rawHash))
    return keys
}

private func counts(_ values: [String?]) -> [String: Int] {
    values.reduce(into: [:]) { counts, value in
        if let value { counts[value, default: 0] += 1 }
    }
}

private func titleAndDateHash(_ item: Item) -> String {
    let hash = ContentHash.of(Array("\(item.title ?? "")\0\(item.datePublished?.description ?? "")".utf8))
    return "content:" + hex(Array(hash.bytes.prefix(16)))
}

/// Appends `-2`, `-3` … to keys that are repeated, in the order of their raw hashes.
private func number(_ keys: inout [SightingKey], by hashes: [ContentHash]) {
    let positions = Dictionary(grouping: keys.indices) { SightingKey(keys[$0].value, .content) }
    guard positions.count < keys.count else { return }
    for (value, same) in positions where same.count > 1 {
        // An id stays as it is.
        let ordered = same.sorted { left, right in
            let isID = (keys[left].rule == .id, keys[right].rule == .id)
            return isID.0 == isID.1 ? hashes[left].description < hashes[right].description : isID.0
        }
        for (count, position) in ordered.enumerated() where count > 0 {
            var name = "\(value.value)-\(count + 1)"
            // Unlikely, but two items under one key would look like two versions of one article.
            while positions[SightingKey(name, .content)] != nil { name += "-" }
            keys[position] = SightingKey(name, keys[position].rule)
        }
    }
}
