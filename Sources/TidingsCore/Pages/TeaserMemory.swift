/// What a feed's latest items were, teasers or whole articles, and which of the two the feed is said to have.
///
/// The judgement is made over many items and not over each, so that a feed of teasers does not have one article from the feed and the
/// next from its page, only because one teaser is long. Once it is made, it takes many items of the other kind to turn it.
package struct TeaserMemory: Equatable, Sendable {
    package enum Verdict: Equatable, Sendable { case teasers, whole }

    /// How many items are remembered.
    static let limit = 32
    /// How many must be known, unless a feed's first document has fewer.
    static let minimum = 4
    /// From which share of teasers on a feed has teasers, and up to which it has whole articles, in percent.
    static let teasersPercent = 60
    static let wholePercent = 25

    /// Nil if nothing is known yet, or too much of both.
    package private(set) var verdict: Verdict?
    /// Whether each item was a teaser, the newest last.
    private var items: [Bool] = []

    package init() {}

    /// Learns from items that a document shows for the first time, in its order, which is newest first. Those whose text was not
    /// derived are passed over.
    package mutating func note(_ shown: [Item]) {
        let isFirst = items.isEmpty
        items += shown.lazy.filter(\.isTextDerived).prefix(Self.limit).map(\.isTeaser).reversed()
        items = items.suffix(Self.limit)
        guard items.count >= (isFirst ? 1 : Self.minimum) else { return }
        let percent = items.count(where: \.self) * 100
        if percent >= Self.teasersPercent * items.count {
            verdict = .teasers
        } else if percent <= Self.wholePercent * items.count {
            verdict = .whole
        }
    }

    // MARK: As text

    /// The verdict as `T`, `W` or `?`, and `1` for each teaser, `0` for each whole article: `T1101`.
    package var text: String {
        let sign =
            switch verdict {
            case .teasers: "T"
            case .whole: "W"
            case nil: "?"
            }
        return sign + items.map { $0 ? "1" : "0" }.joined()
    }

    /// Nil if `text` is none that a memory gave.
    package init?(_ text: String) {
        switch text.utf8.first {
        case UInt8(ascii: "T"): verdict = .teasers
        case UInt8(ascii: "W"): verdict = .whole
        case UInt8(ascii: "?"): verdict = nil
        default: return nil
        }
        let bits = text.utf8.dropFirst()
        guard bits.count <= Self.limit, bits.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }) else { return nil }
        items = bits.map { $0 == UInt8(ascii: "1") }
    }
}
