import Foundation
import TestSupport
import Testing

/// The built daemon against a site on loopback, whose pages change around their articles at every request.
@Suite("A site whose pages are watched", .serialized) struct WatchedSiteTests {
    private static let pace = "page_fetch: { host_delay: 0ms, per_host: 4, per_hour: 10000000 }\n"

    private func feed(_ site: ArticleSite, _ more: String = "full_text: auto, recheck: never", pace: String = Self.pace) -> String {
        "feeds:\n  - { name: post, url: \"\(site.feedURL)\", private_network: true, every: 1s, \(more) }\n" + pace
    }

    private func list(_ site: ArticleSite, _ numbers: Range<Int> = 0..<12) -> String {
        let urls = numbers.map { "\"\(site.url(of: $0))\"" }.joined(separator: ", ")
        return "pages:\n  - { name: post, private_network: true, recheck: never, urls: [\(urls)] }\n" + Self.pace
    }

    /// What `diff` shows of the newest version: the words that it lost, and got.
    private func words(of line: StreamLine, _ tidings: Installation) async throws -> (removed: [String], added: [String]) {
        let diff = try await tidings.run("diff", line.subject ?? "", "\((line.data.version ?? 1) - 1)", "\(line.data.version ?? 1)")
        func found(_ open: String, _ close: String) -> [String] {
            diff.output.components(separatedBy: open).dropFirst().compactMap { $0.components(separatedBy: close).first }
        }
        return (found("[-", "-]"), found("{+", "+}"))
    }

    @Test("boilerplate that moves makes no version; each edit makes one, of its own words")
    func movingSite() async throws {
        let site = try ArticleSite(seed: 7)
        defer { site.stop() }
        let tidings = try Installation(list(site))
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(13)
        let looks = isLongRun ? 200 : 4
        var edits: [(article: Int, edit: SiteEdit)] = []
        for look in 0..<looks {
            // 60 edits among 200 looks; in the short form each kind of edit once.
            for edit in 0..<(isLongRun ? (look % 10 < 3 ? 1 : 0) : 3) where look > 0 {
                let number = edits.count % 12
                let kind = SiteEditKind.allCases[(isLongRun ? edits.count / 12 + edits.count : edits.count) % SiteEditKind.allCases.count]
                if edits.count < (isLongRun ? 60 : 6), edit < 3 { edits.append((number, site.edit(number, kind))) }
            }
            #expect(try await tidings.run("reingest", "post").status == 0)
        }
        let lines = try tidings.lines().filter { $0.type == "tidings.article.updated" }
        var diffs = ""
        for line in lines where lines.count != edits.count {
            diffs += try await tidings.run("diff", line.subject ?? "", "\((line.data.version ?? 1) - 1)", "\(line.data.version ?? 1)").output
        }
        #expect(lines.count == edits.count, "\(diffs)")
        for (article, edit) in edits {
            let made = lines.filter { $0.data.origin?.key == site.url(of: article) }
            var isFound = false
            for line in made {
                let (removed, added) = try await words(of: line, tidings)
                if removed.joined() == edit.removed, added.joined() == edit.added { isFound = true }
            }
            #expect(isFound || !isLongRun && edit.kind == .paragraph, "\(article): \(edit)")
        }
        try await daemon.stop()
        try await tidings.expectSound()
    }

    @Test("a feed of teasers: each at once, then the whole text, the newest first")
    func teasers() async throws {
        let site = try ArticleSite(seed: 3)
        defer { site.stop() }
        site.robots = "User-agent: Tidings\nDisallow: \(site.article(5).path.dropLast(2))\n"
        let tidings = try Installation(feed(site))
        try await tidings.once()
        let lines = try tidings.lines()
        let created = lines.filter { $0.type == "tidings.article.created" }
        let updated = lines.filter { $0.type == "tidings.article.updated" }
        #expect(created.count == 12 && updated.count == 11)
        #expect(updated.allSatisfy { $0.data.class == "full_text" && $0.data.backfill == true && $0.data.origin?.page != nil })
        #expect(lines.prefix(13).allSatisfy { $0.type != "tidings.article.updated" }, "the teasers come first")
        #expect(site.requests(of: 5).isEmpty, "robots.txt is obeyed")
        #expect(site.requestCounts["/robots.txt"] == 1)
        let status = try await tidings.run("status", "--json")
        #expect(status.output.contains(#""pages":{"watched":12"#) && status.output.contains(#""name":"robots","pages":1"#), "\(status.output)")
        // A restart asks for nothing that is not due.
        let requests = site.requests.count
        try await tidings.once()
        #expect(site.requests.count == requests + 1, "the feed alone")
        try await tidings.expectSound()
    }

