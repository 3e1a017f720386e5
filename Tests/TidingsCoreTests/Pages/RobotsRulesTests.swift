import Testing

@testable import TidingsCore

private func rules(_ text: String, agent: String = "Tidings/1.0 (+https://tidings.example)") -> RobotsRules {
    RobotsRules(Array(text.utf8), agent: agent)
}

private func allows(_ rules: RobotsRules, _ path: String) -> Bool { rules.permission(for: "https://h.example" + path) == .allowed }

@Suite("What robots.txt allows") struct RobotsRulesTests {
    @Test("the longest pattern that matches counts, and of equally long ones the one that allows", arguments: [
        // Rows of Google's table of precedence, with other words.
        ("allow: /p\ndisallow: /", "/page", true),
        ("allow: /folder\ndisallow: /folder", "/folder/page", true),
        ("disallow: /folder\nallow: /folder", "/folder/page", true),
        ("allow: /page\ndisallow: /*.htm", "/page.htm", false),
        ("allow: /page\ndisallow: /*.ph", "/page.php5", true),
        ("allow: /$\ndisallow: /", "/", true),
        ("allow: /$\ndisallow: /", "/page.htm", false),
        // RFC 9309 §5.2.
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", false),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/a.gif", true),
        ("Disallow: /x\nAllow: /x/y\nDisallow: /x/y/z\nAllow: /x/y/z/1", "/x/y/z/1", true),
        ("Disallow: /x\nAllow: /x/y\nDisallow: /x/y/z\nAllow: /x/y/z/1", "/x/y/z/2", false),
        ("Disallow:\n", "/anything", true),
        ("Disallow: /\nDisallow:", "/anything", false),
        ("Allow:\nDisallow: /", "/anything", false),
        ("Disallow: /", "/robots.txt", true),
        ("Disallow: /", "/robots.txt?x", false),
    ])
    func precedence(lines: String, path: String, isAllowed: Bool) {
        #expect(allows(rules("User-agent: *\n" + lines), path) == isAllowed)
    }

    @Test("a pattern matches from the first octet on, as RFC 9309 §2.2.3 says of its signs", arguments: [
        ("/fish", ["/fish", "/fish.html", "/fish/a", "/fishheads?x", "/fish?id=1"], ["/Fish.asp", "/catfish", "/a/fish", "/fis"]),
        ("/fish*", ["/fish", "/fishheads/yummy.html"], ["/Fish.asp", "/catfish"]),
        ("/fish/", ["/fish/", "/fish/?id=1", "/fish/a.htm"], ["/fish", "/fish.html", "/Fish/A"]),
        ("/*.php", ["/index.php", "/a/b.php?x=1", "/a.php/", "/x?y.php"], ["/", "/windows.PHP"]),
        ("/*.php$", ["/filename.php", "/folder/filename.php"], ["/filename.php?p", "/filename.php/", "/filename.php5", "/w.PHP"]),
        ("/fish*.php", ["/fish.php", "/fishheads/catfish.php?p"], ["/Fish.PHP", "/php/fish"]),
        ("*/private", ["/private", "/a/private/b"], ["/privat"]),
        ("*", ["/", "/a"], []),
        ("/a$b", ["/a$b", "/a%24bc"], ["/a", "/ab"]),
        ("/$", ["/"], ["/a", "/?a"]),
        ("/*a*a*$", ["/aa", "/bab/ab"], ["/a", "/b"]),
        ("/*ab*b$", ["/abb", "/ab/b"], ["/ab", "/b"]),
        ("/path/file-with-a-%2A.html", ["/path/file-with-a-*.html"], ["/path/file-with-a-b.html"]),
        ("/path/foo-%24", ["/path/foo-$", "/path/foo-$a"], ["/path/foo-"]),
        ("/?q=", ["/?q=1"], ["/", "/q="]),
        ("fish", [], ["/fish", "fish"]), ("https://h.example/a", [], ["/a"]),
        // The piece that repeats itself is found where a search that only goes on would miss it.
        ("/*aab", ["/aaab", "/aaaab"], ["/aa"]), ("/*ababc", ["/abababc"], ["/ababab"]),
    ])
    func patterns(pattern: String, matching: [String], others: [String]) {
        let rules = rules("User-agent: *\nDisallow: \(pattern)")
        #expect(matching.filter { allows(rules, $0) } == [])
        #expect(others.filter { !allows(rules, $0) } == [])
    }

    @Test("octets are compared, however pattern and path encode them", arguments: [
        // The table of RFC 9309 §2.2.2.
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", true),
        ("/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", true),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3a%2f%2ffoo.bar", true),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", true),
        ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", true),
        ("/foo/bar/%e3%83%84", "/foo/bar/ツ", true),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", true),
        ("/foo/bar/baz", "/foo/bar/%62%61%7A", true),
        ("/a%7Eb/", "/a~b/", true), ("/a b", "/a%20b", true), ("/a%3Cd", "/a<d", true), ("/100%", "/100%25", true),
        // Reserved characters mean something else when they are encoded.
        ("/a%2Fb", "/a/b", false), ("/a/b", "/a%2Fb", false), ("/a%3Fb", "/a?b", false), ("/a;b", "/a%3Bb", false),
        ("/?a%26b", "/?a&b", false),
    ])
    func encoding(pattern: String, path: String, matches: Bool) {
        #expect(allows(rules("User-agent: *\nDisallow: \(pattern)"), path) != matches)
    }

    @Test("a group counts if it names the product token, and that for all crawlers if none does", arguments: [
        // RFC 9309 §5.1, of which only the crawler's name is ours.
        ("User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\nUser-Agent: barbot\nUser-Agent: tidings\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n",
         ["/example/a", "/a.gif"], ["/example/page.html"]),
        // Groups for one crawler are one group (§2.2.1).
        ("user-agent: Tidings\ndisallow: /a\n\nuser-agent: other\ndisallow: /b\n\nuser-agent: TIDINGS\ndisallow: /c", ["/b"], ["/a", "/c"]),
        ("user-agent: *\ndisallow: /a\nuser-agent: tidings\nuser-agent: *\ndisallow: /b", ["/a"], ["/b"]),
        ("user-agent: *\ndisallow: /\nuser-agent: Tidings\n", ["/a"], []),
        ("user-agent: *\ndisallow: /\nuser-agent: Tidings\nallow: /b", ["/a"], []),
        // A version does not count, but another name does.
        ("user-agent: Tidings/2.1\ndisallow: /a", [], ["/a"]), ("user-agent: tidings bot\ndisallow: /a", [], ["/a"]),
        ("user-agent: Tiding\ndisallow: /a\nuser-agent: Tidings-Images\ndisallow: /b", ["/a", "/b"], []),
        ("user-agent: *bot\ndisallow: /a", ["/a"], []), ("user-agent: * all\ndisallow: /a", [], ["/a"]),
        // What is no rule stands in no group's way.
        ("user-agent: tidings\nsitemap: https://h.example/s.xml\nuser-agent: other\ncrawl-delay: 5\n\ndisallow: /a", [], ["/a"]),
        ("user-agent: tidings\ndisallow:\nuser-agent: other\ndisallow: /a", ["/a"], []),
        ("disallow: /a", ["/a"], []), ("", ["/a"], []), ("<html><body>Disallow: /</body>", ["/a"], []),
    ] as [(String, [String], [String])])
    func groups(text: String, allowed: [String], others: [String]) {
        #expect(allowed.filter { !allows(rules(text), $0) } == [])
        #expect(others.filter { allows(rules(text), $0) } == [])
    }

    @Test("a crawler whose User-Agent has no product token keeps to the rules for all")
    func noToken() {
        let text = "user-agent:\ndisallow: /a\n\nuser-agent: *\ndisallow: /b"
        #expect(allows(rules(text, agent: "007"), "/a"))
        #expect(!allows(rules(text, agent: "007"), "/b"))
        #expect(RobotsRules.token(of: "Harbour_Log-b/1") == "harbour_log-b")
    }

    @Test("lines end in any way, have comments and space, and may be misspelled", arguments: [
        "user-agent: *\rdisallow: /a\r", "user-agent: *\r\ndisallow: /a\r\n", "\u{FEFF}user-agent: *\ndisallow: /a",
        "  USER-AGENT\t:\t*  # all\n\tDisallow :/a# nothing", "useragent: *\ndisallow: /a", "user agent: *\ndisalow: /a",
        "user-agent *\ndisallow /a", "user-agent: *\n\n\n# a\ndisallow: /a\0",
    ])
    func lines(text: String) {
        #expect(!allows(rules(text), "/a\0"))
        #expect(allows(rules(text), "/b"))
    }

    @Test("what forbids is named by its pattern and its line", arguments: [
        ("user-agent: *\r\n\r\n# a\r\ndisallow: /a*b$\n", "/a/b", "/a*b$", 4),
        ("user-agent: *\rdisallow: /\r\rdisallow: /é", "/é/x", "/%C3%A9", 4),
        ("user-agent: *\ndisallow: /a**b", "/ab", "/a*b", 2),
    ])
    func named(text: String, path: String, rule: String, line: Int) {
        #expect(rules(text).permission(for: "https://h.example" + path) == .disallowed(rule: rule, line: line))
    }

    @Test("the rules are read back as they were kept, and only those that apply are kept")
    func stored() {
        let rules = rules("user-agent: other\ndisallow: /x\nuser-agent: tidings\ndisallow: /a\nallow: /a/é$")
        #expect(rules.stored == "4-/a\n5+/a/%C3%A9$\n")
        #expect(RobotsRules(stored: rules.stored) == rules)
        #expect(RobotsRules(stored: "x\n-/\n1/a\n2*/a\n99999999999999999999-/\n+").permission(for: "https://h.example/a") == .allowed)
    }

    @Test("an address without a path is that of the root, and each host and port has its own file", arguments: [
        ("https://h.example", "https://h.example/robots.txt"), ("HTTP://U:p@H.Example:80/a?b#c", "http://h.example/robots.txt"),
        ("https://h.example:8443?x", "https://h.example:8443/robots.txt"), ("https://h.example:80/", "https://h.example:80/robots.txt"),
        ("/a", nil), ("ftp://h.example/", nil), ("https:///a", nil),
    ] as [(String, String?)])
    func addresses(url: String, address: String?) {
        #expect(RobotsRules.address(for: url) == address)
        #expect(rules("user-agent: *\ndisallow: /$").permission(for: "https://h.example") == .disallowed(rule: "/$", line: 2))
        #expect(rules("user-agent: *\ndisallow: /?").permission(for: "https://h.example?x") == .disallowed(rule: "/?", line: 2))
    }

    // MARK: Limits

    @Test("no more than 500 KiB are read, and no half of a line")
    func limit() {
        let start = "user-agent: *\ndisallow: /a\n"
        func text(padding: Int) -> String { start + String(repeating: "#", count: padding) + "\ndisallow: /bcd\ndisallow: /e" }
        let room = RobotsReading.limitBytes - start.utf8.count
        #expect(rules(text(padding: 10)).stored == "2-/a\n4-/bcd\n5-/e\n")
        // The end falls behind `/b`.
        #expect(rules(text(padding: room - 13)).stored == "2-/a\n")
        #expect(rules(text(padding: room - 16)).stored == "2-/a\n4-/bcd\n")
        #expect(rules(text(padding: room)).stored == "2-/a\n")
    }

    @Test("a pattern of any length takes no long time", .timeLimit(.minutes(1)))
    func hostile() {
        let path = "/" + String(repeating: "a", count: 8000)
        let stars = String(repeating: "*a", count: 1000)
        let clock = ContinuousClock()
        let taken = clock.measure {
            #expect(allows(rules("user-agent: *\ndisallow: /\(stars)b"), path))
            #expect(!allows(rules("user-agent: *\ndisallow: /\(stars)"), path))
            #expect(!allows(rules("user-agent: *\ndisallow: /" + String(repeating: "*", count: 1000)), path))
            // Each of its 120 pieces is found nearly, at each place.
            let piece = "*" + String(repeating: "a", count: 4000) + "b"
            let many = String(repeating: "disallow: \(piece)\n", count: 120)
            #expect(allows(rules("user-agent: *\n" + many), path))
            #expect(rules("user-agent: *\ndisallow: /" + String(repeating: "a", count: 9000)) == .none)
        }
        #expect(taken < .seconds(10))
    }
}
