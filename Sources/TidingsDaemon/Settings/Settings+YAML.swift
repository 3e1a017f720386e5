import TidingsCore
import Yams

extension Settings {
    /// The settings in the YAML `text` of the file `file`.
    /// - Parameters:
    ///   - file: absolute path; relative paths in `text` start at its folder.
    ///   - environment: gives the state folder, if `text` names none, and `HOME`.
    ///   - needsSource: whether settings without a list of sources are an error. False when the caller is about to add one.
    /// - Throws: all problems of `text`; after a YAML syntax error or a duplicate key, only that one.
    package init(
        yaml text: String, file: String, environment: [String: String], needsSource: Bool = true
    ) throws(SettingsError) {
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw SettingsError([SettingsProblem(error, file: file)])
        }
        let report = SettingsReport(file: file)
        let reader = SettingsReader(
            report: report, base: SettingsPath.parent(file), home: environment["HOME"], environment: environment)
        let settings = reader.settings(root ?? .mapping(Node.Mapping([])))
        guard let settings, report.problems.isEmpty else { throw SettingsError(report.sorted) }
        // A file that was cut short, or saved empty, must not take all sources out. An empty list that is written down is meant.
        if needsSource, !["folders", "feeds", "pages"].contains(where: { root?.mapping?[$0] != nil }) {
            throw SettingsError([.noSource(file: file)])
        }
        self = settings
    }
}

/// Reads the tree of a settings file. Each method reads one section. It adds problems to `report`, and uses the default for a wrong
/// value.
struct SettingsReader {
    let report: SettingsReport
    let base: String
    let home: String?
    let environment: [String: String]

    /// The upper limit of every interval.
    static let longest = Duration.seconds(30 * 86_400)

    static let keys = [
        "state", "folders", "feeds", "pages", "limits", "stream", "retention", "fetch", "page_fetch", "http", "search", "sinks",
        "log_level",
    ]

    func settings(_ root: Node) -> Settings? {
        guard let top = SettingsSection(root, title: "", keys: Self.keys, report: report) else { return nil }
        var settings = Settings(stateFolder: stateFolder(top))
        let sources = SourceChecks(report: report, stateFolder: settings.stateFolder)
        settings.folders = sections(top, "folders", keys: FolderKey.all).compactMap { folder($0, checks: sources) }
        settings.feeds = sections(top, "feeds", keys: FeedKey.all).compactMap { feed($0, checks: sources) }
        settings.pages = sections(top, "pages", keys: PageKey.all).compactMap { pageList($0, checks: sources) }
        section(top, "limits", keys: ["max_body", "max_item", "max_items"]).map { settings.limits = limits($0) }
        section(top, "stream", keys: ["rotate_size", "rotate_age", "rotate_spacing"]).map { settings.stream = stream($0) }
        section(top, "retention", keys: ["change_files", "changes", "captures", "versions", "page_bodies", "sinks"])
            .map { settings.retention = retention($0) }
        section(top, "fetch", keys: FetchKey.all).map { settings.fetch = fetch($0) }
        section(top, "page_fetch", keys: PageKey.common).map { settings.pageFetch = pageFetch($0) }
        section(top, "http", keys: HTTPKey.all).map { settings.http = http($0) }
        section(top, "search", keys: ["enabled"]).map { $0.boolean("enabled").map { settings.search.isEnabled = $0 } }
        let sinkNames = SinkNames()
        settings.sinks = sections(top, "sinks", keys: SinkKey.all).compactMap { sink($0, names: sinkNames) }
        settings.logLevel = logLevel(top)
        return settings
    }

    /// Empty if there is none, which is noted.
    func stateFolder(_ top: SettingsSection) -> String {
        if let named = top.string("state", example: "../state") { return absolute(named) }
        if let standard = StateFolder.standardPath(settingsFile: report.file, environment: environment) { return standard }
        if top.node("state") == nil {
            report.add(top.position, "there is no state folder: neither 'state' nor $HOME is set", "write state: ../state")
        }
        return ""
    }

    private enum FolderKey {
        static let all = ["name", "path", "enabled", "include", "exclude", "rescan", "settle", "max_file"]
    }

