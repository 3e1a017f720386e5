import Testing

@testable import TidingsFormats

/// An OPML document with `body` in its body, which is line 2.
private func opml(_ body: String) -> String {
    "<?xml version=\"1.0\"?><opml version=\"2.0\"><head><title>Harbour reading</title></head><body>\n\(body)\n</body></opml>"
}

private func read(_ text: String) throws -> SubscriptionList { try readOPML(Array(text.utf8)) }

private let pier = #"<outline text="Pier" type="rss" xmlUrl="https://pier.example/feed"/>"#

@Suite struct OPMLTests {
    @Test("feeds are read with address, title and page", arguments: [
        ("as the specification has it",
         #"<outline text="Pier" title="Pier News" type="rss" xmlUrl="https://pier.example/feed" htmlUrl="https://pier.example/"/>"#,
         Subscription(url: "https://pier.example/feed", title: "Pier", homePageURL: "https://pier.example/")),
        ("without text", #"<outline title="Pier News" xmlUrl="https://pier.example/feed"/>"#,
         Subscription(url: "https://pier.example/feed", title: "Pier News")),
        ("without any name", #"<outline text=" " xmlUrl="https://pier.example/feed" htmlUrl=""/>"#,
         Subscription(url: "https://pier.example/feed")),
        ("a title that was escaped twice", #"<outline text="Pier &amp;amp; Quay" xmlUrl="https://pier.example/feed"/>"#,
         Subscription(url: "https://pier.example/feed", title: "Pier & Quay")),
        ("white space around the address", "<outline text=\"Pier\" xmlUrl=\" https://pier.example/feed\n\"/>",
         Subscription(url: "https://pier.example/feed", title: "Pier")),
        ("another spelling of xmlUrl", #"<outline text="Pier" XMLURL="https://pier.example/feed"/>"#,
         Subscription(url: "https://pier.example/feed", title: "Pier")),
        ("url of an outline that is a feed", #"<outline text="Pier" type="rss" url="https://pier.example/feed"/>"#,
         Subscription(url: "https://pier.example/feed", title: "Pier")),
        ("feed: before the host", #"<outline text="Pier" xmlUrl="feed://pier.example/feed"/>"#,
         Subscription(url: "http://pier.example/feed", title: "Pier")),
        ("feed: before a URL", #"<outline text="Pier" xmlUrl="FEED:https://pier.example/feed"/>"#,
         Subscription(url: "https://pier.example/feed", title: "Pier")),
        ("what is no URL, for others to judge", #"<outline text="Pier" xmlUrl="|~/bin/pier"/>"#,
         Subscription(url: "|~/bin/pier", title: "Pier")),
    ] as [(String, String, Subscription)])
    func reads(what: String, body: String, expected: Subscription) throws {
        let list = try read(opml(body))
        #expect(list.subscriptions == [expected])
        #expect(list.problems == [])
    }

