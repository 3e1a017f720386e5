import Testing

@testable import TidingsCore

private let start = TidingsCoreTests.now
private func content(_ text: String) -> ContentHash { ContentHash.of(Array(text.utf8)) }

/// One look: hours after the start, what speaks against it, what it shows, and how long that is.
private typealias Look = (hours: Int64, doubt: PageDoubt?, content: String, characters: Int)

/// The verdict on the last of `looks` at an article of which `known` characters are known.
private func verdict(_ looks: [Look], known: Int = 1_000) -> PageVerdict {
    var standing: StandingDoubt?
    var last = PageVerdict.believed
    for look in looks {
        last = judgePage(
            doubt: look.doubt, content: content(look.content), characters: look.characters, known: known, standing: standing,
            now: start + look.hours * hour)
        switch last {
        case .doubtful(let doubt), .absent(let doubt): standing = doubt
        case .believed: standing = nil
        }
    }
    return last
}

private enum Expected { case believed, doubtful, absent }

private func kind(_ verdict: PageVerdict) -> Expected {
    switch verdict {
    case .believed: .believed
    case .doubtful: .doubtful
    case .absent: .absent
    }
}

@Suite("What a look at a page is worth") struct PageDoubtTests {
    @Test("a look that nothing speaks against is believed", arguments: [(1_000, 1_000), (500, 1_000), (9_000, 1_000), (40, 0)])
    func plain(characters: Int, known: Int) {
        #expect(verdict([(0, nil, "a", characters)], known: known) == .believed)
    }

    @Test("one look is doubtful if something speaks against it", arguments: PageDoubt.allCases)
    func once(doubt: PageDoubt) {
        #expect(kind(verdict([(0, doubt, "a", 1_000)])) == .doubtful)
    }

    @Test func aTextOfWhichLessThanHalfIsLeftIsDoubtful() {
        #expect(verdict([(0, nil, "a", 499)]) == .doubtful(
            StandingDoubt(reason: .shrunk, content: content("a"), looks: 1, since: start)))
        #expect(kind(verdict([(0, nil, "a", 0)])) == .doubtful)
    }

    @Test("after three equal looks over six hours", arguments: [
        (.unsure, 1_000, .believed), (.unsure, 100, .believed), (.shrunk, 100, .believed), (.paywall, 600, .believed),
        // They show less than is known: who may read has changed, and not the article.
        (.paywall, 400, .doubtful), (.challenge, 1_000, .doubtful), (.consent, 1_000, .doubtful), (.login, 1_000, .doubtful),
        (.notAPage, 1_000, .doubtful), (.empty, 0, .doubtful), (.unsure, 0, .doubtful),
        (.errorPage, 80, .absent), (.redirected, 4_000, .absent),
    ] as [(PageDoubt, Int, Expected)])
    private func stood(doubt: PageDoubt, characters: Int, expected: Expected) {
        let look: Look = (0, doubt == .shrunk ? nil : doubt, "a", characters)
        let looks: [Look] = [0, 3, 6].map { ($0, look.doubt, look.content, look.characters) }
        #expect(kind(verdict(looks)) == expected)
    }

    @Test("a doubt that does not stand is not believed", arguments: [
        [(0, .unsure, "a", 1_000), (3, .unsure, "a", 1_000)],
        [(0, .unsure, "a", 1_000), (1, .unsure, "a", 1_000), (5, .unsure, "a", 1_000)],
        [(0, .unsure, "a", 1_000), (3, .unsure, "b", 1_000), (6, .unsure, "a", 1_000)],
        [(0, .unsure, "a", 1_000), (3, .paywall, "a", 1_000), (6, .unsure, "a", 1_000)],
        [(0, .unsure, "a", 1_000), (3, nil, "good", 1_000), (6, .unsure, "a", 1_000), (9, .unsure, "a", 1_000)],
        // The clock was set back.
        [(9, .unsure, "a", 1_000), (0, .unsure, "a", 1_000), (1, .unsure, "a", 1_000)],
    ] as [[Look]])
    private func fallen(looks: [Look]) {
        #expect(kind(verdict(looks)) == .doubtful)
    }

    @Test("where a redirect led", arguments: [
        ("https://a.example/news/17", "https://a.example/", .frontPage),
        ("https://a.example/news/17", "https://www.a.example", .frontPage),
        ("https://a.example/?p=17", "https://a.example/", .frontPage),
        ("https://a.example/?p=17", "https://a.example/2026/harbour", .page),
        ("https://a.example/news/17", "https://a.example/index.html", .frontPage),
        ("https://a.example/news/2026/17", "https://a.example/news/", .section),
        ("https://a.example/news/17/amp", "https://a.example/news/17", .section),
        ("https://a.example/news/17", "https://a.example/news/17/harbour", .page),
        ("https://a.example/news/17", "https://a.example/sport", .page),
        ("https://a.example/news/17", "https://a.example/news?id=17", .page),
        ("http://a.example/news/17", "https://a.example/news/17", .page),
        ("https://a.example/", "https://a.example/", .page),
    ] as [(String, String, RedirectTarget)])
    func redirects(address: String, target: String, expected: RedirectTarget) {
        #expect(RedirectTarget(from: address, to: target) == expected)
    }
}
