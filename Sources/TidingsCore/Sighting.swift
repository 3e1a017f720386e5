/// The rule by which a sighting's key was found. Stored with the sighting, because a source keeps the rule it began with.
package enum KeyRule: String, Sendable {
    /// Path of the file relative to its root.
    case path
    /// Trimmed guid or id.
    case id
    /// Canonical link.
    case link
    /// Hash of title and date.
    case content
    /// Position in the document, from 1.
    case position
}

package struct SightingKey: Hashable, Sendable {
    package let value: String
    package let rule: KeyRule

    package init(_ value: String, _ rule: KeyRule) {
        self.value = value
        self.rule = rule
    }
}

/// The keys of a feed's items: the id where it is present and unique in the document, else the canonical link where that is
/// unique, else a hash of title and date. Where even these are repeated a count is appended, so that no item is lost; which of two
/// is first then depends on their content and not on their order in the document.
package func feedKeys(_ items: [Item]) -> [SightingKey] {
    let ids = counts(items.map(\.id))
    let links = items.map { $0.url.flatMap(CanonicalURL.of) }
    let linkCounts = counts(links)
    var keys = zip(items, links).map { item, link in
        if let id = item.id, ids[id] == 1 { return SightingKey(id, .id) }
        if let link, linkCounts[link] == 1 { return SightingKey(link, .link) }
        return SightingKey(titleAndDateHash(item), .content)
    }
    number(&keys, by: items.map(\.rawHash))
    return keys
}

/// The keys of the items in a file that holds several: `path#id`, or `path#n` for the n-th where there is no unique id.
package func fileKeys(_ items: [Item], path: String) -> [SightingKey] {
    let ids = counts(items.map(\.id))
    return items.enumerated().map { position, item in
        if let id = item.id, ids[id] == 1 { return SightingKey("\(path)#\(id)", .id) }
        // An item may have for its id what is the position of another.
        var name = "\(position + 1)"
        while ids[name] == 1 { name += "'" }
        return SightingKey("\(path)#\(name)", .position)
    }
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
    let positions = Dictionary(grouping: keys.indices) { keys[$0].value }
    guard positions.count < keys.count else { return }
    for (value, same) in positions where same.count > 1 {
        let ordered = same.sorted { hashes[$0].description < hashes[$1].description }
        for (count, position) in ordered.enumerated() where count > 0 {
            var name = "\(value)-\(count + 1)"
            // Unlikely, but two items under one key would pass for two versions of one article.
            while positions[name] != nil { name += "-" }
            keys[position] = SightingKey(name, keys[position].rule)
        }
    }
}