    @Test("folders and categories become tags", arguments: [
        ("one folder", #"<outline text="Sea"><outline xmlUrl="http://a/"/></outline>"#, [["Sea"]]),
        ("folders in folders", #"<outline title="Sea"><outline text="North" title="x"><outline xmlUrl="http://a/"/></outline></outline>"#,
         [["Sea", "North"]]),
        ("a folder ends", #"<outline text="Sea"><outline xmlUrl="http://a/"/></outline><outline xmlUrl="http://b/"/>"#, [["Sea"], []]),
        ("a folder without a name", #"<outline><outline text="Sea"><outline xmlUrl="http://a/"/></outline></outline>"#, [["Sea"]]),
        ("a feed around a feed is no folder", #"<outline text="Sea" xmlUrl="http://a/"><outline xmlUrl="http://b/"/></outline>"#, [[], []]),
        ("categories", #"<outline xmlUrl="http://a/" category="/Sea/North, wind ,,/"/>"#, [["Sea/North", "wind"]]),
        ("folder and category of one name", #"<outline text="Sea"><outline xmlUrl="http://a/" category="wind,Sea"/></outline>"#,
         [["Sea", "wind"]]),
        ("a name over two lines", "<outline text=\" North\n   Sea \"><outline xmlUrl=\"http://a/\"/></outline>", [["North Sea"]]),
    ] as [(String, String, [[String]])])
    func tags(what: String, body: String, expected: [[String]]) throws {
        #expect(try read(opml(body)).subscriptions.map(\.tags) == expected)
    }

    @Test("a name too long for a tag is cut between characters, and folders beyond a limit are said")
    func tagLimits() throws {
        let name = String(repeating: "ж", count: 150)
        let folders = (1...40).map { "<outline text=\"\($0)\(name)\">" }.joined()
        let list = try read(opml(folders + pier + String(repeating: "</outline>", count: 40)))
        #expect(list.subscriptions.first?.tags.count == 32)
        #expect(list.subscriptions.first?.tags.first == "1" + String(repeating: "ж", count: 99))
        #expect(list.problems.map(\.message) == ["more than 32 folders and categories of one feed"])
    }

    @Test("quotes that are not escaped cost no feed and no title", arguments: [
        ("in the middle", #"<outline text="The "Tide" Daily" xmlUrl="http://a/"/>"#, "The \"Tide\" Daily", 1),
        ("at the end", #"<outline text="The Daily "Tide"" xmlUrl="http://a/"/>"#, "The Daily \"Tide\"", 1),
        ("at the start", #"<outline text=""Tide" Daily" xmlUrl="http://a/"/>"#, "\"Tide\" Daily", 1),
        ("as apostrophes", #"<outline text='The Pier's Tide' xmlUrl='http://a/'/>"#, "The Pier's Tide", 1),
        ("in HTML", #"<outline text="Tide" description="<em class="x">High</em> and <b id="y" class="z">low</b>" xmlUrl="http://a/"/>"#,
         "Tide", 1),
        ("in the last attribute", #"<outline xmlUrl="http://a/" text="The "Tide" Daily"/>"#, "The \"Tide\" Daily", 1),
        ("nothing to mend: an empty value", #"<outline text="Tide" title="" xmlUrl="http://a/"/>"#, "Tide", 0),
        ("nothing to mend: no space between attributes", #"<outline text="Tide"xmlUrl="http://a/"/>"#, "Tide", 0),
        ("nothing to mend: '>' in a value", #"<outline text="Tide > Ebb" xmlUrl="http://a/">&#10;</outline>"#, "Tide > Ebb", 0),
        ("nothing to mend: a name without value", #"<outline text="Tide" checked xmlUrl="http://a/"/>"#, "Tide", 0),
    ] as [(String, String, String, Int)])
    func quotes(what: String, outline: String, title: String, problems: Int) throws {
        let list = try read(opml(outline + pier))
        #expect(list.subscriptions.map(\.url) == ["http://a/", "https://pier.example/feed"])
        #expect(list.subscriptions.first?.title == title)
        let expected = Problem("quotes inside an attribute that are not escaped", line: 2)
        #expect(list.problems == .init(repeating: expected, count: problems))
    }

    @Test("what is broken is survived and said", arguments: [
        ("'&' that is not escaped", opml(#"<outline text="Fish & chips" xmlUrl="https://pier.example/feed"/>"#),
         Problem("'&' that is not escaped", line: 2)),
        ("an end in the middle", "<opml><body>\(pier)<outline text=\"Sea\"", Problem("the document ends inside <body>", line: 1)),
        ("a missing end tag", "<opml><body><outline text='Sea'>\(pier)</body></opml>",
         Problem("<outline> is not closed before </body>", line: 1)),
        ("another element around it", "<list>\(pier)</list>", Problem("the document is not in an element <opml>", line: 1)),
        ("junk before it", "Saved list\n<opml><body>\(pier)</body></opml>", Problem("text before the first element", line: 1)),
        ("more behind it", "<opml><body>\(pier)</body></opml>\n<outline xmlUrl='http://b/'/>",
         Problem("outlines behind the end of the document, which are not read", line: 1)),
        ("a feed without address", opml("<outline text='Gone' type='rss'/>" + pier),
         Problem("an outline of type 'rss' without 'xmlUrl'", line: 2)),
        ("a list in the list", opml("<outline text='More' type='include' url='http://b/list.opml'/>" + pier),
         Problem("an outline that includes another list, which is not read", line: 2)),
        ("a feed that is repeated under another spelling", opml(pier + "<outline xmlurl='https://pier.example/feed'/>"),
         Problem("a feed that is listed already, with another spelling of 'xmlUrl'", line: 2)),
    ] as [(String, String, Problem)])
    func survives(what: String, text: String, problem: Problem) throws {
        let list = try read(text)
        #expect(list.subscriptions.map(\.url) == ["https://pier.example/feed"])
        #expect(list.problems == [problem])
    }

    @Test("repeated feeds are all listed")
    func repeats() throws {
        #expect(try read(opml(pier + pier)).subscriptions.count == 2)
    }

    @Test("older and other lists are read", arguments: [
        ("before 1.0", Array("<outlineDocument><body>\(pier)</body></outlineDocument>".utf8), 1),
        ("a list of no feeds", Array("<opml version='1.1'><head/><body><outline text='Notes'/></body></opml>".utf8), 0),
        ("without a body", Array("<opml version='1.1'><head/></opml>".utf8), 0),
        ("in Latin-1", Array("<?xml version='1.0' encoding='ISO-8859-1'?><opml><outline text='Caf".utf8) + [0xE9]
            + Array("' xmlUrl='http://a/'/></opml>".utf8), 1),
        ("in UTF-16", [0xFF, 0xFE] + Array("<opml><outline xmlUrl='http://a/'/></opml>".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }), 1),
    ] as [(String, [UInt8], Int)])
    func variants(what: String, bytes: [UInt8], count: Int) throws {
        let list = try readOPML(bytes)
        #expect(list.subscriptions.count == count)
        #expect(list.problems == [])
        #expect(list.subscriptions.first?.title != "Caf\u{FFFD}")
    }

    @Test("what is no list is refused in words", arguments: [
        ([], "this is empty"), ([0x50, 0x4B, 3, 4, 0], "this is no text"),
        (Array("a,b\n1,2\n".utf8), "this is no OPML: it has no element"),
        (Array("<rss version='2.0'><channel/></rss>".utf8), "this is no OPML but a document of <rss>"),
    ] as [([UInt8], String)])
    func refuses(bytes: [UInt8], message: String) {
        #expect(throws: NotASubscriptionList(message: message)) { try readOPML(bytes) }
    }

    @Test("any bytes are survived: a list cut at each place, and with each byte changed")
    func hostile() throws {
        let whole = Array(opml(#"<outline text="The "Sea" & 'air'"><outline xmlUrl='http://a/' category="b,c"/></outline>"#).utf8)
        for place in whole.indices {
            _ = try? readOPML(Array(whole[..<place]))
            for byte in [UInt8(ascii: "\""), UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "="), 0, 0xFF] {
                var bytes = whole
                bytes[place] = byte
                _ = try? readOPML(bytes)
            }
        }
        let deep = String(repeating: "<outline text='a'>", count: 100_000)
        #expect(try read("<opml>" + pier + deep).subscriptions.count == 1)
    }

    @Test("what is written is read back, folders and all")
    func roundTrip() throws {
        let subscriptions = [
            Subscription(url: "https://pier.example/feed?a=1&b=\"2\"", title: "Pier <1> & 'Quay'", homePageURL: "https://pier.example/"),
            Subscription(url: "http://a/", title: "a", tags: ["Sea, North", "wind/Storm"]),
            Subscription(url: "http://b/", title: "b", tags: ["Sea, North"]),
            Subscription(url: "http://c/", title: "Море", tags: ["Погода", "Sea, North"]),
            Subscription(url: "http://d/", title: "d", tags: ["Sea, North", "wind/Storm"]),
        ]
        let list = try readOPML(writeOPML(subscriptions, title: "A & B"))
        #expect(list.problems == [])
        #expect(list.subscriptions.sorted { $0.url < $1.url } == subscriptions.sorted { $0.url < $1.url })
        #expect(list.subscriptions.map(\.title) == ["Pier <1> & 'Quay'", "b", "a", "d", "Море"])
    }

    @Test("what is written is OPML 2.0 with each folder once")
    func written() {
        let subscriptions = [
            Subscription(url: "http://a/", title: "a", tags: ["Sea"]), Subscription(url: "http://b/"),
            Subscription(url: "http://c/", title: "c\u{1}\n", tags: ["Sea"]),
        ]
        #expect(
            String(decoding: writeOPML(subscriptions, title: "Feeds"), as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <opml version="2.0">
                  <head>
                    <title>Feeds</title>
                  </head>
                  <body>
                    <outline text="http://b/" title="http://b/" type="rss" xmlUrl="http://b/"/>
                    <outline text="Sea" title="Sea">
                      <outline text="a" title="a" type="rss" xmlUrl="http://a/"/>
                      <outline text="c&#10;" title="c&#10;" type="rss" xmlUrl="http://c/"/>
                    </outline>
                  </body>
                </opml>

                """)
    }
}
