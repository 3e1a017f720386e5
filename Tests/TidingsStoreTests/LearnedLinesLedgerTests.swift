import Testing
import TidingsCore

@testable import TidingsStore

private let letter = "Sign up for the evening letter, which 1204 readers get."

private func story(_ number: Int, _ end: String = "") -> String {
    let words = ["harbour", "library", "theatre", "station", "bakery", "market", "school", "garden"][number - 1]
    return "The \(words) opens again, and the \(words) is larger than it was.\nThose who work in the \(words) are glad.\(end)"
}

private func url(_ number: Int, host: String = "f.test") -> String { "https://\(host)/\(number)" }

/// What stands on many pages of a host, on a real ledger.
@Suite("Learned lines of a host") struct LearnedLinesLedgerTests {
    /// Pages of one host that were read one after the other, each with the line `shared`.
    private func site(_ pages: Int = 6, shared: (Int) -> String = { _ in letter }) async throws -> PageFixture {
        let site = try await PageFixture()
        for number in 1...pages { try await site.poll(teaser("Short \(number)…", number)) }
        for number in 1...pages { try await site.look(story(number) + "\n" + shared(number), url: url(number), at: 1 + Double(number) / 100) }
        return site
    }

    private func learned(_ site: PageFixture, host: String = "f.test") throws -> [LearnedLine] {
        try site.files.reader().learnedLines(of: host)
    }

    @Test func theFourthPageTeachesTheLineAndTheFifthIsWithoutIt() async throws {
        let site = try await site()
        #expect(try learned(site) == [LearnedLine(text: letter, articles: 6, since: 1)])
        #expect(try site.files.reader().learnedHosts() == [LearnedHost(host: "f.test", lines: 1, articles: 6)])
        #expect(try site.text(of: 3) == story(4) + "\n" + letter)
        #expect(try site.text(of: 4) == story(5))
    }

    @Test func threePagesTeachNothing() async throws {
        let site = try await site(3)
        #expect(try learned(site).isEmpty)
    }

    @Test func learningAnnouncesNothing() async throws {
        let site = try await site()
        let before = try site.news()
        for number in 1...6 { try await site.look(story(number) + "\n" + letter, url: url(number), at: 2) }
        #expect(try site.news() == before)
    }

    @Test func theNextEditIsOneVersionWithoutTheLine() async throws {
        let site = try await site()
        let before = try site.news()
        let edited = story(1, " The board has said so.")
        for hours in [2.0, 3] { try await site.look(edited + "\n" + letter, url: url(1), at: hours) }
        #expect(try site.news() == before + ["updated g1@3 substantive"])
        #expect(try site.text() == edited)
        // The line goes and comes: it is not the article's any more.
        try await site.look(edited, url: url(1), at: 4)
        try await site.look(edited + "\n" + letter, url: url(1), at: 5)
        #expect(try site.news() == before + ["updated g1@3 substantive"])
    }

    @Test func aLineThatIsLearnedMayMoveItsFiguresButNotItsWords() async throws {
        let site = try await site()
        let before = try site.news()
        try await site.look(story(5) + "\nSign up for the evening letter, which 99 readers get.", url: url(5), at: 2)
        #expect(try site.news() == before)
        try await site.look(story(5) + "\nSign up for the morning letter, which 99 readers get.", url: url(5), at: 3)
        #expect(try site.news() == before + ["updated g5@3 substantive"])
    }

    @Test func aVersionWithTheLineIsJudgedWithIt() async throws {
        let site = try await site()
        let before = try site.news()
        try await site.look(story(1), url: url(1), at: 2)
        #expect(try site.news() == before + ["updated g1@3 substantive"], "the line was a part of that version")
        try await site.look(story(1) + "\n" + letter, url: url(1), at: 3)
        #expect(try site.news() == before + ["updated g1@3 substantive"])
    }

