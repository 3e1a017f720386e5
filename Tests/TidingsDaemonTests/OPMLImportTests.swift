import Foundation
import TestSupport
import Testing
import TidingsFormats
import TidingsSystem

@testable import TidingsDaemon

/// A folder with a settings file and lists, for the built program.
private final class Desk {
    let folder: String
    var settings: String { folder + "/tidings.yaml" }

    init(settings text: String? = nil) throws {
        folder = temporaryFolder + "/tidings-opml-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: settings)) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes a list with `outlines` in its body and returns its path.
    func list(_ outlines: String, name: String = "list.opml") throws -> String {
        let path = folder + "/" + name
        try Data("<opml version=\"2.0\"><head/><body>\(outlines)</body></opml>".utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    func text() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: settings)), as: UTF8.self)
    }

    func run(_ arguments: String..., input: [UInt8] = []) async throws -> ProgramResult {
        let environment = ["TZ": "UTC", "HOME": folder]
        return try await RunningProgram(
            ["opml"] + arguments + ["--config", settings], environment: environment, input: input
        ).result()
    }

    func names(in folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
}

private let tide = #"<outline text="Tide" type="rss" xmlUrl="https://tide.example/feed"/>"#
private let gull = #"<outline text="Gull" type="rss" xmlUrl="https://gull.example/a,b?x=1#y"/>"#

/// Settings, and what they say with the feeds Tide, tagged `sea` and `North: Sea`, and Gull.
struct LayoutCase: Sendable, CustomTestStringConvertible {
    let name: String
    let before: String
    let after: String

    init(_ name: String, _ before: String, _ after: String) {
        self.name = name
        self.before = before
        self.after = after
    }

    var testDescription: String { name }
}

@Suite("tidings opml")
struct OPMLImportTests {
    @Test("feeds are added in the layout that is there, and nothing else changes", arguments: [
        LayoutCase(
            "a list in blocks, comments around it",
            """
            # Ours.
            feeds: # the list
              - name: old   # first
                url: https://old.example/
                # every: 30m

            # Limits.
            limits: { max_items: 7 }

            """,
            """
            # Ours.
            feeds: # the list
              - name: old   # first
                url: https://old.example/
                # every: 30m
              - name: tide
                url: https://tide.example/feed
                tags: [sea, "North: Sea"]
              - name: gull
                url: "https://gull.example/a,b?x=1#y"

            # Limits.
            limits: { max_items: 7 }

            """),
        LayoutCase(
            "items without indentation, at the end of a file without a line end",
            "feeds:\n-   name: old\n    url: \"https://old.example/\"",
            """
            feeds:
            -   name: old
                url: "https://old.example/"
            -   name: tide
                url: "https://tide.example/feed"
                tags: [sea, "North: Sea"]
            -   name: gull
                url: "https://gull.example/a,b?x=1#y"

            """),
        LayoutCase(
            "items in braces, with blank lines between",
            """
            feeds:
              - { name: old, url: "https://old.example/" }

              - { name: older, url: "https://older.example/" }
              # - { name: off, url: "https://off.example/" }
            folders:
              - { name: here, path: here }
            """,
            """
            feeds:
              - { name: old, url: "https://old.example/" }

              - { name: older, url: "https://older.example/" }
              # - { name: off, url: "https://off.example/" }

              - { name: tide, url: "https://tide.example/feed", tags: [sea, "North: Sea"] }

              - { name: gull, url: "https://gull.example/a,b?x=1#y" }
            folders:
              - { name: here, path: here }
            """),
        LayoutCase(
            "no list: it is made as that of the folders is",
            "folders:\n    - { name: here, path: here }\n",
            """
            folders:
                - { name: here, path: here }

            feeds:
                - { name: tide, url: "https://tide.example/feed", tags: [sea, "North: Sea"] }
                - { name: gull, url: "https://gull.example/a,b?x=1#y" }

            """),
        LayoutCase(
            "an empty list",
            "feeds:   # none yet\n# - name: x\nlog_level: info\n",
            """
            feeds:   # none yet
              - name: tide
                url: https://tide.example/feed
                tags: [sea, "North: Sea"]
              - name: gull
                url: "https://gull.example/a,b?x=1#y"
            # - name: x
            log_level: info

            """),
        LayoutCase(
            "a file with only comments", "# Mine.\n",
            """
            # Mine.

            feeds:
              - name: tide
                url: https://tide.example/feed
                tags: [sea, "North: Sea"]
              - name: gull
                url: "https://gull.example/a,b?x=1#y"

            """),
        LayoutCase(
            "brackets with nothing in them", "feeds: []\nlog_level: info\n",
            """
            feeds: [
              { name: tide, url: "https://tide.example/feed", tags: [sea, "North: Sea"] },
              { name: gull, url: "https://gull.example/a,b?x=1#y" }]
            log_level: info

            """),
        LayoutCase(
            "brackets over lines, a comma at the end, and brackets that end nothing",
            """
            feeds: [
              { name: old, url: "https://old.example/", tags: ["a ] b", c] },   # see [1]
            ]
            log_level: info  # ]

            """,
            """
            feeds: [
              { name: old, url: "https://old.example/", tags: ["a ] b", c] },   # see [1]
              { name: tide, url: "https://tide.example/feed", tags: [sea, "North: Sea"] },
              { name: gull, url: "https://gull.example/a,b?x=1#y" }
            ]
            log_level: info  # ]

            """),
        LayoutCase(
            "brackets in braces", "{ log_level: info, feeds: [ { name: old, url: \"https://old.example/\" } ] }\n",
            """
            { log_level: info, feeds: [ { name: old, url: "https://old.example/" },
                                 { name: tide, url: "https://tide.example/feed", tags: [sea, "North: Sea"] },
                                 { name: gull, url: "https://gull.example/a,b?x=1#y" } ] }

            """),
    ])
    func layouts(_ row: LayoutCase) async throws {
        let lists = #"<outline text="sea"><outline text="North: Sea">\#(tide)</outline></outline>\#(gull)"#
        for (before, after) in [(row.before, row.after), (crlf(row.before), crlf(row.after))] {
            let desk = try Desk(settings: before)
            let list = try desk.list(lists)
            let result = try await desk.run("import", list)
            #expect(result.status == 0, "\(result.errors)")
            let text = try desk.text()
            #expect(text == after)
            #expect(result.lines.last == "added 2, 0 already there, 0 left out")
            #expect(result.errors == "tidings: next: `tidings reload`, so that a running daemon polls them\n")
            #expect(try desk.names(in: desk.folder) == ["list.opml", "tidings.yaml"])

            let again = try await desk.run("import", list)
            #expect(again.status == 0)
            #expect(again.lines.last == "added 0, 2 already there, 0 left out")
            #expect(again.errors == "")
            #expect(try desk.text() == after)
        }
    }

