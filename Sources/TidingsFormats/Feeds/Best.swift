/// The worthiest of the values that several elements give for one thing, wherever they stand in the document; of equally
/// worthy ones the first.
struct Best<Value> {
    private(set) var value: Value?
    private var rank: FeedRank?

    mutating func offer(_ new: Value?, _ newRank: FeedRank) {
        guard let new else { return }
        if let rank, rank >= newRank { return }
        value = new
        rank = newRank
    }
}

extension Best<FeedText> {
    /// Blank text is none.
    mutating func offerText(_ new: FeedText, _ rank: FeedRank) { offer(new.isBlank ? nil : new, rank) }
}

extension Best: Sendable where Value: Sendable {}

/// How much an element is worth for a thing that several can give.
enum FeedRank: Int, Comparable {
    /// It means something else, and is better than nothing.
    case last
    /// It means something near.
    case fallback
    /// It is a module's: Dublin Core, Media RSS, iTunes.
    case module
    /// It is another format's: Atom's inside RSS.
    case borrowed
    /// It is the format's own.
    case own

    static func < (left: FeedRank, right: FeedRank) -> Bool { left.rawValue < right.rawValue }
}
