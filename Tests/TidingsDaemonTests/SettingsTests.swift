import Foundation
import Testing
import TidingsCore
import TidingsCore
import TidingsFetch

@testable import TidingsDaemon

/// A row of a table: settings as an operator writes them, and what they lead to.
struct SettingsCase: Sendable, CustomTestStringConvertible {
    let name: String
    let yaml: String
    let problems: [String]

    init(_ name: String, _ yaml: String, _ problems: String...) {
        self.name = name
        self.yaml = yaml
        self.problems = problems
    }

    var testDescription: String { name }
}

private let file = "/etc/tidings/tidings.yaml"
private let environment = ["HOME": "/home/aigul", "STATE_DIRECTORY": "/var/lib/tidings"]

private func read(_ yaml: String) throws(SettingsError) -> Settings {
    try Settings(yaml: yaml, file: file, environment: environment)
}

@Test("what is wrong with settings is said with line, column and what to write", arguments: [
    SettingsCase(
        "unknown key at the top", "folder:\n  - { name: a, path: a }",
        "1:1: unknown key 'folder', write 'folders'"),
    SettingsCase(
        "unknown key of a folder", "folders:\n  - name: a\n    pth: b\n    path: c",
        "3:5: unknown key 'pth' in folders[1], write 'path'"),
    SettingsCase(
        "unknown key that is near to none", "feeds: [{ name: a, url: 'http://h/', zebra: 1 }]",
        "1:38: unknown key 'zebra' in feeds[1], write one of: name, url, enabled, every, private_network, user_agent, headers_file, cookies, proxy, proxy_credentials_file, tags, full_text, recheck"),
    SettingsCase(
        "a list without pages", "pages: [{ name: a }]", "1:17: 'a' lists no page, write urls: [https://example.org/statement]"),
    SettingsCase(
        "a page that is none", "pages: [{ name: a, urls: ['ftp://h/1'] }]",
        "1:26: 'ftp://h/1' is not an http or https URL, write an address as https://example.org/statement"),
    SettingsCase(
        "a file of pages that is not there", "pages: [{ name: a, urls_file: none.txt }]",
        "1:31: /etc/tidings/none.txt cannot be read: open: No such file or directory, write a text file with one address a line"),
    SettingsCase(
        "another choice", "feeds: [{ name: a, url: 'http://h/', full_text: allways }]",
        "1:49: unknown choice 'allways', write 'always'"),
    SettingsCase(
        "a recheck that is no time", "feeds: [{ name: a, url: 'http://h/', recheck: often }]",
        "1:47: 'recheck' must be a number with its unit: ms, s, m, h or d, write recheck: decay, never, or 6h"),
    SettingsCase(
        "a key written twice", "log_level: info\nfolders:\n  - { name: a, path: b, path: c }",
        "3:16: key 'path' is written twice, keep one of them"),
    SettingsCase(
        "not YAML", "folders:\n  - { name: a, path: b\n",
        "3:1: this is not YAML: did not find expected ',' or '}', check the indentation, quotes and brackets here and in the line before"),
    SettingsCase("a list at the top", "- a", "1:1: the settings must be keys with values, write { state: …, folders: … }"),
    SettingsCase(
        "a source without its name", "folders:\n  - path: a",
        "2:5: folders[1] has no 'name', write name: news"),
    SettingsCase(
        "a name with a capital", "folders:\n  - { name: News, path: a }",
        "2:13: 'News' cannot name a source, write at most 64 of a-z, 0-9, '.', '_', '-', a letter or digit first"),
    SettingsCase(
        "two sources of one name", "folders:\n  - { name: a, path: a }\nfeeds:\n  - { name: a, url: 'http://h/' }",
        "4:13: the name 'a' is taken in line 2, give each source its own name"),
    SettingsCase(
        "two feeds of one URL", "feeds:\n  - { name: a, url: 'https://H.org' }\n  - { name: b, url: 'HTTPS://h.org:443/#x' }",
        "3:21: the feed 'a' has this URL already, remove one of the two"),
    SettingsCase(
        "a URL of another scheme", "feeds: [{ name: a, url: 'file:///etc/passwd' }]",
        "1:25: 'file:///etc/passwd' is not an http or https URL, write url: https://example.org/feed.xml"),
    SettingsCase(
        "a password in a URL, which is not repeated", "feeds: [{ name: a, url: 'https://u:secret@h/' }]",
        "1:25: the URL has a user or password in it, put an Authorization line into headers_file"),
    SettingsCase(
        "a duration without unit", "feeds: [{ name: a, url: 'https://h/', every: 15 }]",
        "1:46: 'every' must be a number with its unit: ms, s, m, h or d, write every: 15m"),
    SettingsCase(
        "a publisher asked every second", "feeds: [{ name: a, url: 'https://h/', every: 1s }]",
        "1:46: 'every' is 1s, write a value from 1m to 30d"),
    SettingsCase(
        "a size without unit", "folders: [{ name: a, path: b }]\nlimits: { max_body: 1000 }",
        "2:21: 'max_body' must be a number with its unit: B, kB, MB, GB, KiB, MiB or GiB, write max_body: 16MiB"),
    SettingsCase(
        "a number out of range", "folders: [{ name: a, path: b }]\nfetch:\n  per_host: 100",
        "3:13: 'per_host' is 100, write a value from 1 to 16"),
    SettingsCase(
        "a text for a number", "folders: [{ name: a, path: b }]\nfetch: { concurrency: many }",
        "2:23: 'concurrency' must be a whole number, write concurrency: 32"),
    SettingsCase(
        "a word for a truth value", "folders: [{ name: a, path: b, enabled: yes }]",
        "1:40: 'enabled' must be true or false, write enabled: true"),
    SettingsCase(
        "no value", "folders: [{ name: a, path: }]",
        "1:28: 'path' must be text, write path: ../news"),
    SettingsCase(
        "one pattern for a list", "folders: [{ name: a, path: b, include: '*.txt' }]",
        #"1:40: 'include' must be a list, write include: ["**/*"]"#),
    SettingsCase(
        "a pattern that leaves the folder", "folders: [{ name: a, path: b, exclude: ['../x'] }]",
        #"1:40: '../x' matches no file of the folder, write a pattern below it, as "**/*.txt" or "drafts/**""#),
    SettingsCase(
        "a mapping for a list", "folders: { name: a }",
        "1:10: 'folders' must be a list, begin each folder with '- name: …'"),
    SettingsCase(
        "a folder within a folder", "folders:\n  - { name: a, path: /srv/news }\n  - { name: b, path: /srv/news/world/ }",
        "3:22: the folder overlaps with that of 'a', /srv/news, watch the outer one only, with include and exclude"),
    SettingsCase(
        "the state inside a watched folder", "state: /srv/news/state\nfolders: [{ name: a, path: /srv/news }]",
        "2:28: the folder and the state folder /srv/news/state overlap, keep the state outside of what is watched"),
    SettingsCase(
        "a misspelt log level", "folders: [{ name: a, path: b }]\nlog_level: warn",
        "2:12: unknown log level 'warn', write one of: trace, debug, info, notice, warning, error, critical"),
    SettingsCase(
        "cookies that are kept for ever", "feeds: [{ name: a, url: 'https://h/', cookies: always }]",
        "1:48: unknown cookie policy 'always', write one of: chain, never"),
    SettingsCase(
        "three mistakes at once", "log_level: infos\nfolders:\n  - { name: a, path: b, rescan: soon }\n  - { name: a, path: c }",
        "1:12: unknown log level 'infos', write 'info'",
        "3:33: 'rescan' must be a number with its unit: ms, s, m, h or d, write rescan: 10m",
        "4:13: the name 'a' is taken in line 3, give each source its own name"),
])
func refuses(_ row: SettingsCase) {
    let error = #expect(throws: SettingsError.self) { try read(row.yaml) }
    #expect(error?.problems.map(\.description) == row.problems.map { "\(file):\($0)" })
}

@Test("a symbolic link does not hide that folders overlap", arguments: [
    ("data", "link/state"), ("link", "data/state"), ("link/news", "data"), ("data", "link/a/b/../state"),
])
func symbolicLinks(folder: String, state: String) throws {
    try withTemporaryFolder { base in
        try FileManager.default.createDirectory(atPath: base + "/data/news", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: base + "/link", withDestinationPath: "data")
        let error = #expect(throws: SettingsError.self) {
            try read("state: \(base)/\(state)\nfolders: [{ name: a, path: \(base)/\(folder) }]")
        }
        #expect(error?.problems.map(\.description).first?.contains("overlap") == true)
        #expect(throws: SettingsError.self) {
            try read("state: \(base)/state\nfolders: [{ name: a, path: \(base)/data/news }, { name: b, path: \(base)/link }]")
        }
        _ = try read("state: \(base)/data/state\nfolders: [{ name: a, path: \(base)/link/news }]")
    }
}

