/// The highest-ranked of the values that several elements give for one thing, in whatever order they come; among equal
/// ranks, the first.
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
    /// Blank text does not count.
    mutating func offerText(_ new: FeedText, _ rank: FeedRank) { offer(new.isBlank ? nil : new, rank) }
}

extension Best: Sendable where Value: Sendable {}

/// How well an element expresses a thing that several elements can give.
enum FeedRank: Int, Comparable {
    /// It means something else, but is better than nothing.
    case last
    /// It means something similar.
    case fallback
    /// It belongs to a module: Dublin Core, Media RSS, iTunes.
    case module
    /// It belongs to another format, such as Atom inside RSS.
    case borrowed
    /// It belongs to the format itself.
    case own

    static func < (left: FeedRank, right: FeedRank) -> Bool { left.rawValue < right.rawValue }
}
