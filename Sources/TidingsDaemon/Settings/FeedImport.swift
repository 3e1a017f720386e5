import TidingsCore
import TidingsFormats

/// Decides how settings import the feeds of subscription lists. It writes nothing.
package struct FeedImport: Sendable {
    package enum Outcome: Equatable, Sendable {
        /// The feed is added under this name.
        case added(name: String)
        /// The settings, or an earlier entry of the lists, already have the feed under this name.
        case known(name: String)
        /// Settings cannot have the feed. The reason ends with the next step.
        case refused(reason: String)
    }

    /// All feeds of the lists, in the order of the lists.
    package private(set) var feeds: [(subscription: Subscription, outcome: Outcome)] = []
    /// The feeds to add.
    package private(set) var added: [FeedSettings] = []

    /// - Parameter settings: the present settings; nil if there are none.
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

    /// Equal for two URLs of the same feed, which must not be polled twice. The front page of a site has no canonical URL, but it
    /// can be the address of a feed.
    private static func identity(_ url: String) -> String { CanonicalURL.of(url) ?? FeedAddress(url)?.comparable ?? url }
}