@Test("a proxy is an address without secrets, none, or the environment's", arguments: [
    ("http://proxy.example:3128", .server(url: "http://proxy.example:3128", credentialsFile: nil)),
    ("'socks5h://[::1]:1080', proxy_credentials_file: '%d/proxy'", .server(url: "socks5h://[::1]:1080", credentialsFile: "%d/proxy")),
    ("http://p:1/, proxy_credentials_file: secret", .server(url: "http://p:1/", credentialsFile: "/etc/tidings/secret")),
    ("none", ProxySettings.none), ("environment", .environment(ProxyEnvironment([:]))),
] as [(String, ProxySettings)])
func proxies(text: String, expected: ProxySettings) throws {
    let settings = try read("feeds: [{ name: a, url: 'http://h/', proxy: \(text) }]\nfetch: { proxy: \(text) }")
    #expect(settings.fetch.proxy == expected)
    #expect(settings.feeds[0].proxy == expected)
}

@Test("an address that is no proxy's is refused", arguments: [
    ("socks5://p:1", "'socks5://p:1' is no address of a proxy"), ("proxy.example:3128", "'proxy.example:3128' is no address of a proxy"),
    ("http://proxy.example", "'http://proxy.example' is no address of a proxy"),
    ("http://me:secret@p:1", "the proxy's address has a user or password in it"), ("http://p:1/path", "'http://p:1/path' is no address of a proxy"),
])
func wrongProxies(text: String, message: String) {
    let error = #expect(throws: SettingsError.self) { try read("feeds: []\nfetch: { proxy: '\(text)' }") }
    #expect(error?.problems.map(\.message) == [message])
}

