import Testing
import TidingsFormats

private let bridge = "https://reader.example/bridge/?action=display&bridge=Lighthouse&format=Atom"
private let page = "https://coast.example/story/81"

private func document(_ titles: [String], link: String = page) throws -> ParsedDocument {
    let items = titles.enumerated().map { number, title in
        "<item><title><![CDATA[\(title)]]></title><link><![CDATA[\(link)]]></link><guid>\(number)</guid><description>d</description></item>"
    }
    return try read("<rss version=\"2.0\"><channel><title>Coast</title>\(items.joined())</channel></rss>")
}

@Suite struct BridgeErrorTests {
    @Test("the one item of a feed is a message", arguments: [
        ("Bridge returned error 503! (20514)", bridge),
        ("Bridge returned error 0! (19443)", page),
        ("Bridge returned error 404!", page),
        ("Bridge returned error HY000! (20514)", bridge),
        ("bridge returned error -1 (7)", bridge),
        ("Bridge returned error", bridge),
        ("Error 404: Not Found", bridge),
        ("Error 500", bridge),
        ("RSS reader not yet whitelisted!", page),
        ("This feed is not available", page),
        ("This feed is no longer available.", page),
        ("This feed is currently unavailable", page),
        ("This RSS feed has been disabled", page),
        ("Your feed has expired!", page),
        ("This feed could not be loaded", page),
        ("This feed does not exist", page),
        ("Your subscription has expired", page),
        ("Your free trial has ended", page),
        ("Subscription expired", page),
        ("Trial expired", page),
        ("[PolitePol] Feed expired", page),
        ("FetchRSS: feed has been disabled", page),
        ("Feed43: error 17", page),
        ("Error while fetching the feed (502)", page),
        ("Failed to load RSS feed", page),
        ("Unable to retrieve this feed", page),
        ("Couldn’t generate feed", page),
        ("Could not parse your feed.", page),
    ])
    func messages(title: String, link: String) throws {
        #expect(bridgeError(in: try document([title], link: link)) == title)
    }

    @Test("the one item of a feed is an article", arguments: [
        ("Bank returned error in statement", page),
        ("Bridge returned error of judgement to its builders", page),
        ("Bridge returned error", page),
        ("Bridge returned to error-free service after 503 days", page),
        ("Error 404: the film that nobody found", page),
        ("Error 404 is a poor name for a bar, says owner", bridge),
        ("This feed is available again", page),
        ("This feed is not available to cattle in the north", page),
        ("This feed has moved", page),
        ("Your feed is not expired", page),
        ("Feed unavailable", page),
        ("Feed prices expired in March", page),
        ("Trial ended", page),
        ("Your trial has begun", page),
        ("Subscription libraries expired with the war", page),
        ("RSSHub: error handling explained", page),
        ("Failed to load", page),
        ("Unable to feed the town", page),
        ("Could not feed", page),
        ("Harbour closed", bridge),
        ("503", page),
        ("Über die Brücke", page),
        ("!", page),
    ])
    func articles(title: String, link: String) throws {
        #expect(bridgeError(in: try document([title], link: link)) == nil)
    }

    @Test func messageBesideAnotherItemIsAnItem() throws {
        #expect(bridgeError(in: try document(["Bridge returned error 503! (20514)", "Harbour closed"])) == nil)
        #expect(bridgeError(in: try document([])) == nil)
    }

    @Test func messageInADocumentThatIsCutOffIsAnItem() throws {
        var cut = try document(["Bridge returned error 503! (20514)"])
        cut.isPartial = true
        #expect(bridgeError(in: cut) == nil)
    }

    @Test func itemWithoutTitleIsNoMessage() throws {
        #expect(bridgeError(in: try read(rss("<description>Bridge returned error 503! (20514)</description>"))) == nil)
    }
}