    @Test func anotherAuthorIsNoNewText() async throws {
        let site = try await site()
        let before = try site.news()
        try await site.look(story(1) + "\n" + letter, url: url(1), author: "Ada Pier", at: 2)
        #expect(try site.news() == before + ["updated g1@3 metadata"])
        #expect(try site.text() == story(1) + "\n" + letter)
    }

    @Test func aCounterThatMovesIsNoNewText() async throws {
        let site = try await site { $0 == 1 ? letter + "\n12 comments" : letter }
        let before = try site.news()
        try await site.look(story(1) + "\n" + letter + "\n14 comments", url: url(1), at: 2)
        #expect(try site.news() == before)
        #expect(try site.text() == story(1) + "\n" + letter + "\n12 comments")
    }

    @Test func figuresThatDifferFromArticleToArticleAreTheArticles() async throws {
        let site = try await site { "The index of the harbour closed at \(1200 + $0) points." }
        #expect(try learned(site).isEmpty)
    }

    @Test func newEditionsOfOneArticleTeachNothing() async throws {
        let site = try await PageFixture()
        for number in 1...6 { try await site.poll(teaser("Short \(number)…", number)) }
        for number in 1...6 {
            try await site.look(story(1) + "\n\(letter)\nEdition \(number) has more.", url: url(number), at: 1 + Double(number) / 100)
        }
        #expect(try learned(site).isEmpty)
    }

    @Test func anotherHostHasItsOwnLines() async throws {
        let site = try await site()
        try await site.poll(teaser("Elsewhere…", 7, host: "g.test"), at: 2)
        try await site.look(story(7) + "\n" + letter, url: url(7, host: "g.test"), at: 3)
        #expect(try site.text(of: 6) == story(7) + "\n" + letter)
        #expect(try learned(site, host: "g.test").isEmpty)
    }

    @Test func aPageThatMovesToAnotherHostKeepsItsSet() async throws {
        let site = try await site()
        let moved = Item(id: "g5", url: url(5, host: "www.f.test"), text: "Short 5…", rawHash: ContentHash.of([5]))
        try await site.poll(moved, at: 2)
        let before = try site.news()
        try await site.look(story(5) + "\n" + letter, url: url(5, host: "www.f.test"), at: 3)
        #expect(try site.news() == before)
    }

    @Test func whatIsForgottenComesBackWithTheNextEditAndIsNotLearnedAgain() async throws {
        let site = try await site()
        let forget = try LedgerRepair(path: site.files.path)
        #expect(try forget.forgetLines(of: "f.test", startingWith: "Subscribe") == 0)
        #expect(try forget.forgetLines(of: "g.test", startingWith: "") == 0)
        #expect(try forget.forgetLines(of: "f.test", startingWith: "Sign up") == 1)
        #expect(try learned(site).isEmpty)
        let before = try site.news()
        for number in 1...6 { try await site.look(story(number) + "\n" + letter, url: url(number), at: 2) }
        #expect(try site.news() == before)
        let edited = story(5, " The board has said so.") + "\n" + letter
        try await site.look(edited, url: url(5), at: 3)
        #expect(try site.news() == before + ["updated g5@3 substantive"])
        #expect(try site.text(of: 4) == edited)
        try await site.poll(teaser("Short 7…", 7), at: 3)
        try await site.look(story(7) + "\n" + letter, url: url(7), at: 4)
        #expect(try learned(site).isEmpty)
        #expect(try site.text(of: 6) == story(7) + "\n" + letter)
    }

    @Test func onlySoManyLinesAreCounted() async throws {
        let site = try await site(1)
        let lines = (0..<5_100).map { number in
            "This line has a word of its own: " + String(String(number).utf8.map { Character(Unicode.Scalar($0 + 17)) })
        }
        try await site.poll(teaser("Many…", 2), at: 2)
        try await site.look(lines.joined(separator: "\n"), url: url(2), at: 3)
        let count = try site.files.reader().connection.integer("SELECT count(*) FROM learned_lines")
        #expect(count == 5_000)
    }
}