@Test("settings without a list of sources are refused with an example", arguments: ["", "# nothing\n", "state: /srv/state\n"])
func refusesNoSource(yaml: String) {
    let error = #expect(throws: SettingsError.self) { try read(yaml) }
    #expect(
        error?.description == """
            \(file): there is nothing to watch, write for instance:
            folders:
              - name: news
                path: ../news
            """)
}

@Test("lists of sources may be empty", arguments: ["folders:\n", "feeds: []\npages:\n"])
func emptyLists(yaml: String) throws {
    let settings = try read(yaml)
    #expect(settings.folders.isEmpty && settings.feeds.isEmpty && settings.pages.isEmpty)
}

@Test func everyKeyIsRead() throws {
    let settings = try read("""
        state: state
        folders:
          - { name: a.1, path: ~/news, enabled: false, include: ["*.txt"], exclude: ["x/**"], rescan: 1h, settle: 0ms,
              max_file: 1MB }
        feeds:
          - { name: b, url: "http://127.0.0.1:8080/f", enabled: false, private_network: true, every: 2s, user_agent: U,
              headers_file: "%d/b", cookies: chain, tags: [sea, "North Sea"],
              full_text: auto, recheck: 1s }
        pages:
          - { name: c, urls: ["https://h.test/1", "https://h.test/2", "https://h.test/1"], enabled: false, recheck: never,
              private_network: true, user_agent: W, tags: [law] }
        page_fetch: { full_text: always, recheck: 6h, per_host: 2, host_delay: 1s, per_hour: 9, backfill: 3, robots: ignore }
        limits: { max_body: 1MiB, max_item: 32kB, max_items: 7 }
        stream: { rotate_size: 1MiB, rotate_age: 2h, rotate_spacing: 90s }
        fetch: { concurrency: 1, per_host: 1, host_delay: 0ms, connect_timeout: 1s, total_timeout: 2s, user_agent: V,
                 contact: "mailto:desk@example.org", ca_file: ca.pem, cookies: never }
        log_level: debug
        """)
    var expected = Settings(stateFolder: "/etc/tidings/state")
    var folder = FolderSettings(name: "a.1", path: "/home/aigul/news")
    folder.isEnabled = false
    folder.include = ["*.txt"]
    folder.exclude = ["x/**"]
    folder.rescan = .seconds(3600)
    folder.settle = .zero
    folder.maxFileBytes = 1_000_000
    var feed = FeedSettings(name: "b", url: "http://127.0.0.1:8080/f")
    feed.isEnabled = false
    feed.allowsPrivateNetwork = true
    feed.every = .seconds(2)
    feed.userAgent = "U"
    feed.headersFile = "%d/b"
    feed.cookies = .chain
    feed.tags = ["sea", "North Sea"]
    feed.fullText = .auto
    feed.recheck = .every(1_000)
    var pages = PageListSettings(name: "c", urls: ["https://h.test/1", "https://h.test/2"])
    pages.isEnabled = false
    pages.recheck = .never
    pages.allowsPrivateNetwork = true
    pages.userAgent = "W"
    pages.tags = ["law"]
    expected.folders = [folder]
    expected.feeds = [feed]
    expected.pages = [pages]
    expected.pageFetch.fullText = .always
    expected.pageFetch.recheck = .every(6 * 3_600_000)
    expected.pageFetch.perHost = 2
    expected.pageFetch.hostDelay = .seconds(1)
    expected.pageFetch.perHour = 9
    expected.pageFetch.backfill = 3
    expected.pageFetch.robots = .ignore
    expected.limits = LimitSettings(maxBodyBytes: 1 << 20, maxItemBytes: 32_000, maxItems: 7)
    expected.stream = StreamSettings(rotateBytes: 1 << 20, rotateAge: .seconds(7200), rotateSpacing: .seconds(90))
    expected.fetch = FetchSettings(
        concurrency: 1, perHost: 1, hostDelay: .zero, connectTimeout: .seconds(1), totalTimeout: .seconds(2),
        userAgent: "V", contact: "mailto:desk@example.org", caFile: "/etc/tidings/ca.pem", cookies: .never)
    expected.logLevel = .debug
    #expect(settings == expected)
}

