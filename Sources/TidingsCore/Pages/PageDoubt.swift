/// Why what a page shows may not be its article. The names are shown by `status`.
package enum PageDoubt: String, Sendable, CaseIterable {
    /// It first checks for a browser, or for a human.
    case challenge
    /// It asks for consent in place of the article.
    case consent
    case login
    /// It breaks off where readers pay.
    case paywall
    /// Status 200, and the words of an error.
    case errorPage = "error_page"
    /// It led to a section, or to the front page.
    case redirected
    /// It is no article that could be told from its surroundings.
    case unsure
    /// Less than half of the known text is left.
    case shrunk
    /// Something else than a page: a picture, a feed, a file to load.
    case notAPage = "not_a_page"
    case empty
}

/// A doubtful look that stands.
package struct StandingDoubt: Equatable, Sendable {
    package static let looksBeforeBelief = 3
    package static let timeBeforeBeliefMilliseconds = 6 * hourMilliseconds

    package var reason: PageDoubt
    /// What the page showed; all looks that count are equal.
    package var content: ContentHash
    package var looks: Int
    /// When it was seen first, in milliseconds since 1970.
    package var since: Int64

    package init(reason: PageDoubt, content: ContentHash, looks: Int, since: Int64) {
        self.reason = reason
        self.content = content
        self.looks = looks
        self.since = since
    }

    func hasStood(now: Int64) -> Bool {
        looks >= Self.looksBeforeBelief && now - since >= Self.timeBeforeBeliefMilliseconds
    }
}

/// What a look is worth.
package enum PageVerdict: Equatable, Sendable {
    case believed
    /// It announces nothing.
    case doubtful(StandingDoubt)
    /// An error page, or another page in its place, has stood for so long that it is as good as "not found".
    case absent(StandingDoubt)
}

/// Judges a look at a page. A doubtful look is believed when it has stood, unchanged, for three looks over six hours.
///
/// A challenge, a consent dialog or a login page says who may read the article, and nothing about the article: it is never
/// believed. Neither is a paywall that shows less than was known before.
/// - Parameters:
///   - doubt: what speaks against the look, as far as the answer and the page show; nil if nothing does.
///   - content: what the page shows.
///   - characters: Unicode scalars of its text.
///   - known: the same of the article's newest version.
///   - standing: the doubtful look that stands, if there is one.
package func judgePage(
    doubt: PageDoubt?, content: ContentHash, characters: Int, known: Int, standing: StandingDoubt?, now: Int64
) -> PageVerdict {
    let isShrunk = characters * 2 < known
    guard let reason = doubt ?? (characters == 0 ? .empty : isShrunk ? .shrunk : nil) else { return .believed }
    var seen = StandingDoubt(reason: reason, content: content, looks: 1, since: now)
    if let standing, standing.reason == reason, standing.content == content, standing.since <= now {
        seen.looks += standing.looks
        seen.since = standing.since
    }
    guard seen.hasStood(now: now) else { return .doubtful(seen) }
    switch reason {
    case .errorPage, .redirected: return .absent(seen)
    case .unsure where characters > 0, .shrunk where characters > 0: return .believed
    case .paywall where characters > 0 && !isShrunk: return .believed
    default: return .doubtful(seen)
    }
}

/// Where a redirect led that left the article's address.
package enum RedirectTarget: Equatable, Sendable {
    /// Another address that may be the article's.
    case page
    /// The address above the article's. It may be the article's, too: `/news/17/amp` leads to `/news/17`.
    case section
    case frontPage

    package init(from address: String, to target: String) {
        let from = URI(address)
        let to = URI(target)
        let segments = Self.segments(from)
        let reached = Self.segments(to)
        self = .page
        // `?p=17` is an address of an article, too.
        guard to.query == nil || to.query != from.query else { return }
        if reached.isEmpty {
            if !segments.isEmpty || from.query != nil, to.query == nil { self = .frontPage }
        } else if to.query == nil, reached.count < segments.count, zip(reached, segments).allSatisfy({ $0.elementsEqual($1) }) {
            self = .section
        }
    }

    /// The parts of the path, without the name of an index file.
    private static func segments(_ uri: URI) -> [Substring.UTF8View.SubSequence] {
        var parts = uri.path.utf8.split(separator: UInt8(ascii: "/"))
        if let last = parts.last, ["index.html", "index.htm", "index.php"].contains(where: { $0.utf8.elementsEqual(last) }) {
            parts.removeLast()
        }
        return parts
    }
}
