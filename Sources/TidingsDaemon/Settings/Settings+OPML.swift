import TidingsFormats

extension Settings {
    /// The feeds as an OPML document. Settings have no titles, so the names become titles; an import uses them as names again.
    package var opml: [UInt8] {
        let subscriptions = feeds.map { Subscription(url: $0.url, title: $0.name, tags: $0.tags) }
        return writeOPML(subscriptions, title: "Feeds of Tidings")
    }
}
