import Testing
import TidingsCore

@testable import TidingsFormats

@Suite("Elements that were never closed, and documents behind each other")
struct UnclosedElementTests {
    private func item(_ number: Int) -> String {
        "<item><title>Lot \(number)</title><link>https://auction.example/\(number)</link><description>Sold.</description></item>"
    }

    private func channel(_ elements: String) -> String {
        """
        <rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
        <channel><title>Auction</title>\(elements)</channel></rss>
        """
    }

    @Test("an element of the head that is open takes no item", arguments: [
        "<itunes:category text='Arts'>", "<itunes:category text='Arts'><itunes:category text='Design'/>", "<image><url>https://auction.example/a.png</url>",
        "<image><url>https://auction.example/a.png", "<description>Old things", "<itunes:owner><itunes:name>Ira", "<textInput>", "<x:y><z>",
        "<category>Arts", "<generator>Gavel", "<link>https://auction.example/", "<unknown a='1'>",
    ])
    func head(element: String) throws {
        let document = try read(channel(element + item(0) + item(1) + item(2)))
        #expect(document.items.map(\.title) == ["Lot 0", "Lot 1", "Lot 2"])
        #expect(document.items.map(\.text) == ["Sold.", "Sold.", "Sold."])
        #expect(document.problems.count == 1)
        #expect(document.problems.first?.message.hasSuffix(" is not closed before <item>") == true)
        #expect(!document.isPartial)
    }

    @Test("an element of an item that is open takes none of its other fields", arguments: [
        "<media:content url='https://auction.example/a.jpg'>", "<media:group><media:content url='u'>", "<category>Arts", "<enclosure url='u'>",
        "<source url='u'>", "<itunes:image href='u'>", "<comments>u", "<author>Ira", "<x:y>", "<media:thumbnail url='u'><media:credit>Ira",
    ])
    func field(element: String) throws {
        let fields = "<title>Lot</title><link>https://auction.example/9</link><description>Sold.</description>"
        let document = try read(channel("<item>\(element)\(fields)</item>" + item(1)))
        #expect(document.items.map(\.title) == ["Lot", "Lot 1"])
        #expect(document.items.map(\.url) == ["https://auction.example/9", "https://auction.example/1"])
        #expect(document.items.map(\.text) == ["Sold.", "Sold."])
        #expect(document.problems.map(\.message).contains { $0.hasSuffix(" is not closed before <title>") })
        // Without their own end tags, items end where the next begins.
        #expect(try read(channel("<item>\(fields)\(element)<item>\(fields)\(element)")).items.map(\.title) == ["Lot", "Lot"])
    }

    @Test("text that is open ends where the next field begins")
    func text() throws {
        let document = try read(channel("<item><title>Lot<link>https://auction.example/9</link><description>Sold.<guid>g</guid></item>" + item(1)))
        #expect(document.items.map(\.title) == ["Lot", "Lot 1"])
        #expect(document.items.map(\.text) == ["Sold.", "Sold."])
        #expect(document.items.map(\.id) == ["g", nil])
    }

    @Test("an entry of Atom begins an entry wherever it stands")
    func entries() throws {
        let entry = "<entry><title>Lot</title><link href='https://auction.example/1'/></entry>"
        for element in ["<author><name>Ira", "<subtitle>Old things", "<x:y>", "<generator>"] {
            let document = try read("<feed xmlns='http://www.w3.org/2005/Atom'>\(element)\(entry)\(entry)</feed>")
            #expect(document.items.map(\.title) == ["Lot", "Lot"], "\(element)")
        }
    }

    @Test("thousands of items without end tags are all read")
    func noEndTags() throws {
        let items = (0..<2000).map { "<item><title>Lot \($0)</title><media:content url='u'>" }.joined()
        #expect(try read(channel(items)).items.count == 2000)
    }

    @Test("what is closed keeps what is in it", arguments: [
        "<related><item><title>Other</title></item><item><title>Third</title></item></related>",
        "<source><title>Other</title><link>https://other.example/</link></source>",
        "<x:list><title>Other</title><item>no</item></x:list>",
        "<image><title>Other</title><link>https://other.example/</link></image>",
    ])
    func nested(element: String) throws {
        let document = try read(channel("<item>\(element)<title>Lot</title><link>https://auction.example/9</link></item>" + item(1)))
        #expect(document.items.map(\.title) == ["Lot", "Lot 1"])
        #expect(document.items.map(\.url) == ["https://auction.example/9", "https://auction.example/1"])
        #expect(document.problems.allSatisfy { $0.message.hasSuffix("is not read") })
    }

