import TidingsFormats

extension Settings {
    /// The feeds as an OPML document. Settings know no titles: the names stand for them, and come back as names.
    package var opml: [UInt8] {
        let subscriptions = feeds.map { Subscription(url: $0.url, title: $0.name, tags: $0.tags) }
        return writeOPML(subscriptions, title: "Feeds of Tidings")
    }
}
