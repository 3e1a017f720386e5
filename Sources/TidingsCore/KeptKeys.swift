// The document alone determines the keys of a feed's items (`feedKeys`), and documents waver: a guid is repeated for a
// while, or a link gets a guid. The articles stay the same, so an item keeps the key that the ledger knows it by.

/// A sighting of a feed, reduced to what decides whether an item continues it.
package struct KeyHolder: Equatable, Sendable {
    package let key: SightingKey
    package let canonicalURL: String?
    package let rawHash: ContentHash

    package init(key: SightingKey, canonicalURL: String?, rawHash: ContentHash) {
        self.key = key
        self.canonicalURL = canonicalURL
        self.rawHash = rawHash
    }
}

/// An item of a feed, with the sightings that it may continue.
package struct KeyClaim: Sendable {
    package let item: SeenItem
    /// The sighting under the key that the document gives the item.
    package let given: KeyHolder?
    /// The sighting whose key is the item's id, and the one whose key is its link; either may be `given` too.
    package let byID: KeyHolder?
    package let byLink: KeyHolder?

    /// - Parameter holder: the sighting under a key, if there is one.
    package init<Failure>(
        _ item: SeenItem, holder: (SightingKey) throws(Failure) -> KeyHolder?
    ) throws(Failure) {
        self.item = item
        let given = try holder(item.key)
        self.given = given
        // Most items are unchanged under their keys, and need no other sightings.
        if given?.rawHash == item.item.rawHash {
            byID = nil
            byLink = nil
        } else {
            func under(_ rule: KeyRule) throws(Failure) -> KeyHolder? {
                guard let key = item.item.key(rule) else { return nil }
                return key == item.key ? given : try holder(key)
            }
            byID = try under(.id)
            byLink = try under(.link)
        }
    }

    /// Whether the ledger has the key that the document gives and it certainly is the item's: its sighting has the
    /// item's raw bytes or its link, or no other sighting could be the item's.
    fileprivate var isSettled: Bool {
        guard let given else { return false }
        return item.item.rawHash == given.rawHash || item.hasLink(of: given)
            || [byID, byLink].allSatisfy { $0 == nil || $0?.key == given.key }
    }
}

/// The keys of the items: for each the one that the ledger knows it by, or else the one that the document gives. A
/// sighting continues as the one item that has its raw bytes, else as the one that has its link; if several have, as
/// none.
/// - Parameter taken: keys of the document's other items.
package func keptKeys(_ claims: [KeyClaim], beside taken: [SightingKey] = []) -> [SightingKey] {
    let given = claims.map(\.item.key)
    var open = claims.indices.filter { (claims[$0].byID ?? claims[$0].byLink) != nil && !claims[$0].isSettled }
    guard !open.isEmpty else { return given }
    var keys = given
    var owned = Set(taken).union(claims.filter(\.isSettled).map(\.item.key))
    for candidate in [\KeyClaim.byID, \.byLink] {
        let claimants = open.reduce(into: [SightingKey: [Int]]()) { groups, position in
            if let holder = claims[position][keyPath: candidate] { groups[holder.key, default: []].append(position) }
        }
        for (key, positions) in claimants where !owned.contains(key) {
            guard let holder = claims[positions[0]][keyPath: candidate] else { continue }
            let sameBytes = positions.filter { claims[$0].item.item.rawHash == holder.rawHash }
            let sameLink = positions.filter { claims[$0].item.hasLink(of: holder) }
            guard let winner = only(sameBytes) ?? only(sameLink) else { continue }
            keys[winner] = key
            owned.insert(key)
            open.removeAll { $0 == winner }
        }
    }
    // An id may look like a link. A changed key is better than two items under one key.
    return Set((keys + taken).map(\.value)).count == keys.count + taken.count ? keys : given
}

extension SeenItem {
    fileprivate func hasLink(of holder: KeyHolder) -> Bool { canonicalURL != nil && canonicalURL == holder.canonicalURL }
}

private func only(_ positions: [Int]) -> Int? { positions.count == 1 ? positions.first : nil }
