import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct DocumentKindTests {
    @Test("the bytes say what a document is, before its name does", arguments: [
        ("prose.txt", "The ferry left at nine.", .text),
        ("prose", "The ferry left at nine.", .text),
        ("brackets.txt", "[Reporting by Ann]\nThe ferry left.", .text),
        ("brackets", "[Reporting by Ann]\nThe ferry left.", .text),
        ("note.md", "# Ferry\n\nIt left.", .markdown),
        ("note.md", "<p>A tag at the start</p>", .markdown),
        ("page.html", "<!DOCTYPE html><title>Ferry</title><p>It left.", .html),
        ("page.txt", "<html><body>It left.</body></html>", .html),
        ("feed.txt", "<rss version='2.0'><channel/></rss>", .rss),
        ("feed.html", "<!-- x --><?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>", .atom),
        ("feed.dat", "<rss version='2.0'><channel/></rss>", .rss),
        ("feed.dat", #"{"version":"https://jsonfeed.org/version/1.1","items":[]}"#, .jsonFeed),
        ("feed.json", #"{"version":"https://jsonfeed.org/version/1.1","items":[]}"#, .jsonFeed),
        ("list.json", #"[{"title":"a"}]"#, .json),
        ("lines.jsonl", "{\"title\":\"a\"}\n{\"title\":\"b\"}", .jsonLines),
        ("lines", "{\"title\":\"a\"}\n{\"title\":\"b\"}", .jsonLines),
    ] as [(String, String, DocumentFormat)])
    func recognises(fileName: String, text: String, format: DocumentFormat) throws {
        #expect(try read(text, as: fileName).format == format)
    }

    @Test("what cannot be read says why", arguments: [
        ("a.txt", [], .empty),
        ("a.txt", Array(" \n\t".utf8), .empty),
        ("a.txt", [0x00, 0x01, 0x02, 0x03, 0x80, 0xFF, 0x00], .binary),
        ("a.txt", Array("%PDF-1.7 and so on".utf8), .binary),
        ("a.txt", [UInt8](repeating: 0x07, count: 50) + Array("bells".utf8), .binary),
        ("a.xml", Array("no element here".utf8), .malformed("no element is found", line: 1)),
        ("a.xml", Array("<?xml version='1.0'?><opml><body/></opml>".utf8), .unknownKind("XML document of <opml>")),
        ("a.json", Array("[1, 2".utf8), nil),
        ("a.json", Array("{\"title\": ".utf8), .malformed("the document ends inside a value", line: 1)),
        ("a.ipynb", Array(#"{"title":"a"}"#.utf8), .unknownKind(".ipynb")),
        ("a.vue", Array("<div>a</div>".utf8), .unknownKind(".vue")),
        ("a.docx", Array("prose".utf8), .unknownKind(".docx")),
    ] as [(String, [UInt8], UnreadableDocument?)])
    func refuses(fileName: String, bytes: [UInt8], reason: UnreadableDocument?) {
        var thrown: UnreadableDocument?
        do throws(UnreadableDocument) {
            _ = try readDocument(bytes, hints: DocumentHints(fileName: fileName))
        } catch {
            thrown = error
        }
        #expect(thrown == reason)
    }

    @Test("text in UTF-16 is text", arguments: [true, false])
    func wideText(hasMark: Bool) throws {
        let bytes: [UInt8] = (hasMark ? [0xFF, 0xFE] : []) + utf16LittleEndian("The ferry left at nine.")
        #expect(try readDocument(bytes, hints: DocumentHints(fileName: "a.txt")).charset == "utf-16le")
    }

    @Test("HTML where a feed is expected is a state with a name", arguments: [
        ("<!DOCTYPE html><title>Just a moment...</title>", .notAFeed(.challenge)),
        ("<html><form><input type=\"password\"></form></html>", .notAFeed(.login)),
        ("<html><p>Welcome</p></html>", .notAFeed(.other)),
        ("Service unavailable", .unknownKind("neither XML nor JSON")),
    ] as [(String, UnreadableDocument)])
    func notAFeed(text: String, reason: UnreadableDocument) {
        #expect(throws: reason) {
            try readDocument(Array(text.utf8), hints: DocumentHints(contentType: "text/html", expectsFeed: true))
        }
    }

    @Test("a feed that is served as HTML is a feed")
    func feedAsHTML() throws {
        let bytes = Array(rss("<title>a</title>").utf8)
        let document = try readDocument(bytes, hints: DocumentHints(contentType: "text/html", expectsFeed: true))
        #expect(document.items.map(\.title) == ["a"])
    }
}
