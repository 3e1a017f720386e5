import Foundation
import TestSupport
import Testing
import TidingsCore

/// Documents that are no feed, and feeds that are broken here and there.
@Suite(.timeLimit(.minutes(5)))
struct FeedFaultTests {
    // MARK: what is no feed

    struct NoFeed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var status = 200
        var type = "text/html; charset=utf-8"
        var body = ""
        let failure: String
    }

    private static let noFeedRows: [NoFeed] = [
        NoFeed(testDescription: "challenge with 403", status: 403, body: page("Just a moment...", ""), failure: "challenge_page"),
        NoFeed(
            testDescription: "challenge with 200", body: page("Wait", "<div id='cf-challenge-platform'>Are you a robot?</div>"),
            failure: "challenge_page"),
        NoFeed(testDescription: "403 of another kind", status: 403, body: page("Forbidden", ""), failure: "unauthorized"),
        NoFeed(
            testDescription: "login page",
            body: page("Sign in", "<form method='post'><input name='user'><input type='password' name='word'></form>"),
            failure: "login_page"),
        NoFeed(testDescription: "a page", body: page("The Harbor Post", "<h1>Ships</h1><p>None today.</p>"), failure: "html"),
        NoFeed(testDescription: "a page that says it is a feed", type: Feed.type, body: page("Ships", ""), failure: "html"),
        NoFeed(testDescription: "nothing", type: Feed.type, failure: "empty"),
        NoFeed(testDescription: "white space", type: Feed.type, body: " \n\n\t", failure: "empty"),
        NoFeed(testDescription: "204", status: 204, failure: "empty"),
        NoFeed(
            testDescription: "206", status: 206, type: Feed.type, body: Feed.document([Feed.Item(number: 5)]), failure: "http_status"),
        NoFeed(testDescription: "message", type: "text/plain", body: "database connection failed", failure: "not_a_feed"),
        NoFeed(testDescription: "JSON", type: "application/json", body: #"{"error":"no such feed"}"#, failure: "not_a_feed"),
        NoFeed(testDescription: "binary", type: Feed.type, body: "%PDF-1.7\n\0\u{1}\u{2}\0\0\0\u{3}\0", failure: "not_a_feed"),
    ]

    @Test("an answer that is no feed has a name, and takes nothing away")
    func noFeed() async {
        await forEachRow(of: Self.noFeedRows) { (answer: NoFeed) in
            let wire = try await Wire.imported()
            let before = try wire.poll()
            wire.feed.reply { _, _ in
                LoopbackReply(
                    status: answer.status, headers: [("Content-Type", answer.type), ("ETag", #""of the page""#)],
                    body: Array(answer.body.utf8))
            }
            let lines = try await wire.expect(["source wire is failing"], "it is lasting, as far as one can know", status: 1)
            #expect(lines.first?.data.detail?.isEmpty == false, "it says why")
            let poll = try wire.poll()
            #expect(poll.failure == answer.failure)
            #expect(poll.validators == before.validators)
            try await wire.expect(["source wire is ok"], "what stood in the window stands there still") { wire.feed.reply(nil) }
            #expect(wire.requests.last?["If-None-Match"] == Feed.etag(1))
            #expect(wire.requests.map { $0["A-IM"] } == [nil, nil, nil], "nobody asks for parts")
            #expect(try wire.poll().failure == nil)
        }
    }

    private static func page(_ title: String, _ body: String) -> String {
        "<!DOCTYPE html>\n<html><head><title>\(title)</title></head><body>\(body)</body></html>"
    }

    // MARK: broken feeds

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var type = Feed.type
        let document: [UInt8]
        /// What is created, in the order of the document.
        let titles: [String]

        init(_ description: String, type: String = Feed.type, _ document: String, _ titles: [String]) {
            self.init(description, type: type, Array(document.utf8), titles)
        }

        init(_ description: String, type: String = Feed.type, _ document: [UInt8], _ titles: [String]) {
            testDescription = description
            self.type = type
            self.document = document
            self.titles = titles
        }
    }

    @Test func partThatNobodyAskedForBringsItsItemsAndNothingElse() async throws {
        let wire = try await Wire.imported()
        let before = try wire.poll()
        wire.feed.reply { _, _ in
            LoopbackReply(
                status: 226, headers: [("IM", "feed"), ("ETag", #""of the part""#)],
                body: Array(Feed.document([Feed.Item(number: 6)]).utf8))
        }
        try await wire.expect(["created id-6"], "it is new, and the others stand where they stood")
        #expect(try wire.poll().validators == before.validators)
        #expect(wire.requests.map { $0["A-IM"] } == [nil, nil])
    }

    private static let brokenRows: [Broken] = [
        Broken(
            "junk before the prolog", "\n\n<!-- cached -->" + Feed.document([ship(1)]), ["Ship number 1 is unloaded"]),
        Broken(
            "bare ampersands and unknown entities",
            Feed.document([ship(2) { $0.title = "Rope & Tar &mdash; &nosuch; sold" }, ship(1)]),
            ["Rope & Tar — &nosuch; sold", "Ship number 1 is unloaded"]),
        Broken(
            "an item whose tags do not match",
            Feed.document([ship(3), ship(2) { $0.more = "<b><i>Unclosed</b>" }, ship(1)]),
            ["Ship number 3 is unloaded", "Ship number 2 is unloaded", "Ship number 1 is unloaded"]),
        Broken(
            "control characters", Feed.document([ship(2) { $0.text += "\u{8}\u{1B} It rained." }, ship(1)]),
            ["Ship number 2 is unloaded", "Ship number 1 is unloaded"]),
        Broken(
            "an item that says nothing", Feed.document([ship(2)]).replacing("</channel>", with: "<item/><item></item></channel>"),
            ["Ship number 2 is unloaded"]),
        Broken(
            "entities that grow", bomb, ["Ship number 1 is unloaded"]),
        Broken(
            "it says UTF-8 and is Windows-1251, as the header knows", type: Feed.type + "; charset=windows-1251",
            cyrillic(declared: "UTF-8"), ["Новости"]),
        Broken(
            "the header says UTF-8 and the document is right", type: Feed.type + "; charset=utf-8",
            cyrillic(declared: "windows-1251"), ["Новости"]),
        Broken(
            "the header says UTF-16 and it is UTF-8", type: Feed.type + "; charset=utf-16",
            Feed.document([ship(1) { $0.title = "Новости порта" }]), ["Новости порта"]),
        Broken(
            "an unknown charset", type: Feed.type + "; charset=x-harbor",
            Feed.document([ship(1) { $0.title = "Новости порта" }]), ["Новости порта"]),
    ]

    @Test("what is whole of a broken feed is read, once")
    func broken() async {
        await forEachRow(of: Self.brokenRows) { (broken: Broken) in
            let feed = Feed(count: 1)
            feed.reply { _, _ in LoopbackReply(headers: [("Content-Type", broken.type)], body: broken.document) }
            let wire = try Wire(feed)
            try await wire.tidings.once()
            let created = try wire.tidings.lines().filter { $0.type == "tidings.article.created" }
            #expect(created.map { $0.data.item?.title ?? "" }.filter { !$0.isEmpty && !$0.contains("boom") } == broken.titles)
            #expect(created.allSatisfy { $0.data.characters ?? 0 < 1000 }, "nothing grew")
            let count = try wire.tidings.lines().count
            // A byte more, so that it is read again.
            feed.reply { _, _ in LoopbackReply(headers: [("Content-Type", broken.type)], body: broken.document + Array(" ".utf8)) }
            try await wire.tidings.once()
            #expect(try wire.tidings.lines().count == count, "the same again")
        }
    }

    @Test func badItemIsReportedAndTheOthersAreRead() async throws {
        let wire = try await Wire.imported(Feed(count: 3))
        let lines = try await wire.expect(nil, "three new, one of them broken") {
            wire.feed.change { items in
                items = [Self.ship(6), Self.ship(5) { $0.more = "<enclosure url=\"a\" url=\"b\"><b>&#0;</title>" }, Self.ship(4)] + items
            }
        }
        #expect(lines.message.contains("created id-6") && lines.message.contains("created id-4"), "\(lines.message)")
        #expect(!lines.contains { $0.type == "tidings.article.removed" || $0.type == "tidings.article.updated" })
        let status = try #require(try wire.tidings.ledger().sourceStatuses().first)
        #expect(status.withProblems == 1)
        #expect(status.problems.first?.message.isEmpty == false, "it says what is wrong with it")
    }

    @Test func datesThatCannotBeAreNoReasonForAnything() async throws {
        let dates = ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2117 08:00:00 GMT", "in spring", "", "Tue, 03 Mar 2026 08:00:00 GMT"]
        let items = dates.enumerated().map { index, date in Self.ship(index + 1) { $0.date = date } }
        let feed = Feed(count: 1)
        feed.change { $0 = items }
        let wire = try Wire(feed)
        try await wire.tidings.once()
        let shown = try wire.tidings.lines().filter { $0.subject != nil }.map(\.data.item?.datePublished)
        #expect(shown == ["1970-01-01T00:00:00Z", "2117-01-01T08:00:00Z", nil, nil, "2026-03-03T08:00:00Z"], "raw, and never now")
        try await wire.expect([], "other dates that cannot be") {
            feed.change { items in for index in items.indices { items[index].date = "on day \(index)" } }
        }
        try await wire.expect([], "and dates that can be") {
            feed.change { items in for index in items.indices { items[index].date = "0\(9 - index) Mar 2026 08:00:00 GMT" } }
        }
        #expect(try wire.tidings.ledger().counts().versions == 5, "a date makes no version")
    }

    private static func ship(_ number: Int, _ change: (inout Feed.Item) -> Void = { _ in }) -> Feed.Item {
        var item = Feed.Item(number: number)
        change(&item)
        return item
    }

    private static let bomb: String = {
        let entities = (1...9).map { level in
            "<!ENTITY e\(level) \"\(String(repeating: "&e\(level - 1);", count: 10))\">"
        }
        let types = "<!DOCTYPE rss [<!ENTITY e0 \"boom boom boom boom boom\">\(entities.joined())]>"
        let items = [ship(2) { $0.title = "boom &e9;" }, ship(1)]
        return Feed.document(items).replacing("<rss ", with: types + "<rss ")
    }()

    /// A feed in Windows-1251 that says it is in `declared`.
    private static func cyrillic(declared: String) -> [UInt8] {
        Array(#"<?xml version="1.0" encoding="\#(declared)"?><rss version="2.0"><channel><item><guid>1</guid><title>"#.utf8)
            + [0xCD, 0xEE, 0xE2, 0xEE, 0xF1, 0xF2, 0xE8] + Array("</title></item></channel></rss>".utf8)
    }
}