@Test("the settings that are shipped are valid, and what they show as default is the default")
func shippedSettings() throws {
    let path = repository + "/config/tidings.yaml"
    let settings = try SettingsFile.load(path, environment: environment)
    #expect(settings.stateFolder == repository + "/state")
    #expect(settings.folders == [FolderSettings(name: "seeds", path: repository + "/seeds")])
    #expect(settings.feeds.map(\.name) == ["astana-times", "times-of-central-asia", "eurasianet"])
    #expect(settings.feeds.allSatisfy { !$0.isEnabled })
    #expect(settings.limits == LimitSettings() && settings.stream == StreamSettings() && settings.fetch == FetchSettings())
}

/// The folder of Package.swift.
let repository = URL(fileURLWithPath: #filePath + "/../../..").standardizedFileURL.path

@Test("a duration is a whole number with its unit", arguments: [
    ("500ms", .milliseconds(500)), ("90s", .seconds(90)), ("10m", .seconds(600)), ("2h", .seconds(7200)),
    ("1d", .seconds(86_400)), ("0s", .zero), ("", nil), ("10", nil), ("m", nil), ("1.5h", nil), ("-1s", nil),
    ("10 m", nil), ("1w", nil), ("9223372036854775807d", nil), ("99999999999999999999s", nil),
] as [(String, Duration?)])
func durations(text: String, expected: Duration?) {
    #expect(Quantity.duration(text) == expected)
}

@Test("a size is a whole number with its unit", arguments: [
    ("512B", 512), ("32kB", 32_000), ("64MiB", 64 << 20), ("1GB", 1_000_000_000), ("64", nil), ("64M", nil), ("kB", nil),
    ("9223372036854775807GiB", nil),
] as [(String, Int?)])
func sizes(text: String, expected: Int?) {
    #expect(Quantity.size(text) == expected)
}

@Test("quantities are shown as they would be written", arguments: ["1d", "36h", "90s", "1500ms", "0ms"])
func showsDurations(text: String) throws {
    #expect(Quantity.message(try #require(Quantity.duration(text))) == text)
}

@Test func settingsAreLookedForInOrder() throws {
    try withTemporaryFolder { folder in
        func write(_ path: String) throws {
            let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: path))
        }
        let service = ["CONFIGURATION_DIRECTORY": "\(folder)/one:\(folder)/two"]
        func find(_ environment: [String: String], argument: String? = nil) throws -> String {
            try SettingsFile.find(argument: argument, environment: environment, workingFolder: folder)
        }
        let error = #expect(throws: SettingsError.self) { try find(service) }
        #expect(
            error?.description == """
                tidings.yaml: no settings file; looked for \(folder)/one/tidings.yaml, \(folder)/two/tidings.yaml, \
                \(folder)/config/tidings.yaml, /etc/tidings/tidings.yaml, write one there or name it with --config
                """)
        try write("\(folder)/home/.config/tidings/tidings.yaml")
        let home = "\(folder)/home"
        #expect(try find(["HOME": home]) == "\(home)/.config/tidings/tidings.yaml")
        #expect(try find(["HOME": "/h", "XDG_CONFIG_HOME": "\(home)/.config"]) == "\(home)/.config/tidings/tidings.yaml")
        try write("\(folder)/config/tidings.yaml")
        #expect(try find(["HOME": home]) == "\(folder)/config/tidings.yaml")
        #expect(try find(service) == "\(folder)/config/tidings.yaml")
        try write("\(folder)/two/tidings.yaml")
        #expect(try find(service) == "\(folder)/two/tidings.yaml")
        #expect(try find(["TIDINGS_CONFIG": "mine.yaml"]) == "\(folder)/mine.yaml")
        #expect(try find(["TIDINGS_CONFIG": "mine.yaml"], argument: "/a/../b.yaml") == "/b.yaml")
    }
}

