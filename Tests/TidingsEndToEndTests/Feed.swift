import Synchronization
import TestSupport

/// A feed of a server, which tests change while it is read.
final class Feed: Sendable {
    /// What is nil is left out.
    struct Item: Sendable {
        let number: Int
        var title: String
        var id: String?
        var link: String?
        var date: String?
        var text: String
        /// Elements that stand behind the others.
        var more = ""

        init(number: Int) {
            self.number = number
            title = "Ship number \(number) is unloaded"
            id = "id-\(number)"
            link = "https://wire.example/ship/\(number)"
            date = "\(number < 10 ? "0" : "")\(number) Mar 2026 08:00:00 GMT"
            text = "In the harbor of the town ship number \(number) was unloaded by hand, as it was a hundred years ago."
        }
    }

    /// An answer of another kind, made of the request and the document that would be sent.
    typealias Reply = @Sendable (LoopbackRequest, [UInt8]) -> LoopbackReply

    private struct State {
        var items: [Item]
        var edition = 1
        var reply: Reply?
    }
    private let state: Mutex<State>

    /// Items `count` … 1, the newest first, as feeds have them.
    init(count: Int = 20) { state = Mutex(State(items: (1...count).reversed().map(Item.init))) }

    static func etag(_ edition: Int) -> String { #"W/"edition-\#(edition)""# }

    var items: [Item] { state.withLock(\.items) }

    func change(_ body: @Sendable (inout [Item]) -> Void) {
        state.withLock { state in
            body(&state.items)
            state.edition += 1
        }
    }

    /// From now on `reply` answers; nil: the feed itself, which says 304 where it may.
    func reply(_ reply: Reply?) {
        state.withLock { state in
            state.reply = reply
            state.edition += 1
        }
    }

    func answer(_ request: LoopbackRequest) -> LoopbackReply {
        let (items, edition, reply) = state.withLock { ($0.items, $0.edition, $0.reply) }
        let document = Array(Self.document(items).utf8)
        if let reply { return reply(request, document) }
        return .conditional(request, etag: Self.etag(edition), type: Self.type, body: document)
    }

    static let type = "application/rss+xml"

    /// - Parameter channel: elements of the feed itself.
    static func document(_ items: [Item], channel: String = "") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
          xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
        <channel><title>Wire</title><link>https://wire.example/</link><description>Ships</description>\(channel)
        \(items.map(element).joined(separator: "\n"))
        </channel></rss>
        """
    }

    private static func element(_ item: Item) -> String {
        let parts = [
            "<title>\(item.title)</title>", item.link.map { "<link>\($0)</link>" },
            item.id.map { #"<guid isPermaLink="false">\#($0)</guid>"# }, item.date.map { "<pubDate>\($0)</pubDate>" },
            "<description>\(item.text)</description>", item.more,
        ]
        return "<item>\(parts.compactMap(\.self).joined())</item>"
    }
}
