import Logging
import TidingsCore
import TidingsFetch

/// What all feeds of a daemon share: one object, and not a copy in each of ten thousand feeds.
package final class FeedContext: Sendable {
    let fetch: FetchSettings
    let limits: LimitSettings
    let pageFetch: PageFetchSettings
    /// Names the daemon and, where given, whom a publisher can write to (RFC 9110 §10.1.5).
    let userAgent: String
    /// How many feeds there are, over which the first polls are spread.
    let feedCount: Int
    let environment: [String: String]
    let pipeline: Pipeline
    let fetcher: Fetcher
    /// For what is fetched while a poll holds its place in `fetcher`: were it the same, polls could wait for each other for ever.
    let pageFetcher: Fetcher
    let schedule: FeedSchedule
    let registry: FeedRegistry
    let notModified = NotModifiedPolls()
    /// Nil where hubs cannot reach the daemon.
    let hubs: HubSubscriber?
    let logger: Logger

    init(
        settings: Settings, environment: [String: String], pipeline: Pipeline, fetcher: Fetcher, pageFetcher: Fetcher,
        schedule: FeedSchedule, registry: FeedRegistry, hubs: HubSubscriber?, logger: Logger
    ) {
        fetch = settings.fetch
        limits = settings.limits
        pageFetch = settings.pageFetch
        userAgent = fetch.contact.map { [fetch] in "\(fetch.userAgent) (+\($0))" } ?? fetch.userAgent
        feedCount = settings.feeds.count
        self.environment = environment
        self.pipeline = pipeline
        self.fetcher = fetcher
        self.pageFetcher = pageFetcher
        self.schedule = schedule
        self.registry = registry
        self.hubs = hubs
        self.logger = logger
    }
}
