import TestSupport
import Testing
import TidingsCore

/// What a feed is asked with, and what is believed of answers that are cut off or untrue.
@Suite(.timeLimit(.minutes(5)))
struct PollFaultTests {
    private static let validatorsGoBackRows: [Validators] = [
        Validators(etag: #""v1""#, lastModified: "Tue, 03 Mar 2026 08:00:00 GMT"),
        Validators(etag: #"W/"v1""#),
        Validators(etag: "without-quotes", lastModified: "2026-03-03 11:00 +0300, by the clock of the harbor"),
        Validators(lastModified: "Tue, 03 Mar 2026 08:00:00 GMT"),
    ]

    @Test("validators go back as they came, both of one answer")
    func validatorsGoBack() async {
        await forEachRow(of: Self.validatorsGoBackRows) { (validators: Validators) in
            let wire = try Wire()
            wire.feed.reply { _, document in LoopbackReply(headers: validators.fields, body: document) }
            for _ in 0..<2 { try await wire.tidings.once() }
            // The date is that of before: what is kept is the pair of the newest answer.
            let newer = Validators(etag: #""v2""#, lastModified: validators.lastModified)
            try await wire.expect(["created id-9"], "another edition") {
                wire.feed.change { $0.insert(Feed.Item(number: 9), at: 0) }
                wire.feed.reply { _, document in LoopbackReply(headers: newer.fields, body: document) }
            }
            try await wire.expect([], "the same again")
            #expect(wire.requests.map(\.validators) == [Validators(), validators, validators, newer])
        }
    }

    @Test func serverThatSaysNotModifiedForEverAnnouncesNothing() async throws {
        let wire = try await Wire.imported()
        let first = try wire.poll()
        wire.feed.reply { _, _ in .status(304) }
        for time in 1...3 { try await wire.expect([], "304 for the \(time). time") }
        let last = try wire.poll()
        #expect(wire.requests.last?.validators.etag == Feed.etag(1))
        #expect(last.lastStatus == 304)
        #expect(last.sourceState == .ok)
        #expect(try #require(last.lastSuccess) > #require(first.lastSuccess), "it was looked at, and well")
        #expect(last.validators == first.validators)
        try await wire.expect(["updated id-3 to version 2: text"], "the next edition") {
            wire.feed.change { $0[2].text += " It was the last." }
            wire.feed.reply(nil)
        }
    }

    @Test func answerToAnETagIsReadWheneverItsBytesDiffer() async throws {
        let wire = try await Wire.imported()
        wire.feed.reply { _, document in LoopbackReply(headers: [("ETag", Feed.etag(1))], body: document) }
        try await wire.expect([], "200 with the same body")
        try await wire.expect(["updated id-3 to version 2: text"], "200 with another body under the same ETag") {
            wire.feed.change { $0[2].text += " It was the last." }
        }
    }

    @Test func editsBehindAnEqualETagAreFoundWithoutIt() async throws {
        let feed = Feed(count: 5)
        feed.reply { request, document in .conditional(request, etag: #""always-the-same""#, body: document) }
        let wire = try await Wire.imported(feed)
        for lie in 1...2 {
            try await wire.expect([], "an edit that the server hides") { feed.change { $0[2].text += " And again." } }
            #expect(try wire.poll().trust.validatorLies == lie - 1)
            try await wire.tidings.changePoll(of: "wire") { $0.trust.nextUnconditional = 1 }
            try await wire.expect(["updated id-3 to version \(lie + 1): text"], "a poll without validators, hours later")
            #expect(wire.requests.last?.validators == Validators())
            #expect(wire.said.contains("hid a change behind an unchanged validator"), "\(wire.said)")
            #expect(try wire.poll().trust.validatorLies == lie)
        }
        try await wire.expect(["updated id-3 to version 4: text"], "who lied twice is asked without") {
            feed.change { $0[2].text += " And for the last time." }
        }
        #expect(wire.requests.last?.validators == Validators())
        #expect(try await wire.status().validatorLies == 2)
    }

    @Test func reingestFindsWhatAnETagHides() async throws {
        let feed = Feed(count: 2)
        feed.reply { request, document in .conditional(request, etag: #""always-the-same""#, body: document) }
        let wire = try await Wire.imported(feed)
        let daemon = try await wire.tidings.daemon()
        feed.change { $0[0].text += " It was the last." }
        let result = try await wire.tidings.run("reingest", "wire")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await wire.tidings.waitForLines(4).message.last == "updated id-2 to version 2: text")
        try await daemon.stop()
    }

    // MARK: answers that are cut off

    /// Where an answer is broken off.
    enum Cut: CaseIterable {
        case bodyShorterThanItsLength, chunksWithoutTheLast, gzip, document

        /// Whether the answer itself says that it is not whole. Then nothing of it is read.
        var isSeenByTransfer: Bool { self == .bodyShorterThanItsLength || self == .chunksWithoutTheLast }

        func reply(_ request: LoopbackRequest, _ document: [UInt8]) -> LoopbackReply {
            let half = document.count * 2 / 3
            let etag = (name: "ETag", value: #""of the part""#)
            return switch self {
            case .bodyShorterThanItsLength:
                LoopbackReply(headers: [etag], body: document, delivery: .cutAfter(bytes: half))
            case .chunksWithoutTheLast:
                LoopbackReply(headers: [etag], body: Array(document.prefix(half)), delivery: .chunkedAndCut(bytes: 100))
            case .gzip:
                LoopbackReply(
                    headers: [etag, ("Content-Encoding", "gzip")], body: Array(GzipFixture.stored(document).prefix(half)))
            case .document: LoopbackReply(headers: [etag], body: Array(document.prefix(half)))
            }
        }
    }

    @Test("of an answer that is cut off at most whole items are read, and nothing is missed by it")
    func cutOff() async {
        await forEachRow(of: Cut.allCases) { (cut: Cut) in
            let wire = try await Wire.imported(Feed(count: 12))
            let news = ["created id-13", "updated id-12 to version 2: text"]
            wire.feed.change { $0 = Self.secondEdition }
            wire.feed.reply(cut.reply)
            let status: Int32 = cut.isSeenByTransfer ? 1 : 0
            try await wire.expect(cut.isSeenByTransfer ? [] : news, "the first time", status: status)
            try await wire.expect([], "the second time", status: status)
            // Number 11 is missing for the third time now.
            let third = cut.isSeenByTransfer ? ["source wire is failing"] : []
            try await wire.expect(third, "the third time", status: status)
            let poll = try wire.poll()
            #expect(poll.validators.etag == Feed.etag(1))
            #expect(poll.failure == (cut.isSeenByTransfer ? "truncated" : nil))
            #expect(
                wire.requests.map(\.validators.etag) == [nil, Feed.etag(1), Feed.etag(1), Feed.etag(1)], "those of the last whole one")

            let whole = cut.isSeenByTransfer ? news + ["source wire is ok"] : []
            try await wire.expect(whole, "the whole document") { wire.feed.reply(nil) }
        }
    }

    /// One new item, one edited, one missing, and those of before.
    private static let secondEdition: [Feed.Item] = {
        var items = (1...13).reversed().map(Feed.Item.init)
        items[1].text += " It was the last of the year."
        items.remove(at: 2)
        return items
    }()
}

extension LoopbackRequest {
    /// The validators that it was sent with.
    fileprivate var validators: Validators { Validators(etag: self["If-None-Match"], lastModified: self["If-Modified-Since"]) }
}

extension Validators {
    fileprivate var fields: [(name: String, value: String)] {
        [etag.map { (name: "ETag", value: $0) }, lastModified.map { (name: "Last-Modified", value: $0) }].compactMap(\.self)
    }
}