    private func crlf(_ text: String) -> String { text.replacingOccurrences(of: "\n", with: "\r\n") }

    @Test("settings that leave no place are not touched, and the words say what to do", arguments: [
        "{ folders: [{ name: here, path: here }] }", "folders: [{ name: here, path: here }]\n...\n",
        "feeds:\n  -\n    name: old\n    url: http://old/\n",
    ])
    func noPlace(text: String) async throws {
        let desk = try Desk(settings: text)
        let result = try await desk.run("import", try desk.list(tide))
        #expect(result.status == 78)
        #expect(result.errors == """
            tidings: \(desk.settings): feeds cannot be added to a file that is laid out like this, write the list as 'feeds:' and a \
            line '  - name: …' for each feed, as config/tidings.yaml does

            """)
        #expect(try desk.text() == text)
    }

    @Test("settings that are wrong stay as they are, and the status is 78")
    func brokenSettings() async throws {
        let text = "feeds:\n  - nam: old\n"
        let desk = try Desk(settings: text)
        let result = try await desk.run("import", try desk.list(tide))
        #expect(result.status == 78)
        #expect(result.errors.contains("\(desk.settings):2:5: unknown key 'nam'"))
        #expect(try desk.text() == text)
    }

    @Test("every feed is in the report, with what became of it")
    func report() async throws {
        let desk = try Desk(settings: "feeds: [{ name: old, url: 'https://www.old.example/feed/' }]\n")
        let list = try desk.list("""
            <outline text="Sea">\(tide)</outline><outline text="Old" xmlUrl="http://old.example/feed?utm_source=x"/>
            <outline text="Script" xmlUrl="|~/bin/x"/><outline text="Private" xmlUrl="https://me:pass@h.example/"/>
            <outline text="Tide again" xmlUrl="http://tide.example/feed/"/><outline text="Gone" type="rss"/>
            """)
        let result = try await desk.run("import", "--json", list)
        #expect(result.status == 0)
        let feeds = try #require(try json(result.output)["feeds"] as? [[String: Any]])
        #expect(feeds.map { $0["status"] as? String } == ["added", "known", "refused", "refused", "known"])
        #expect(feeds.map { $0["name"] as? String } == ["tide", "old", nil, nil, "tide"])
        #expect(feeds.map { $0["url"] as? String }[2] == "|~/bin/x")
        #expect(feeds[0]["tags"] as? [String] == ["Sea"])
        #expect(feeds.compactMap { $0["reason"] as? String } == [
            "'|~/bin/x' is not an http or https URL, write url: https://example.org/feed.xml",
            "the URL has a user or password in it, put an Authorization line into headers_file",
        ])
        let problems = try #require(try json(result.output)["problems"] as? [[String: Any]])
        #expect(problems.map { $0["message"] as? String } == ["an outline of type 'rss' without 'xmlUrl'"])
        #expect(problems.map { $0["line"] as? Int } == [3])
        #expect(!(try await desk.run("import", list)).output.contains("me:pass"))
    }

    @Test("a dry run writes nothing and needs no settings")
    func dryRun() async throws {
        let desk = try Desk()
        let result = try await desk.run("import", "--dry-run", try desk.list(tide))
        #expect(result.status == 0)
        #expect(result.output == "added    tide  https://tide.example/feed\nwould add 1, 0 already there, 0 left out\n")
        #expect(result.errors == "")
        #expect(try desk.names(in: desk.folder) == ["list.opml"])
        let real = try await desk.run("import", desk.folder + "/list.opml")
        #expect(real.status == 78)
    }

    @Test("a list that cannot be read is named with status 65; the others are imported")
    func unreadable() async throws {
        let desk = try Desk(settings: "feeds:\n")
        let feed = desk.folder + "/feed.xml"
        try Data("<rss version='2.0'/>".utf8).write(to: URL(fileURLWithPath: feed))
        let result = try await desk.run("import", feed, desk.folder + "/missing", try desk.list(tide), "-", input: Array("<opml>\(gull)</opml>".utf8))
        #expect(result.status == 65)
        #expect(result.errors.hasPrefix("""
            tidings: \(feed): this is no OPML but a document of <rss>
            tidings: \(desk.folder)/missing: No such file or directory

            """))
        #expect(try SettingsFile.load(desk.settings, environment: ["HOME": "/"]).feeds.map(\.name) == ["tide", "gull"])
    }

    @Test("the file keeps its mode, and a symbolic link stays one")
    func modeAndLink() async throws {
        let desk = try Desk()
        let real = desk.folder + "/real.yaml"
        try Data("feeds:\n".utf8).write(to: URL(fileURLWithPath: real))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
        try FileManager.default.createSymbolicLink(atPath: desk.settings, withDestinationPath: "real.yaml")
        #expect(try await desk.run("import", try desk.list(tide)).status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: desk.settings) == "real.yaml")
        #expect(try FileManager.default.attributesOfItem(atPath: real)[.posixPermissions] as? Int == 0o640)
        #expect(try desk.text().contains("tide.example"))
    }

    @Test("an edit that was saved meanwhile is not overwritten")
    func changedMeanwhile() throws {
        let desk = try Desk(settings: "feeds:\n")
        let edit = try SettingsEdit(desk.settings, environment: ["HOME": "/"])
        try Data("feeds: # mine\n".utf8).write(to: URL(fileURLWithPath: desk.settings))
        let error = #expect(throws: FileReplacementError.self) {
            try edit.add([FeedSettings(name: "tide", url: "https://tide.example/feed")])
        }
        #expect(error?.reason == .changedMeanwhile)
        #expect(try desk.text() == "feeds: # mine\n")
        #expect(try desk.names(in: desk.folder) == ["tidings.yaml"])
    }

    @Test("names are made of titles, or of addresses where a title cannot be spelt", arguments: [
        ("Pier News", "https://p.example/feed", "pier-news"), ("old_name.2", "https://p.example/feed", "old_name.2"),
        ("Café Ærø – Łódź’s “best”", "http://h/", "cafe-aero-lodzs-best"), ("Газета «Коммерсантъ»", "http://h/", "gazeta-kommersant"),
        ("Қазақ үні", "http://h/", "qazaq-uni"), ("日経 News", "https://www.nikkei.example/rss/top.xml", "nikkei-example-rss-top-xml"),
        ("", "http://h:8080/a?b=c", "h-8080-a-b-c"), ("!!!", "https://ünï.example/", "uni-example"),
        ("«»", "https://日本.example/", "feed"), ("null", "http://h/", "null"),
        ("A \u{1B}[31m title\nwith all", "http://h/", "a-31m-title-with-all"),
        ("One two three four five six seven eight nine ten eleven", "http://h/", "one-two-three-four-five-six-seven-eight-nine-ten"),
        (String(repeating: "x", count: 300), "http://h/", String(repeating: "x", count: 48)),
    ])
    func names(title: String, url: String, expected: String) {
        var names = SourceNames(taken: ["taken"])
        let name = names.name(title: title.isEmpty ? nil : title, url: url)
        #expect(name == expected)
        #expect(SourceChecks.isName(name))
        #expect(names.name(title: title.isEmpty ? nil : title, url: url) == expected + "-2")
    }

    @Test("a name that a folder or feed has gets a number, within the limit for names")
    func takenNames() {
        let long = String(repeating: "a", count: 64)
        var names = SourceNames(taken: ["sea", "sea-2", long])
        #expect(names.name(title: "Sea", url: "http://h/") == "sea-3")
        #expect(names.name(title: "sea", url: "http://h/") == "sea-4")
        #expect(names.name(title: long, url: "http://h/") == String(repeating: "a", count: 62) + "-2")
    }

    @Test("hostile texts come through the settings unchanged, or as one line of text", arguments: [
        ("https://h.example/a:", "null"), ("https://h.example/'x'\"y\"{z}[0],#:?", "~"), ("https://h.example/%20?a=b&c=d;e", "- a"),
        ("https://h.example/\u{85}\u{2028}\u{FEFF}é😀", "a: b # c"), ("https://h.example/#frag", "\u{202E}evil\u{9B}31m"),
        ("http://[::1]:80/", "yes"), ("https://h.example/\\", "\"quoted\" \\ 'it''s'"), ("https://h.example/*&!%@`|>", "🚢 ёж"),
    ])
    func hostileTexts(url: String, tag: String) throws {
        for text in ["feeds:\n", "feeds: []\n", "feeds:\n  - { name: old, url: 'http://old/' }\n"] {
            let desk = try Desk(settings: text)
            let edit = try SettingsEdit(desk.settings, environment: ["HOME": "/"])
            var feed = FeedSettings(name: "null", url: url)
            feed.tags = [tag, "second"]
            try edit.add([feed])
            #expect(try SettingsFile.load(desk.settings, environment: ["HOME": "/"]).feeds.last == feed)
        }
    }

    @Test("what is exported and imported has the same names, addresses and tags")
    func roundTrip() async throws {
        let desk = try Desk(settings: """
            folders: [{ name: here, path: here }]
            feeds:
              - { name: tide.1, url: "https://tide.example/a?b=c&d='e'", tags: ["Sea, North", "wind/Storm", <i>x</i>] }
              - { name: gull, url: "https://gull.example/", enabled: false }
              - { name: tern, url: "https://tern.example/", tags: ["Sea, North"] }
            """)
        let output = desk.folder + "/feeds.opml"
        let exported = try await desk.run("export")
        #expect(exported.status == 0)
        #expect(try await desk.run("export", "--output", output).status == 0)
        #expect(try String(contentsOfFile: output, encoding: .utf8) == exported.output)

        let other = try Desk(settings: "feeds:\n")
        #expect(try await other.run("import", output).status == 0)
        func facts(_ desk: Desk) throws -> Set<[String]> {
            Set(try SettingsFile.load(desk.settings, environment: ["HOME": "/"]).feeds.map { [$0.name, $0.url] + $0.tags })
        }
        #expect(try facts(other) == facts(desk))
        #expect(try await desk.run("import", output).lines.last == "added 0, 3 already there, 0 left out")
    }

    @Test("ten thousand feeds of one title are added at once, and named apart")
    func many() throws {
        let desk = try Desk(settings: "feeds:\n")
        let edit = try SettingsEdit(desk.settings, environment: ["HOME": "/"])
        let subscriptions = (0..<10_000).map { Subscription(url: "https://h\($0).example/feed", title: "News", tags: ["all"]) }
        let plan = FeedImport(subscriptions, into: edit.settings)
        try edit.add(plan.added)
        let feeds = try SettingsFile.load(desk.settings, environment: ["HOME": "/"]).feeds
        #expect(Set(feeds.map(\.name)).count == 10_000)
        #expect(feeds.map(\.url) == subscriptions.map(\.url))
    }

    @Test("the commands have help with examples, and need what they need", arguments: [
        ["opml", "--help"], ["opml", "import", "--help"], ["opml", "export", "--help"],
    ])
    func help(arguments: [String]) async throws {
        let result = try await RunningProgram(arguments).result()
        #expect(result.status == 0)
        #expect(result.output.contains("EXAMPLES\n  tidings opml"))
        #expect(try await runTidings("opml", "import").status == 64)
    }
}