@Test("files that cannot be settings are refused in words", arguments: [
    ("missing", "open: No such file or directory"), ("folder", "this is not a regular file"),
    ("latin1", "the settings are not UTF-8"),
])
func refusesFiles(name: String, message: String) throws {
    try withTemporaryFolder { folder in
        try FileManager.default.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: true)
        try Data([0x23, 0xE9]).write(to: URL(fileURLWithPath: folder + "/latin1"))
        let error = #expect(throws: SettingsError.self) {
            try SettingsFile.load("\(folder)/\(name)", environment: environment)
        }
        #expect(error?.problems.map(\.message) == [message])
    }
}

@Test("without 'state', the state folder is systemd's, the system service's, XDG's or the home folder's", arguments: [
    ("/h/t.yaml", ["STATE_DIRECTORY": "/srv/state:/x", "HOME": "/h"], "/srv/state"),
    ("/etc/tidings/tidings.yaml", ["STATE_DIRECTORY": "/srv/state"], "/srv/state"),
    ("/etc/tidings/tidings.yaml", ["XDG_STATE_HOME": "/h/state", "HOME": "/h"], "/var/lib/tidings"),
    ("/h/t.yaml", ["XDG_STATE_HOME": "/h/state", "HOME": "/h"], "/h/state/tidings"),
    ("/h/t.yaml", ["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/tidings"),
    ("/h/t.yaml", [:], nil),
] as [(String, [String: String], String?)])
func standardState(file: String, environment: [String: String], expected: String?) {
    #expect(StateFolder.standardPath(settingsFile: file, environment: environment) == expected)
}

@Test("the state folder is found in settings that are wrong elsewhere", arguments: [
    ("state: ../data\nfolders: {", "/srv/data"), ("folders: {\nstate: /mnt/data # big disk\n", "/mnt/data"),
    ("state: ../data\nfoldres: []\nfeeds: 7", "/srv/data"), ("folders: {", "/var/lib/tidings"), ("", "/var/lib/tidings"),
])
func stateOfWrongSettings(text: String, expected: String) throws {
    let folder = try SettingsFile.stateFolder(in: text, file: "/srv/config/tidings.yaml", environment: environment)
    #expect(folder == expected)
}

@Test("a wrong 'state' is no state folder", arguments: [
    ("state: [a]", "'state' must be text"), ("state: /a\nstate: /b", "key 'state' is written twice"),
    ("state: {", "this is not YAML: did not find expected node content"),
])
func refusesState(text: String, message: String) {
    let error = #expect(throws: SettingsError.self) {
        try SettingsFile.stateFolder(in: text, file: "/srv/config/tidings.yaml", environment: environment)
    }
    #expect(error?.problems.map(\.message) == [message])
}

