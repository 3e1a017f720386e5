import TidingsCore
import TidingsFormats

/// What becomes of the feeds of subscription lists when they are brought into settings. Pure: nothing is written.
package struct FeedImport: Sendable {
    package enum Outcome: Equatable, Sendable {
        /// To be added, under this name.
        case added(name: String)
        /// The settings, or the lists before this place, have it: under this name.
        case known(name: String)
        /// Settings cannot name it: why, and what to do.
        case refused(reason: String)
    }

    /// All of the lists' feeds, in their order.
    package private(set) var feeds: [(subscription: Subscription, outcome: Outcome)] = []
    /// Those to be added.
    package private(set) var added: [FeedSettings] = []

    /// - Parameter settings: what is there already; nil for nothing.
    package init(_ subscriptions: [Subscription], into settings: Settings?) {
        let present = settings?.feeds ?? []
        let taken = present.map(\.name) + (settings?.folders ?? []).map(\.name)
        var names = SourceNames(taken: Set(taken))
        var nameOfAddress = Dictionary(present.map { (Self.identity($0.url), $0.name) }) { first, _ in first }
        for subscription in subscriptions {
            let identity = Self.identity(subscription.url)
            if let name = nameOfAddress[identity] {
                feeds.append((subscription, .known(name: name)))
                continue
            }
            do throws(FeedAddressError) {
                _ = try FeedAddress(checking: subscription.url)
            } catch {
                feeds.append((subscription, .refused(reason: "\(error.message), \(error.suggestion)")))
                continue
            }
            let name = names.name(title: subscription.title, url: subscription.url)
            var feed = FeedSettings(name: name, url: subscription.url)
            feed.tags = subscription.tags
            nameOfAddress[identity] = name
            added.append(feed)
            feeds.append((subscription, .added(name: name)))
        }
    }

    /// Equal for two URLs under which one feed would be polled twice. The front page of a site has no canonical URL, and is a
    /// feed's address all the same.
    private static func identity(_ url: String) -> String { CanonicalURL.of(url) ?? FeedAddress(url)?.comparable ?? url }
}

extension Settings {
    /// The feeds as an OPML document. Settings know no titles: the names stand for them, and come back as names.
    package var opml: [UInt8] {
        let subscriptions = feeds.map { Subscription(url: $0.url, title: $0.name, tags: $0.tags) }
        return writeOPML(subscriptions, title: "Feeds of Tidings")
    }
}
