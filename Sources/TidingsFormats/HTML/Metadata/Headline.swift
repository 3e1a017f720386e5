/// Where a page has its headline. A page that is watched keeps to one of them: each may have other words, and a headline that
/// came now from here and now from there would seem to be edited.
package enum HeadlineKind: String, Sendable, CaseIterable {
    /// A heading of first rank.
    case heading
    /// JSON-LD.
    case linkedData = "linked_data"
    /// `og:title`, or another title that the head of the page gives for those who link to it.
    case openGraph = "open_graph"
    /// `<title>`.
    case title
}

/// What is known of the headline of a page before the page is read.
struct KnownHeadline {
    /// The title of the page's item in its feed.
    var feedTitle: String?
    /// Where the headline was when the page was last read.
    var kind: HeadlineKind?

    /// Where in `candidates` the headline is: at the remembered kind, whatever it says. If none is remembered, or the page has
    /// several of the kind, it is the first that has the feed's title, or that begins like it, or that it is a part of.
    /// - Parameter candidates: best first.
    /// - Returns: nil if what is known is of no use here.
    func place(in candidates: [(kind: HeadlineKind, key: TitleKey)]) -> Int? {
        let places = candidates.indices.filter { kind == nil || candidates[$0].kind == kind }
        let remembered = kind == nil ? nil : places.first
        guard let feed = feedTitle.map({ TitleKey($0) }), !feed.isEmpty else { return remembered }
        func first(_ isMeant: (TitleKey) -> Bool) -> Int? { places.first { isMeant(candidates[$0].key) } }
        return first { $0 == feed }
            ?? first { $0.isLike(feed) && ($0.beginsWhole(with: feed) || feed.beginsWhole(with: $0)) }
            ?? first { $0.isLike(feed) && ($0.holdsWhole(feed) || feed.holdsWhole($0)) } ?? remembered
    }
}

extension TitleKey {
    /// Whether one of two titles may be a part of the other by more than chance: it has some words, or is most of it.
    fileprivate func isLike(_ other: TitleKey) -> Bool {
        let (short, long) = letters.count < other.letters.count ? (self, other) : (other, self)
        return short.words.count >= 3 || short.letters.count * 2 >= long.letters.count
    }

    fileprivate func beginsWhole(with other: TitleKey) -> Bool { starts(with: other) && ends.contains(other.letters.count) }

    /// Whether the other title is in this one, from the start of a word to the end of one.
    fileprivate func holdsWhole(_ other: TitleKey) -> Bool {
        guard !other.isEmpty else { return false }
        return ([0] + ends).prefix(Self.wordLimit).contains { start in
            let end = start + other.letters.count
            return end <= letters.count && letters[start..<end].elementsEqual(other.letters) && ends.contains(end)
        }
    }

    /// No title has more words.
    private static var wordLimit: Int { 200 }
}