    @Test("a teaser that changes has its page looked at, and nothing else")
    func teaserChanges() async throws {
        let site = try ArticleSite(seed: 4, count: 4)
        defer { site.stop() }
        let tidings = try Installation(feed(site, "full_text: always, recheck: never"))
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(9)
        site.change { $0.teaserPrefixes[2] = "Updated at noon: " }
        try await tidings.wait("the page is looked at") { site.requests(of: 2).count >= 3 }
        site.edit(2, .correctionNote)
        site.change { $0.teaserPrefixes[2] = "Updated in the evening: " }
        let lines = try await tidings.waitForLines(10)
        #expect(lines.last?.data.class == "substantive" && lines.last?.data.origin?.page == site.url(of: 2))
        #expect(site.requests(of: 1).count == 2, "twice for its first text")
        try await daemon.stop()
        try await tidings.expectSound()
    }

    @Test("what stands in the article's place makes no version, and is named")
    func obstacles() async throws {
        let answers: [(answer: SiteAnswer, name: String)] = [
            (.paywall, "paywall"), (.consent, "consent"), (.login, "login"), (.challenge, "challenge"), (.soft404, "error_page"),
            (.redirectToFront, "redirected"), (.redirectToSection, "redirected"), (.status(404), "not_found"), (.status(410), "gone"),
            (.status(500), "server_error"), (.truncated, "truncated"), (.empty, "empty"),
        ]
        let site = try ArticleSite(seed: 5)
        defer { site.stop() }
        let tidings = try Installation(list(site))
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(13)
        // Each answer in each layout.
        for turn in 0..<4 {
            for (place, (answer, _)) in answers.enumerated() { site.respond(to: (place + turn) % 12, with: answer) }
            _ = try await tidings.run("reingest", "post")
            let status = try await tidings.run("status", "--json").output
            for (_, name) in answers {
                let pages = answers.count { $0.name == name }
                #expect(status.contains(#""name":"\#(name)","pages":\#(pages)"#), "\(name): \(status)")
            }
        }
        let lines = try tidings.lines().filter { $0.type.hasPrefix("tidings.article") }
        #expect(lines.count == 12, "\(lines.map(\.message))")
        for number in 0..<12 { site.respond(to: number, with: .normal) }
        site.edit(7, .word)
        _ = try await tidings.run("reingest", "post")
        try await tidings.wait("the edit") { try tidings.lines().contains { $0.type == "tidings.article.updated" } }
        let updates = try tidings.lines().filter { $0.type == "tidings.article.updated" }
        var diffs = ""
        for line in updates where updates.count != 1 { diffs += try await tidings.run("diff", line.subject ?? "").output }
        #expect(updates.count == 1, "\(diffs)")
        try await daemon.stop()
        try await tidings.expectSound()
    }

    @Test("a sitemap index is read with the sitemap that it names, and the pages of that")
    func sitemaps() async throws {
        let site = try ArticleSite(seed: 8, count: 4)
        defer { site.stop() }
        let tidings = try Installation(
            "feeds:\n  - { name: post, url: \"\(site.sitemapIndexURL)\", private_network: true, full_text: auto }\n" + Self.pace)
        try await tidings.once()
        let lines = try tidings.lines()
        #expect(lines.count { $0.type == "tidings.article.created" } == 4)
        #expect(lines.count { $0.data.class == "full_text" } == 4)
        try await tidings.expectSound()
    }

    @Test("killed at any moment while pages are looked at, the promises hold")
    func killed() async throws {
        let site = try ArticleSite(seed: 6)
        defer { site.stop() }
        let tidings = try Installation(feed(site, "full_text: always, recheck: 1s") + "stream: { rotate_size: 64KiB, rotate_spacing: 1s }\n")
        let follower = try await { () async throws -> Follower in
            try await tidings.once()
            return try Follower(tidings.changeFile)
        }()
        var dice = Seeded(seed: 99)
        for round in 0..<(isLongRun ? 60 : 2) {
            let program = try tidings.start(["run"])
            for _ in 0..<3 {
                // Kinds of which an article never runs out.
                let kinds: [SiteEditKind] = [.digit, .word, .headline]
                site.edit(Int.random(in: 0..<12, using: &dice), kinds[Int.random(in: 0..<3, using: &dice)])
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...600, using: &dice)))
            }
            program.send(SIGKILL)
            _ = await program.result()
            if round % 10 == 9 { try await tidings.expectPromises(after: "round \(round)") }
        }
        let daemon = try await tidings.daemon()
        let before = (0..<12).map { site.requests(of: $0).count }
        let isDone = try await eventually(seconds: Installation.patienceSeconds) {
            (0..<12).allSatisfy { site.requests(of: $0).count > before[$0] }
        }
        let status = try await tidings.run("status", "--json").output
        #expect(isDone, "each page is looked at again: \(before), \((0..<12).map { site.requests(of: $0).count }) \(status)")
        try await daemon.stop()
        try await follower.catchUp(with: tidings)
        try await tidings.expectPromises([follower.observation.firstSights], after: "kills")
        let article = try #require(try tidings.lines().last { $0.type == "tidings.article.updated" })
        #expect(article.data.origin?.kind == "feed")
    }
}
