import TidingsCore
import TidingsStore

/// How the pages of one source are looked at.
struct PageWatcher: Sendable {
    let source: SourceID
    let name: String
    /// `feed` or `page`.
    let kind: SourceKind
    let recheck: Recheck
    let allowsPrivateNetwork: Bool
    let userAgent: String
    let cookies: CookiePolicy
    let proxy: ProxySettings?

    init(feed: FeedSettings, id: SourceID, settings: Settings, userAgent: String) {
        source = id
        name = feed.name
        kind = .feed
        recheck = feed.recheck ?? settings.pageFetch.recheck
        allowsPrivateNetwork = feed.allowsPrivateNetwork
        self.userAgent = feed.userAgent ?? userAgent
        cookies = feed.cookies ?? settings.fetch.cookies
        proxy = feed.proxy
    }

    init(list: PageListSettings, id: SourceID, settings: Settings, userAgent: String) {
        source = id
        name = list.name
        kind = .page
        recheck = list.recheck ?? settings.pageFetch.recheck
        allowsPrivateNetwork = list.allowsPrivateNetwork
        self.userAgent = list.userAgent ?? userAgent
        cookies = settings.fetch.cookies
        proxy = list.proxy
    }
}
