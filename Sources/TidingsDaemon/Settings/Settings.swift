import TidingsCore

/// What the operator asked for: the settings file, read and checked, with every default filled in.
///
/// Paths are absolute and have no `.` or `..` in them. Durations are longer than nothing unless it is said otherwise.
package struct Settings: Equatable, Sendable {
    /// Where `db/` and `stream/` are.
    package var stateFolder: String
    package var folders: [FolderSettings] = []
    package var feeds: [FeedSettings] = []
    package var limits = LimitSettings()
    package var stream = StreamSettings()
    package var retention = RetentionSettings()
    package var fetch = FetchSettings()
    package var logLevel = LogLevel.info

    package init(stateFolder: String) { self.stateFolder = stateFolder }
}

/// One folder to watch. Its default values are those that `config/tidings.yaml` promises.
package struct FolderSettings: Equatable, Sendable {
    package var name: String
    package var path: String
    /// `false`: keep what is known of the source, but do not look at it.
    package var isEnabled = true
    /// Patterns over the path below the root, with `/` between its parts; a file is read if one of `include` matches
    /// and none of `exclude` does.
    package var include = ["**/*"]
    package var exclude: [String] = []
    /// How long at most until the folder is scanned although no event said so.
    package var rescan = Duration.seconds(600)
    /// How long a new file must have stood still before it is read, and a vanished one be gone before it is missed.
    package var settle = Duration.milliseconds(200)
    package var maxFileBytes = 16 << 20

    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}

/// One feed to poll. Its default values are those that `config/tidings.yaml` promises.
package struct FeedSettings: Equatable, Sendable {
    package var name: String
    package var url: String
    /// `false`: keep what is known of the source, but do not look at it.
    package var isEnabled = true
    /// The shortest time between two polls; the poll plan may make it longer.
    package var every = Duration.seconds(900)
    /// Whether loopback, link-local and private addresses may be connected to.
    package var allowsPrivateNetwork = false
    /// Sent instead of `FetchSettings.userAgent`.
    package var userAgent: String?
    /// File with secret header lines, read when they are used and never logged: see `RequestHeaders`.
    package var headersFile: String?
    /// What people file the feed under. Nothing follows from it; it comes from OPML and goes back there.
    package var tags: [String] = []

    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }
}

/// How much of one thing is taken in before it is refused as too large.
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
    /// The shortest time from one new change file to the next: a follower that sleeps through two of them misses one.
    package var rotateSpacing = Duration.seconds(60)
}

/// How feeds are fetched, all of them together.
package struct FetchSettings: Equatable, Sendable {
    package var concurrency = 32
    package var perHost = 2
    /// Between the starts of two requests to one host; zero is allowed.
    package var hostDelay = Duration.milliseconds(250)
    package var connectTimeout = Duration.seconds(10)
    package var totalTimeout = Duration.seconds(60)
    package var userAgent = "Tidings"
    /// An address or URL that publishers can write to; stands in the User-Agent behind a plus sign.
    package var contact: String?
    /// PEM file of authorities that sign the certificates of hosts, beside those of the system's folder.
    package var caFile: String?
}

/// Raw values are swift-log's level names.
package enum LogLevel: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }
