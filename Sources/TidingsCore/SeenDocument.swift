/// The items that a document shows, in its order, on their way to the ledger.
package struct SeenDocument: Equatable, Sendable {
    package enum Entry: Equatable, Sendable {
        case seen(SeenItem)
        case known(UnchangedItem)
    }

    package var entries: [Entry]
    /// A feed or a digest, which shows the newest of many items: an item that it lacks is not therefore gone.
    package var isWindow: Bool
    /// Nothing may be inferred from the items that it lacks.
    package var isPartial: Bool
    /// The keys of the items that a limit has left out of `entries`. Nil if the document is cut or damaged, so that nobody knows which
    /// items it shows: then its tombstones are ignored, and no item takes over the key of another one.
    package var leftOutKeys: Set<String>?
    /// Ids that it declares deleted (RFC 6721).
    package var tombstones: [String]

    /// - Parameter leftOutKeys: nil stands for none, unless the document is partial.
    package init(
        entries: [Entry], isWindow: Bool = false, isPartial: Bool = false, leftOutKeys: Set<String>? = nil, tombstones: [String] = []
    ) {
        self.entries = entries
        self.isWindow = isWindow
        self.isPartial = isPartial
        self.leftOutKeys = leftOutKeys ?? (isPartial ? nil : [])
        self.tombstones = tombstones
    }

    package init(_ items: [SeenItem], isWindow: Bool = false, isPartial: Bool = false, tombstones: [String] = []) {
        self.init(entries: items.map(Entry.seen), isWindow: isWindow, isPartial: isPartial, tombstones: tombstones)
    }
}

/// An item of a feed whose raw hash and metadata are those that the ledger gave (`Ledger.shownItems`). Nothing was
/// derived from it, because it shows the same as before.
package struct UnchangedItem: Equatable, Sendable {
    package let key: SightingKey
    package let canonicalURL: String?
    package let date: ItemDate?
    package let dateModified: ItemDate?

    package init(key: SightingKey, item: Item) {
        self.key = key
        canonicalURL = item.identifyingURL
        date = item.orderDate
        dateModified = item.dateModified
    }
}

extension SeenDocument.Entry {
    package var key: SightingKey {
        switch self {
        case .seen(let item): item.key
        case .known(let item): item.key
        }
    }

    package var canonicalURL: String? {
        switch self {
        case .seen(let item): item.canonicalURL
        case .known(let item): item.canonicalURL
        }
    }

    /// The date by which a feed sorts its items, if it sorts them by date.
    package var date: ItemDate? {
        switch self {
        case .seen(let item): item.item.orderDate
        case .known(let item): item.date
        }
    }
}

extension SeenDocument.Entry {
    /// When the item says that it was changed last.
    package var dateModified: ItemDate? {
        switch self {
        case .seen(let item): item.item.dateModified
        case .known(let item): item.dateModified
        }
    }
}

extension Item {
    /// The date by which a feed sorts its items.
    package var orderDate: ItemDate? { datePublished ?? dateModified }
}