    @Test("an item with hundreds of open elements keeps its text, and costs no other item", arguments: ["<br>", "<img src='u'>", "<p>a", "<li>a", "<b>a"])
    func deep(element: String) throws {
        let open = String(repeating: element, count: 300)
        let document = try read(channel("<item><title>Lot</title><description>Old \(open) clock</description></item>" + item(1) + item(2)))
        #expect(document.items.map(\.title) == ["Lot", "Lot 1", "Lot 2"])
        #expect(document.items.first?.text.hasPrefix("Old") == true)
        #expect(document.items.first?.text.hasSuffix("clock") == true)
        #expect(document.problems.map(\.message).contains("elements are nested deeper than \(XMLReader.depthLimit)"))
        #expect(!document.isPartial)
    }

    @Test("items in an element of another name are read")
    func wrapper() throws {
        #expect(try read(channel("<lots>\(item(0))\(item(1))</lots>")).items.map(\.title) == ["Lot 0", "Lot 1"])
        #expect(try read("<rss><lots>\(item(0))</lots></rss>").items.map(\.title) == ["Lot 0"])
    }

    @Test("many open elements cost no more than a few readings")
    func manyOpen() throws {
        let open = String(repeating: "<item><x><title>", count: 20_000)
        #expect(try read(channel(open)).items.count <= 20_000)
        let nested = String(repeating: "<x><title>a</title></x>", count: 50_000)
        #expect(try read(channel("<item>\(nested)<title>Lot</title></item>")).items.map(\.title) == ["Lot"])
    }

    // MARK: Documents behind each other

    @Test("the items of a second feed are read too, each once")
    func second() throws {
        let first = "<?xml version='1.0'?>" + channel(item(0) + item(1))
        for between in ["", "\n", "<!-- a -->", "\nNotice: twice\n"] {
            let document = try read(first + between + "<?xml version='1.0'?>" + channel(item(1) + item(2)))
            #expect(document.items.map(\.title) == ["Lot 0", "Lot 1", "Lot 2"])
            #expect(document.problems.map(\.message) == ["another document behind the end of the first"])
            #expect(document.isMalformed && !document.isPartial)
        }
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Log</title></entry></feed>"
        #expect(try read(first + atom + channel(item(5))).items.map(\.title) == ["Lot 0", "Lot 1", "Log", "Lot 5"])
    }

    @Test("a second feed that is cut makes the whole partial")
    func secondCut() throws {
        let document = try read(channel(item(0)) + "<rss><channel>" + item(1) + "<item><title>Lo")
        #expect(document.items.map(\.title) == ["Lot 0", "Lot 1"])
        #expect(document.isPartial)
    }

    @Test("items of different feeds under one id are both kept")
    func sameID() throws {
        func feed(_ host: String) -> String { channel("<item><guid isPermaLink='false'>1</guid><link>https://\(host)/1</link></item>") }
        #expect(try read(feed("a.example") + feed("b.example")).items.count == 2)
    }

    @Test("a feed that begins in one without an end is read")
    func withoutEnd() throws {
        let document = try read("<rss><channel>\(item(0))<?xml version='1.0'?><rss><channel>\(item(1))</channel></rss>")
        #expect(document.items.map(\.title) == ["Lot 0", "Lot 1"])
    }

    @Test("what stands behind the end is a problem, if it may not stand there", arguments: [
        ("<!DOCTYPE html><html><body><p>Page</p></body></html>", ["text behind the end of the document"]),
        ("\nFatal error: out of memory", ["text behind the end of the document"]),
        ("</channel></rss>", ["text behind the end of the document"]),
        ("\n<!-- made in 0.2 s -->\n<?page done?>\n", []),
    ])
    func trailing(junk: String, problems: [String]) throws {
        let document = try read(channel(item(0)) + junk)
        #expect(document.items.map(\.title) == ["Lot 0"])
        #expect(document.problems.map(\.message) == problems)
        #expect(!document.isPartial)
    }
}
