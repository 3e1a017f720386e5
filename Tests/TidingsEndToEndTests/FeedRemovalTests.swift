import TestSupport
import Testing
import TidingsCore

/// What a feed does not show any more, and what that proves.
@Suite(.timeLimit(.minutes(5)))
struct FeedRemovalTests {
    @Test func whatLeavesTheWindowIsNotRemoved() async throws {
        let wire = try await Wire.imported(Feed(count: 10))
        for number in 11...15 {
            try await wire.expect(["created id-\(number)"], "one comes and one leaves") {
                wire.feed.change { items in
                    items.removeLast()
                    items.insert(Feed.Item(number: number), at: 0)
                }
            }
        }
        for _ in 1...3 {
            try await wire.expect([], "the window is shorter from now on") { wire.feed.change { $0 = Array($0.prefix(6)) } }
        }
        #expect(try wire.tidings.ledger().counts().articles == 15)
        try await wire.expect([], "and longer again") { wire.feed.change { $0 = (1...15).reversed().map(Feed.Item.init) } }
    }

    /// An answer that proves nothing, although it shows less.
    enum Unproved: CaseIterable {
        case cutOff, cutOffAtTheStart, noItems, empty, notModified, delta, part, serverError, page, hangUp

        var status: Int32 { [.cutOff, .cutOffAtTheStart, .noItems, .notModified, .delta].contains(self) ? 0 : 1 }

        func reply(_ request: LoopbackRequest, _ document: [UInt8]) -> LoopbackReply {
            switch self {
            case .cutOff: LoopbackReply(body: Array(document.dropLast(200)))
            case .cutOffAtTheStart: LoopbackReply(headers: [("ETag", #""of the start""#)], body: Feed.document([]).utf8.dropLast(10))
            case .noItems: .text(Feed.document([]), type: Feed.type)
            case .empty: .text("", type: Feed.type)
            case .notModified: .status(304)
            case .delta: LoopbackReply(status: 226, headers: [("IM", "feed")], body: document)
            case .part: LoopbackReply(status: 206, body: document)
            case .serverError: LoopbackReply(status: 500, body: document)
            case .page: .text("<!DOCTYPE html><html><body>Ships</body></html>", type: "text/html")
            case .hangUp: .hangUp
            }
        }
    }

    @Test("only whole documents prove that an item was removed")
    func unproved() async {
        await forEachRow(of: Unproved.allCases) { (answer: Unproved) in
            let wire = try await Wire.imported(Feed(count: 10))
            let id = try wire.tidings.lines().first("created id-6 backfill")?.subject
            for _ in 1...2 {
                try await wire.expect([], "missing in a whole document") { wire.feed.change { $0.removeAll { $0.number == 6 } } }
            }
            wire.feed.reply(answer.reply)
            // What is half read is half read the second time, too.
            for _ in 1...(answer.status == 0 ? 2 : 1) {
                let lines = try await wire.expect(nil, "it says nothing", status: answer.status)
                #expect(lines.allSatisfy { $0.type == "tidings.source.state" }, "\(lines.message)")
            }
            #expect(try wire.tidings.ledger().counts().articles == 10)
            #expect(try wire.poll().validators.etag == (answer == .noItems ? nil : Feed.etag(3)))
            let third = try await wire.expect(nil, "missing in the third whole document") { wire.feed.reply(nil) }
            #expect(third.message.first == "removed id-6: inferred", "\(third.message)")
            #expect(third.first?.subject == id)

            let back = try await wire.expect(["restored id-6", "updated id-6 to version 2: text"], "back, with a correction") {
                wire.feed.change { items in
                    items.insert(Feed.Item(number: 6), at: 4)
                    items[4].text += " The owner had asked for it."
                }
            }
            #expect(back.map(\.subject) == [id, id])
        }
    }

    @Test func removalsThatAreTooManyAreHeldUntilAPersonMeansThem() async throws {
        let feed = Feed(count: 20)
        feed.change { $0 = (1...130).reversed().map(Self.undated) }
        let wire = try await Wire.imported(feed)
        for _ in 1...3 {
            try await wire.expect([], "half of it is missing") { feed.change { $0.removeAll { (30..<100).contains($0.number) } } }
        }
        #expect(try wire.tidings.ledger().sourceStatuses().first?.source.removalsHeld == 70)
        let daemon = try await wire.tidings.daemon()
        let result = try await wire.tidings.run("reingest", "wire", "--accept-removals")
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await wire.tidings.waitForLines(1 + 130 + 70).dropFirst(131)
        try await daemon.stop()
        #expect(lines.count == 70 && lines.allSatisfy { $0.type == "tidings.article.removed" && $0.data.reason == "inferred" })
        #expect(try await wire.status().changes["removed"] == 70)
        #expect(try wire.tidings.ledger().counts().articles == 60)
    }

    @Test func feedThatIsNotFollowedAnyMoreIsOneLineAndItsArticlesStay() async throws {
        let wire = try await Wire.imported()
        let settings = Installation.feeds(wire.server, ["wire"])
        let lines = try await wire.expect(nil, "unsubscribed") { try wire.tidings.write(settings: Installation.oneFolder) }
        #expect(lines.message == ["source wire removed", "source news added"])
        #expect(try wire.tidings.ledger().counts().articles == 5)
        let back = try await wire.expect(nil, "and followed again") {
            wire.feed.change { $0[2].text += " It rained." }
            try wire.tidings.write(settings: settings)
        }
        #expect(back.message.filter { !$0.hasPrefix("source news") } == ["source wire added", "updated id-3 to version 2: text"])
    }

    private static func undated(_ number: Int) -> Feed.Item {
        var item = Feed.Item(number: number)
        item.date = nil
        return item
    }
}
