/// One feed of a subscription list.
package struct Subscription: Equatable, Sendable {
    /// The URL in the list, with `feed:` replaced by http. Not checked otherwise: it may be no URL at all.
    package var url: String
    package var title: String?
    package var homePageURL: String?
    /// What the feed is filed under: its folders from the outermost to the innermost, then its categories, without
    /// repeats.
    package var tags: [String]

    package init(url: String, title: String? = nil, homePageURL: String? = nil, tags: [String] = []) {
        self.url = url
        self.title = title
        self.homePageURL = homePageURL
        self.tags = tags
    }
}

/// What an OPML document says: its feeds in document order, repeated ones too, and what was wrong with it.
package struct SubscriptionList: Equatable, Sendable {
    package var subscriptions: [Subscription] = []
    package var problems: [Problem] = []

    package init() {}
}

/// Why the bytes are no subscription list at all.
package struct NotASubscriptionList: Error, Equatable, Sendable {
    /// "this is no OPML but a document of <rss>"
    package let message: String
}
