import TidingsCore
import TidingsSinks

/// The settings file, read and checked, with all defaults filled in.
///
/// Paths are absolute and have no `.` or `..` in them. Durations are greater than zero unless a comment says otherwise.
package struct Settings: Equatable, Sendable {
    /// The folder of `db/` and `stream/`.
    package var stateFolder: String
    package var folders: [FolderSettings] = []
    package var feeds: [FeedSettings] = []
    package var pages: [PageListSettings] = []
    package var limits = LimitSettings()
    package var stream = StreamSettings()
    package var retention = RetentionSettings()
    package var fetch = FetchSettings()
    package var pageFetch = PageFetchSettings()
    package var http = HTTPSettings()
    package var search = SearchSettings()
    package var sinks: [SinkSettings] = []
    package var logLevel = LogLevel.info

    package init(stateFolder: String) { self.stateFolder = stateFolder }

    /// Of folders, feeds and lists of pages.
    package var sourceNames: [String] { folders.map(\.name) + feeds.map(\.name) + pages.map(\.name) }
}

/// One folder to watch. `config/tidings.yaml` documents the default values.
package struct FolderSettings: Equatable, Sendable {
    package var name: String
    package var path: String
    /// `false`: the ledger keeps the source, but nobody looks at it.
    package var isEnabled = true
    /// Patterns for the path below the root, with `/` between its parts. A file is read if a pattern of `include` matches and none
    /// of `exclude` does.
    package var include = ["**/*"]
    package var exclude: [String] = []
    /// The longest time between two scans of the folder, even if no event arrives.
    package var rescan = Duration.seconds(600)
    /// How long a new file must be unchanged before it is read, and a vanished file absent before it counts as missing. May be
    /// zero.
    package var settle = Duration.milliseconds(200)
    package var maxFileBytes = 16 << 20

    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}

/// One feed to poll. `config/tidings.yaml` documents the default values.
package struct FeedSettings: Equatable, Sendable {
    package var name: String
    package var url: String
    /// `false`: the ledger keeps the source, but nobody polls it.
    package var isEnabled = true
    /// The usual time between two polls. The poll plan adapts it.
    package var every = Duration.seconds(900)
    /// Whether the feed may be at a loopback, link-local or private address.
    package var allowsPrivateNetwork = false
    /// Sent instead of `FetchSettings.userAgent`.
    package var userAgent: String?
    /// File with secret header lines, read when they are used and never logged: see `RequestHeaders`.
    package var headersFile: String?
    /// Instead of `FetchSettings.cookies`.
    package var cookies: CookiePolicy?
    /// Instead of `FetchSettings.proxy`.
    package var proxy: ProxySettings?
    /// Instead of `PageFetchSettings.fullText` and `.recheck`.
    package var fullText: FullText?
    package var recheck: Recheck?
    /// Labels that people chose. They have no effect; OPML import reads them and OPML export writes them.
    package var tags: [String] = []

    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }
}

/// Size limits for one document or item. Larger ones are refused.
package struct LimitSettings: Equatable, Sendable {
    /// A fetched document, after decompression.
    package var maxBodyBytes = 16 << 20
    /// The text of one item.
    package var maxItemBytes = 4 << 20
    /// Items of one document; the newest by date are kept.
    package var maxItems = 10_000
}

/// When the daemon begins a new change file.
package struct StreamSettings: Equatable, Sendable {
    package var rotateBytes = 64 << 20
    package var rotateAge = Duration.seconds(86_400)
    /// The shortest time between two new change files. A follower that looks less often can miss a file.
    package var rotateSpacing = Duration.seconds(60)
}

/// The search index, `db/search.db`.
package struct SearchSettings: Equatable, Sendable {
    /// `false`: an index that is there stays as it is.
    package var isEnabled = true
}

/// How feeds are fetched, all of them together.
package struct FetchSettings: Equatable, Sendable {
    package var concurrency = 32
    package var perHost = 2
    /// The shortest time between the starts of two requests to one host. May be zero.
    package var hostDelay = Duration.milliseconds(250)
    package var connectTimeout = Duration.seconds(10)
    package var totalTimeout = Duration.seconds(60)
    package var userAgent = "Tidings"
    /// An address or URL that publishers can write to. It follows a plus sign in the User-Agent.
    package var contact: String?
    /// PEM file of certificate authorities to trust, besides those of the system's folder.
    package var caFile: String?
    package var cookies = CookiePolicy.chain
    package var proxy = ProxySettings.none
    /// The program that has workers run the requests, and its arguments; empty if the daemon runs them itself.
    package var command: [String] = []
}

/// What becomes of a cookie that a server sets. None outlives the request and its redirects.
package enum CookiePolicy: String, CaseIterable, Sendable {
    /// A cookie that a redirect sets goes along on the next redirects of the same request.
    case chain
    /// It is never sent.
    case never
}

/// Raw values are swift-log's level names.
package enum LogLevel: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }
