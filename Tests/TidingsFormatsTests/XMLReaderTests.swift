import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct XMLReaderTests {
    @Test("what breaks XML's rules is survived and said", arguments: [
        ("an '&' that is not escaped", rss("<title>Fish & chips</title>"), "Fish & chips", "'&' that is not escaped"),
        ("'&' at the end of a name", rss("<title>R&D</title>"), "R&D", "'&' that is not escaped"),
        ("an entity of HTML", rss("<title>Caf&eacute;</title>"), "Café", nil),
        ("an entity of nobody", rss("<title>a &harbour; b</title>"), "a &harbour; b", "entity 'harbour' is not defined"),
        ("a control character", rss("<title>a\u{8}b</title>"), "ab", "control character 8, which XML does not allow"),
        ("a number that is no character", rss("<title>a&#xFFFFFF;b</title>"), "ab", "&#xFFFFFF; is no character"),
        ("a number of windows-1252", rss("<title>it&#146;s</title>"), "it’s", nil),
        ("'<' that opens no tag", rss("<title>1 < 2</title>"), "1 < 2", "'<' that opens no tag"),
        ("a missing end tag", rss("<title><em>wind</title>"), "wind", "<em> is not closed before </title>"),
        ("an end tag too many", rss("</b><title>wind</title>"), "wind", "end tag </b> without a start tag"),
        ("another case", "<RSS version='2.0'><Channel><ITEM><Title>wind</TITLE></item></Channel></RSS>", "wind", nil),
        ("an attribute without quotes", rss("<guid isPermaLink=false>1</guid><title>wind</title>"), "wind",
         "attribute value without quotes"),
        ("prefixes that are not declared", "<rss version='2.0'><channel><item><dc:title>wind</dc:title></item></channel></rss>", "wind", nil),
        ("junk before the document", "Warning: no such file\n" + rss("<title>wind</title>"), "wind", "text before the first element"),
        ("a warning before the document", "<br />\n<b>Warning</b>: no such file\n" + rss("<title>wind</title>"), "wind",
         "text before the first element"),
        ("white space before the declaration", "\n \n" + rss("<title>wind</title>"), "wind", nil),
        ("items whose end tags are missing",
         "<rss version='2.0'><channel><item><title>wind</title><item><title>sun</title></item></channel></rss>", "wind",
         "<item> is not closed before <item>"),
    ] as [(String, String, String, String?)])
    func survives(what: String, text: String, title: String, problem: String?) throws {
        let document = try readDocument(Array(text.utf8), hints: DocumentHints(expectsFeed: true))
        #expect(document.items.first?.title == title)
        #expect(document.problems.map(\.message) == (problem.map { [$0] } ?? []))
        #expect(!document.isPartial)
    }

    @Test("a truncated document keeps its whole items, wherever it ends")
    func truncation() throws {
        let whole = Array(rss("<title>one</title></item><item><title>two</title><description>t</description>").utf8)
        var counts: Set<Int> = []
        let rootEnd = try #require(whole.position(of: "</rss>", from: 0)) + 6
        let firstItem = try #require(whole.position(of: "<item>", from: 0))
        for length in firstItem..<rootEnd {
            let document = try readDocument(Array(whole[..<length]), hints: DocumentHints(fileName: "a.xml"))
            #expect(document.isPartial)
            counts.insert(document.items.count)
        }
        #expect(counts == [0, 1, 2])
        #expect(try readDocument(whole, hints: DocumentHints(fileName: "a.xml")).isPartial == false)
    }

    @Test("the line of a problem is that of the document")
    func lines() throws {
        let document = try read("<rss version='2.0'><channel>\n\n<item><title>a & b</title>\n</item>\n<item><title>c")
        #expect(
            document.problems == [
                Problem("'&' that is not escaped", line: 3), Problem("the document ends inside <title>", line: 5),
            ])
        #expect(document.isPartial)
    }

    @Test("an entity bomb is text: nothing is expanded")
    func entityBomb() throws {
        var subset = "<!ENTITY a0 \"boom\">"
        for level in 1...40 {
            subset += "<!ENTITY a\(level) \"" + String(repeating: "&a\(level - 1);", count: 10) + "\">"
        }
        let document = try read("<!DOCTYPE rss [\(subset)]>" + rss("<title>x</title><description>&a40;</description>"))
        #expect(document.items.count == 1)
        #expect((document.items.first?.text.utf8.count ?? .max) < 100)
    }

    @Test("an external entity is never opened")
    func externalEntity() throws {
        let document = try read(
            "<!DOCTYPE rss [<!ENTITY passwd SYSTEM \"file:///etc/passwd\"> <!ENTITY % p SYSTEM \"http://127.0.0.1/\"> %p;]>"
                + rss("<guid>1</guid><description>&passwd;</description>"))
        #expect(document.items.first?.text.contains("root:") == false)
        #expect(document.problems.contains { $0.message == "entity 'passwd' is not defined" })
    }

    @Test("elements too deep are skipped, without a crash")
    func depth() throws {
        let deep = String(repeating: "<div>", count: 200_000)
        let document = try read(rss("<title>a</title></item><item><description>\(deep)Fog.</description></item><item><title>b</title>"))
        #expect(!document.isPartial)
        #expect(document.items.map(\.title) == ["a", nil, "b"])
        #expect(document.items[1].text == "Fog.")
    }

    @Test("problems are limited, and those beyond counted")
    func problemLimit() throws {
        let document = try read(rss("<title>x</title><description>" + String(repeating: "& ", count: 1000) + "</description>"))
        #expect(document.problems.count == ProblemLog.limit + 1)
        #expect(document.problems.last?.message == "and \(1000 - ProblemLog.limit) more problems")
    }

    @Test("any bytes after the start of a feed end in an answer")
    func noise() throws {
        var seed: UInt64 = 7
        let pieces = ["<", ">", "</", "item", "title", "&", "#", ";", "\"", "'", "=", "!", "[", "]", "<![CDATA[", "-->", "<!--", " ", "x:", "?"]
        for _ in 0..<300 {
            var text = "<rss version='2.0'><channel><item>"
            for _ in 0..<60 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(seed >> 33) % pieces.count]
            }
            _ = try read(text)
        }
    }
}
