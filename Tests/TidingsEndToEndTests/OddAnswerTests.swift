import TestSupport
import Testing
import TidingsCore

/// Answers that browsers take and that are not as they should be: what is read of them, what they prove, and what `status` says.
@Suite(.timeLimit(.minutes(5)))
struct OddAnswerTests {
    // MARK: content codings

    @Test func documentInACodingThatIsNoneIsReadAndTheCodingNamed() async throws {
        let feed = Feed(count: 3)
        feed.reply { _, document in LoopbackReply(headers: [("Content-Encoding", "UTF-8"), ("ETag", #""u""#)], body: document) }
        let wire = try await Wire.imported(feed)
        #expect(try wire.tidings.lines().count == 4)
        for _ in 1...2 {
            #expect(try await wire.status().detail?.contains("'Content-Encoding: UTF-8'") == true)
            #expect(try await wire.status().state == "ok")
            #expect(try wire.poll().validators.etag == #""u""#, "it is whole")
            try await wire.expect([], "the same again")
        }
        try await wire.expect([], "without it") { wire.feed.reply(nil) }
        #expect(try await wire.status().detail == nil)
    }

    // MARK: answers that do not end well

    enum End: CaseIterable {
        case length, chunks, packed

        /// All of `document`, and then not what was promised.
        func reply(_ document: [UInt8]) -> LoopbackReply {
            let etag = [(name: "ETag", value: #""of the broken""#)]
            return switch self {
            case .length: LoopbackReply(headers: etag, body: document + document, delivery: .cutAfter(bytes: document.count))
            case .chunks: LoopbackReply(headers: etag, body: document, delivery: .chunkedAndCut(bytes: 500))
            case .packed:
                LoopbackReply(headers: etag + [("Content-Encoding", "gzip")], body: GzipFixture.stored(document) + [0, 0, 0])
            }
        }
    }

    @Test("a whole document in an answer that does not end well brings its items, and proves nothing")
    func brokenEnds() async {
        await forEachRow(of: End.allCases) { (end: End) in
            let wire = try await Wire.imported(Feed(count: 10))
            let before = try wire.poll().validators
            wire.feed.reply { _, document in end.reply(document) }
            try await wire.expect(["created id-11"], "news") { wire.feed.change { $0.insert(Feed.Item(number: 11), at: 0) } }
            #expect(try await wire.status().detail == "the answer did not end well, after the end of its document")
            #expect(try wire.poll().validators == before, "the server is not to say 'not modified' of it")
            wire.feed.change { $0.removeAll { $0.number == 6 } }
            for time in 1...4 { try await wire.expect([], "missing for the \(time). time") }
            wire.feed.reply(nil)
            for _ in 1...2 { try await wire.expect([], "missing in a whole document") { wire.feed.change { _ in } } }
            try await wire.expect(["removed id-6: inferred"], "the third time") { wire.feed.change { _ in } }
            #expect(try await wire.status().detail == nil)
        }
    }

    @Test func feedWhoseAnswersNeverEndWellIsImportedOnce() async throws {
        let feed = Feed(count: 2)
        feed.reply { _, document in End.length.reply(document) }
        let wire = try await Wire.imported(feed)
        #expect(try wire.tidings.lines().message == ["source wire added", "created id-2 backfill", "created id-1 backfill"])
        try await wire.expect(["created id-3"], "no import any more") { feed.change { $0.insert(Feed.Item(number: 3), at: 0) } }
    }

    @Test("a document that is cut off in such an answer is not read", arguments: [
        #"{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a", "content_text": "At sea"}, {"#,
        "<html><body>At sea</body></html>",
    ])
    func cutDocuments(text: String) async throws {
        let wire = try await Wire.imported()
        wire.feed.reply { _, document in LoopbackReply(body: document, delivery: .cutAfter(bytes: document.count - 10)) }
        try await wire.expect([], "in its last element", status: 1)
        #expect(try wire.poll().failure == "truncated")
        wire.feed.reply { _, _ in LoopbackReply(body: Array((text + text).utf8), delivery: .cutAfter(bytes: text.utf8.count)) }
        try await wire.expect([], "of another kind", status: 1)
        #expect(try wire.poll().failure == "truncated")
        #expect(try await wire.status().detail?.contains("the answer broke off") == true)
    }

    // MARK: cookies

    @Test func feedBehindACookieIsReadAndItsAddressStays() async throws {
        let feed = Feed(count: 3)
        feed.reply { request, document in
            request["Cookie"] == "tide=in"
                ? .conditional(request, etag: #""c""#, type: Feed.type, body: document)
                : LoopbackReply(status: 301, headers: [("Location", "/wire"), ("Set-Cookie", "tide=in")])
        }
        let wire = try await Wire.imported(feed)
        #expect(try wire.tidings.lines().count == 4)
        try await wire.expect([], "not modified")
        #expect(wire.requests.map { $0["Cookie"] } == [nil, "tide=in", nil, "tide=in"])
        #expect(try wire.poll().redirects == RedirectMemory(), "it has not moved")
        #expect(try await wire.status().detail == nil)

        try wire.tidings.write(
            settings: Installation.fetch() + Installation.feeds([
                Installation.feed("wire", at: wire.server.url(for: "/wire"), "private_network: true, cookies: never")
            ]))
        try await wire.expect(["source wire is failing"], "without cookies", status: 1)
        #expect(try wire.poll().failure == "redirect_loop")
        #expect(try await wire.status().detail?.contains("write 'cookies: chain' for this feed") == true)
        try wire.tidings.write(settings: Installation.fetch("cookies: never") + Installation.feeds([
            Installation.feed("wire", at: wire.server.url(for: "/wire"), "private_network: true, cookies: chain")
        ]))
        try await wire.expect(["source wire is ok"], "of all feeds, this one may")
    }

    // MARK: "not modified" that nobody asked for

    @Test func notModifiedWithoutAConditionIsAFailure() async throws {
        let feed = Feed(count: 3)
        feed.reply { _, _ in .status(304, headers: [("ETag", #""of nothing""#)]) }
        let wire = try Wire(feed)
        for _ in 1...2 {
            try await wire.tidings.once(expecting: 1)
            #expect(try wire.poll().failure == "unasked_not_modified")
            #expect(try wire.poll().dueReason == .backOff)
        }
        #expect(try await wire.status().detail?.contains("to a request without a condition; it is asked again without one") == true)
        #expect(wire.requests.map { $0["If-None-Match"] } == [nil, nil])
        feed.reply(nil)
        try await wire.tidings.once()
        #expect(try wire.tidings.lines().message.suffix(4) == [
            "created id-3 backfill", "created id-2 backfill", "created id-1 backfill", "source wire is ok",
        ])
    }

    @Test func afterItTheKnownDocumentIsAskedForWithoutACondition() async throws {
        let wire = try await Wire.imported()
        wire.feed.reply { _, _ in .status(304) }
        _ = try await wire.tidings.changePoll(of: "wire") { $0.trust.distrustedUntil = $0.nextPoll + 1_000_000_000 }
        try await wire.expect(["source wire is failing"], "unasked", status: 1)
        try await wire.tidings.changePoll(of: "wire") { $0.trust.distrustedUntil = nil }
        try await wire.expect(["source wire is ok"], "asked again") { wire.feed.reply(nil) }
        #expect(wire.requests.map { $0["If-None-Match"] } == [nil, nil, nil])
    }

    // MARK: bridges

    @Test("the message of a bridge is no article, and hides none", arguments: [
        #"<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Bridge returned error 0! (20520)</title><id>x</id></entry></feed>"#,
        #"<rss version="2.0"><channel><item><title>This feed is no longer available</title><guid>x</guid></item></channel></rss>"#,
        #"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"x","title":"Bridge returned error 429! (20521)"}]}"#,
    ])
    func bridges(message: String) async throws {
        let wire = try await Wire.imported()
        let before = try wire.poll().validators
        let lines = try await wire.expect(["source wire is failing"], "it says so", status: 1) {
            wire.feed.reply { _, _ in .text(message, type: "text/xml") }
        }
        #expect(try wire.poll().failure == "bridge_error")
        #expect(try wire.poll().validators == before)
        #expect(lines.first?.data.detail?.contains("no articles but the message '") == true)
        try await wire.expect([], "still", status: 1)
        try await wire.expect(["source wire is ok"], "there and back") { wire.feed.reply(nil) }
    }

    @Test func feedOfOneArticleIsRead() async throws {
        let wire = try await Wire.imported(Feed(count: 1))
        try await wire.expect(["created id-2", "source wire gap"], "its next, and what may have been between") {
            wire.feed.change {
                $0 = [Feed.Item(number: 2)]
                $0[0].title = "Bank returned error in statement"
            }
        }
    }
}