    private func folder(_ section: SettingsSection, checks: SourceChecks) -> FolderSettings? {
        let name = section.required("name", example: "news")
        let path = section.required("path", example: "../news")
        guard let name, let path else { return nil }
        var folder = FolderSettings(name: name, path: absolute(path))
        checks.name(name, in: section)
        checks.folder(folder, in: section)
        section.boolean("enabled").map { folder.isEnabled = $0 }
        section.strings("include", example: #""**/*""#).map { folder.include = $0 }
        section.strings("exclude", example: #""drafts/**""#).map { folder.exclude = $0 }
        checks.patterns(folder.include, key: "include", in: section)
        checks.patterns(folder.exclude, key: "exclude", in: section)
        if folder.include.isEmpty {
            section.problem("include", "'include' is empty: nothing would be read", #"write include: ["**/*"]"#)
        }
        section.duration("rescan", in: .seconds(1)...Self.longest, example: "10m").map { folder.rescan = $0 }
        section.duration("settle", in: .zero ... .seconds(60), example: "200ms").map { folder.settle = $0 }
        section.size("max_file", in: 1 << 10...1 << 30, example: "16MiB").map { folder.maxFileBytes = $0 }
        return folder
    }

    private enum FeedKey {
        static let all = [
            "name", "url", "enabled", "every", "private_network", "user_agent", "headers_file", "cookies", "proxy",
            "proxy_credentials_file", "tags", "full_text", "recheck",
        ]
    }

    private func feed(_ section: SettingsSection, checks: SourceChecks) -> FeedSettings? {
        let name = section.required("name", example: "astana-times")
        let url = section.required("url", example: "https://example.org/feed.xml")
        guard let name, let url else { return nil }
        var feed = FeedSettings(name: name, url: url)
        checks.name(name, in: section)
        checks.feed(url, in: section)
        section.boolean("enabled").map { feed.isEnabled = $0 }
        section.boolean("private_network").map { feed.allowsPrivateNetwork = $0 }
        // A publisher's server is polled at most once a minute. The operator's own server may be polled more often.
        let shortest: Duration = feed.allowsPrivateNetwork ? .seconds(1) : .seconds(60)
        section.duration("every", in: shortest...Self.longest, example: "15m").map { feed.every = $0 }
        feed.userAgent = section.string("user_agent", example: "Mozilla/5.0")
        feed.headersFile = section.string("headers_file", example: "%d/\(name)").map(credential)
        feed.cookies = cookies(section)
        feed.proxy = proxy(section)
        feed.fullText = fullText(section)
        feed.recheck = recheck(section, shortest: shortest)
        section.strings("tags", example: "politics").map { feed.tags = $0 }
        return feed
    }

    private func limits(_ section: SettingsSection) -> LimitSettings {
        var limits = LimitSettings()
        section.size("max_body", in: 1 << 10...1 << 30, example: "16MiB").map { limits.maxBodyBytes = $0 }
        section.size("max_item", in: 1 << 10...1 << 28, example: "4MiB").map { limits.maxItemBytes = $0 }
        section.integer("max_items", in: 1...1_000_000, example: limits.maxItems).map { limits.maxItems = $0 }
        return limits
    }

    private func stream(_ section: SettingsSection) -> StreamSettings {
        var stream = StreamSettings()
        section.size("rotate_size", in: 1 << 16...1 << 40, example: "64MiB").map { stream.rotateBytes = $0 }
        section.duration("rotate_age", in: .seconds(60)...Self.longest * 12, example: "1d").map { stream.rotateAge = $0 }
        section.duration("rotate_spacing", in: .seconds(1)...(.seconds(3600)), example: "60s").map { stream.rotateSpacing = $0 }
        return stream
    }

    private func retention(_ section: SettingsSection) -> RetentionSettings {
        func part(_ key: String, _ keys: [String]) -> SettingsSection? {
            section.node(key).flatMap { SettingsSection($0, title: "retention.\(key)", keys: keys, report: report) }
        }
        var retention = RetentionSettings()
        if let files = part("change_files", ["age", "size"]) {
            retention.changeFiles = RetentionLimit(ageMilliseconds: age(files), bytes: size(files, example: "10GiB"))
        }
        if let changes = part("changes", ["age", "size"]) {
            retention.changes = RetentionLimit(ageMilliseconds: age(changes), bytes: size(changes, example: "10GiB"))
        }
        if let captures = part("captures", ["age"]) { retention.captureAgeMilliseconds = age(captures) }
        if let versions = part("versions", ["age", "count", "size"]) {
            let count =
                versions.isNone("count") ? nil : versions.integer("count", in: 1...1_000_000, example: 50)
            retention.versions = VersionRetention(
                ageMilliseconds: age(versions), count: count, bytes: size(versions, example: "5GiB"))
        }
        if let bodies = part("page_bodies", ["age", "size"]) {
            retention.pageBodies = RetentionLimit(ageMilliseconds: age(bodies), bytes: size(bodies, example: "10GiB"))
        }
        if let sinks = part("sinks", ["age", "count"]) {
            if sinks.node("age") != nil { retention.sinkAgeMilliseconds = age(sinks) }
            if !sinks.isNone("count") { retention.sinkCount = sinks.integer("count", in: 1_000...1_000_000_000, example: 1_000_000) }
        }
        return retention
    }

    private func age(_ section: SettingsSection) -> Int64? {
        if section.isNone("age") { return nil }
        // At most a hundred years, so that a cutoff never lies before the year 1.
        return section.duration("age", in: .seconds(60)...(.seconds(36_500 * 86_400)), example: "90d")
            .map { $0.components.seconds * 1000 }
    }

    private func size(_ section: SettingsSection, example: String) -> Int64? {
        if section.isNone("size") { return nil }
        return section.size("size", in: 1 << 16...1 << 40, example: example).map(Int64.init)
    }

    private enum FetchKey {
        static let all = [
            "concurrency", "per_host", "host_delay", "connect_timeout", "total_timeout", "user_agent", "contact",
            "ca_file", "cookies", "proxy", "proxy_credentials_file", "command",
        ]
    }

    private func fetch(_ section: SettingsSection) -> FetchSettings {
        var fetch = FetchSettings()
        section.integer("concurrency", in: 1...10_000, example: fetch.concurrency).map { fetch.concurrency = $0 }
        section.integer("per_host", in: 1...16, example: fetch.perHost).map { fetch.perHost = $0 }
        section.duration("host_delay", in: .zero...(.seconds(60)), example: "250ms").map { fetch.hostDelay = $0 }
        let timeouts = Duration.seconds(1)...(.seconds(600))
        section.duration("connect_timeout", in: timeouts, example: "10s").map { fetch.connectTimeout = $0 }
        section.duration("total_timeout", in: timeouts, example: "60s").map { fetch.totalTimeout = $0 }
        section.string("user_agent", example: fetch.userAgent).map { fetch.userAgent = $0 }
        fetch.contact = section.string("contact", example: "https://example.org/about")
        fetch.caFile = section.string("ca_file", example: "/etc/ssl/private-ca.pem").map(absolute)
        cookies(section).map { fetch.cookies = $0 }
        proxy(section).map { fetch.proxy = $0 }
        section.strings("command", example: "tidings-nats").map { fetch.command = program($0, section, example: #"["tidings-nats", "dispatch"]"#) }
        return fetch
    }

    private func cookies(_ section: SettingsSection) -> CookiePolicy? {
        section.name("cookies", what: "cookie policy", example: CookiePolicy.chain)
    }

    private func logLevel(_ top: SettingsSection) -> LogLevel {
        top.name("log_level", what: "log level", example: LogLevel.info) ?? .info
    }

    private func section(_ top: SettingsSection, _ key: String, keys: [String]) -> SettingsSection? {
        top.node(key).flatMap { SettingsSection($0, title: key, keys: keys, report: report) }
    }

    /// The mappings of the list under `key`. A key without a value counts as an empty list: it remains when all lines of the list
    /// are commented out.
    private func sections(_ top: SettingsSection, _ key: String, keys: [String]) -> [SettingsSection] {
        guard let node = top.node(key) else { return [] }
        if let scalar = node.scalar, scalar.style == .plain, scalar.string.isEmpty { return [] }
        guard let sequence = node.sequence else {
            top.problem(key, "'\(key)' must be a list", "begin each \(key.dropLast()) with '- name: …'")
            return []
        }
        return sequence.enumerated().compactMap { position, element in
            SettingsSection(element, title: "\(key)[\(position + 1)]", keys: keys, report: report)
        }
    }

    func absolute(_ path: String) -> String { SettingsPath.absolute(path, base: base, home: home) }

    /// In `%d/NAME`, `%d` is systemd's specifier for the credentials directory (systemd.unit(5), Specifiers). The directory differs
    /// from run to run, so the path is resolved when the file is read.
    func credential(_ path: String) -> String { path.utf8.starts(with: "%d/".utf8) ? path : absolute(path) }
}

extension SettingsProblem {
    /// A YAML error that prevents reading the file at all.
    init(_ error: any Error, file: String) {
        self.init(file: file, message: "this is not YAML: \(error)", suggestion: "compare with the example settings")
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            line = mark.line
            column = mark.column
            message = "this is not YAML: \(problem)"
            suggestion = "check the indentation, quotes and brackets here and in the line before"
        case .duplicatedKeysInMapping(let keys, let context):
            line = context.mark.line
            column = context.mark.column
            message = "key '\(keys.first ?? "")' is written twice"
            suggestion = "keep one of them"
        case .reader(let problem, _, _, _):
            message = "this is not text: \(problem)"
            suggestion = "save the file as UTF-8"
        default: break
        }
    }

    fileprivate static func noSource(file: String) -> SettingsProblem {
        SettingsProblem(
            file: file, message: "there is nothing to watch",
            suggestion: "write for instance:\nfolders:\n  - name: news\n    path: ../news")
    }
}