@Test func reloadKnowsWhatChanged() throws {
    let old = try read("""
        folders: [{ name: kept, path: /a }, { name: off, path: /b }, { name: gone, path: /c }]
        feeds: [{ name: slower, url: "http://h/" }]
        """)
    let new = try read("""
        state: /elsewhere
        folders: [{ name: kept, path: /a }, { name: off, path: /b, enabled: false }]
        feeds: [{ name: slower, url: "http://h/", every: 1h }, { name: new, url: "http://i/" }]
        log_level: debug
        """)
    let diff = SettingsDiff(from: old, to: new)
    #expect(diff.folders == .init(added: [], removed: [old.folders[1], old.folders[2]], changed: []))
    #expect(diff.feeds == .init(added: [new.feeds[1]], removed: [], changed: [new.feeds[0]]))
    #expect(diff.disabled == ["off"])
    #expect(diff.needsRestart == ["state", "log_level"])
    #expect(SettingsDiff(from: new, to: new).isEmpty)
}

@Test func secretHeadersComeFromCredentialsAndDoNotShow() throws {
    try withTemporaryFolder { folder in
        try Data("# the desk's\nAuthorization: Bearer s3cret\r\n\nX-Key: 1\n".utf8)
            .write(to: URL(fileURLWithPath: folder + "/desk"))
        try Data("Authorization s3cret\n".utf8).write(to: URL(fileURLWithPath: folder + "/wrong"))
        let headers = try RequestHeaders(file: "%d/desk", environment: ["CREDENTIALS_DIRECTORY": folder])
        #expect(headers.lines == ["Authorization: Bearer s3cret", "X-Key: 1"])
        var dumped = ""
        dump(headers, to: &dumped)
        #expect(!"\(headers) \(String(reflecting: headers)) \(dumped)".contains("s3cret"))
        let error = #expect(throws: HeadersError.self) { try RequestHeaders(file: folder + "/wrong", environment: [:]) }
        #expect(error?.description == "headers file \(folder)/wrong: line 1 is not of the form 'Name: value'")
        #expect(throws: HeadersError.self) { try RequestHeaders(file: "%d/desk", environment: [:]) }
    }
}

/// Calls `body` with the path of a new folder, which is removed afterwards.
func withTemporaryFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tidings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}
