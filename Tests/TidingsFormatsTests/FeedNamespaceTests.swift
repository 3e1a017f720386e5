import Testing
import TidingsCore

@testable import TidingsFormats

@Suite("Feeds in namespaces that are not theirs")
struct FeedNamespaceTests {
    private static let foreign = [
        "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml", "http://search.yahoo.com/mrss/", "http://purl.org/dc/elements/1.1/",
        "http://www.itunes.com/dtds/podcast-1.0.dtd", "http://purl.org/rss/1.0/modules/content/", "urn:nobody", "http://purl.org/rss/1.0/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    ]
    private let item = """
        <item><title>Kelp</title><link>https://reef.example/1</link><guid isPermaLink="false">k1</guid>
        <description>Kelp &lt;b&gt;grows&lt;/b&gt;.</description><pubDate>Fri, 20 Feb 2026 10:00:00 GMT</pubDate></item>
        """

    private func check(_ text: String) throws {
        let document = try read(text)
        #expect(document.items.map(\.id) == ["k1"], "\(text)")
        #expect(document.items.map(\.title) == ["Kelp"])
        #expect(document.items.map(\.url) == ["https://reef.example/1"])
        #expect(document.items.map(\.text) == ["Kelp grows."])
        #expect(document.items.map(\.datePublished) == [ItemDate("2026-02-20T10:00:00Z")])
        #expect(document.problems == [])
    }

    @Test("RSS is RSS under any default namespace, on whichever of its elements", arguments: foreign)
    func rssUnderAny(uri: String) throws {
        try check("<rss version='2.0' xmlns='\(uri)'><channel><title>Reef</title>\(item)</channel></rss>")
        try check("<rss version='2.0'><channel xmlns='\(uri)'><title>Reef</title>\(item)</channel></rss>")
        try check("<rss version='2.0'><channel>\(item.replacing("<item>", with: "<item xmlns='\(uri)'>"))</channel></rss>")
        try check("<channel xmlns='\(uri)'><title>Reef</title>\(item)</channel>")
        try check("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='\(uri)'><channel/>\(item)</rdf:RDF>")
    }

    @Test("RSS is read without a channel, and with a prefix")
    func wrappings() throws {
        try check("<rss version='2.0'><title>Reef</title>\(item)</rss>")
        #expect(try read("<rss version='2.0'><title>Reef</title>\(item)</rss>").title == "Reef")
        let prefixed = item.replacing("</", with: "</r:").replacing("<", with: "<r:").replacing("<r:/r:", with: "</r:")
        try check("<r:rss xmlns:r='urn:reef'><r:channel>\(prefixed)</r:channel></r:rss>")
        try check("<r:rss><r:channel>\(prefixed)</r:channel></r:rss>")
    }

    @Test("a vocabulary that an inner element declares stays its own")
    func innerVocabulary() throws {
        let document = try read(
            """
            <rss version="2.0" xmlns="http://www.w3.org/2005/Atom" xmlns:a="http://www.w3.org/2005/Atom"><channel><item>
            <title>Kelp</title><a:link rel="alternate" href="https://reef.example/2"/>
            <thumb xmlns="http://search.yahoo.com/mrss/"><title>no</title></thumb>
            <div xmlns="http://www.w3.org/1999/xhtml"><p>Kelp</p></div></item></channel></rss>
            """)
        #expect(document.items.map(\.title) == ["Kelp"])
        #expect(document.items.map(\.url) == ["https://reef.example/2"])
        #expect(document.items.map(\.text) == ["Kelp"])
    }

    @Test("Atom is Atom under any namespace", arguments: foreign + [
        "https://www.w3.org/2005/Atom", "http://www.w3.org/2005/Atom/", "http://www.w3.org/2005/atom#", "www.w3.org/2005/Atom",
    ])
    func atomUnderAny(uri: String) throws {
        let entry = "<title>Kelp</title><id>k1</id><link href='https://reef.example/1'/><content type='html'>Kelp &lt;b&gt;grows&lt;/b&gt;.</content>"
        for text in [
            "<feed xmlns='\(uri)'><title>Reef</title><entry>\(entry)</entry></feed>",
            "<feed><title>Reef</title><entry xmlns='\(uri)'>\(entry)</entry></feed>",
            "<a:feed xmlns:a='\(uri)'><a:title>Reef</a:title><a:entry>"
                + entry.replacing("</", with: "</a:").replacing("<t", with: "<a:t").replacing("<i", with: "<a:i").replacing("<l", with: "<a:l")
                .replacing("<c", with: "<a:c") + "</a:entry></a:feed>",
        ] {
            let document = try read(text)
            #expect(document.title == "Reef")
            #expect(document.items.map(\.id) == ["k1"], "\(text)")
            #expect(document.items.map(\.title) == ["Kelp"])
            #expect(document.items.map(\.url) == ["https://reef.example/1"])
            #expect(document.items.map(\.text) == ["Kelp grows."])
        }
    }

    @Test("a feed with the other format's items keeps them")
    func crossed() throws {
        let atomInRSS = "<rss><channel><entry xmlns='http://www.w3.org/2005/Atom'><title>Kelp</title><link href='https://reef.example/1'/></entry></channel></rss>"
        #expect(try read(atomInRSS).items.map(\.url) == ["https://reef.example/1"])
        let document = try read("<feed xmlns='http://www.w3.org/2005/Atom'>\(item)</feed>")
        #expect(document.items.map(\.id) == ["k1"])
        #expect(document.items.map(\.url) == ["https://reef.example/1"])
    }

    @Test("a feed in which no item is found says what is there", arguments: [
        ("<rss><channel><title>t</title><story><title>a</title></story><story/></channel></rss>",
         ["no item is found in <rss>, but <story>, of which nothing is known"]),
        ("<feed><product><id>1</id></product></feed>", ["no item is found in <feed>, but <product>, of which nothing is known"]),
        ("<rss><stories><story/></stories></rss>", ["no item is found in <rss>, but <stories>, of which nothing is known"]),
        ("<rss xmlns:x='urn:x'><channel><x:news><x:a/></x:news></channel></rss>",
         ["no item is found in <rss>, but <news>, of which nothing is known"]),
        ("<rss><channel><title>t</title><link>l</link><ttl>5</ttl><docs>d</docs><cloud/></channel></rss>", []),
        ("<rss xmlns:x='urn:x'><channel><x:info uri='a'/><title>t</title></channel></rss>", []),
        ("<rss><channel/></rss>", []), ("<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><author><name>n</name></author></feed>", []),
        ("<rss><channel><story/><item><title>a</title></item></channel></rss>", []),
    ])
    func withoutItems(text: String, problems: [String]) throws {
        #expect(try read(text).problems.map(\.message) == problems)
    }
}
