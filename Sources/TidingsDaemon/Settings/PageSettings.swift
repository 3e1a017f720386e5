import TidingsCore

/// Whether the pages of a feed's items are watched.
package enum FullText: String, CaseIterable, Sendable {
    case never
    /// If the feed carries teasers only (`TeaserMemory`).
    case auto
    case always
}

/// Whether robots.txt is obeyed (RFC 9309).
package enum RobotsPolicy: String, CaseIterable, Sendable { case obey, ignore }

/// A list of pages to watch. `config/tidings.yaml` documents the default values.
package struct PageListSettings: Equatable, Sendable {
    package var name: String
    /// Of `urls`, and the lines of `urls_file`. Unique.
    package var urls: [String]
    /// `false`: the ledger keeps the source, but nobody looks at its pages.
    package var isEnabled = true
    /// Instead of `PageFetchSettings.recheck`.
    package var recheck: Recheck?
    package var allowsPrivateNetwork = false
    /// Sent instead of `FetchSettings.userAgent`.
    package var userAgent: String?
    /// Instead of `FetchSettings.proxy`.
    package var proxy: ProxySettings?
    /// Labels that people chose. They have no effect.
    package var tags: [String] = []

    package init(name: String, urls: [String]) {
        self.name = name
        self.urls = urls
    }
}

/// How pages are fetched, those of feeds and those of lists together.
package struct PageFetchSettings: Equatable, Sendable {
    package var fullText = FullText.never
    package var recheck = Recheck.decay
    package var perHost = 1
    /// The shortest time between the starts of two requests for pages to one host.
    package var hostDelay = Duration.seconds(3)
    /// Looks an hour, at all hosts together.
    package var perHour = 3_600
    /// Pages of the first import of a feed, the newest ones.
    package var backfill = 50
    package var robots = RobotsPolicy.obey
}
