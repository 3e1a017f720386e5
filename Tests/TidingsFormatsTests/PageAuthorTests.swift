import Testing
import TidingsCore

@testable import TidingsFormats

private func authors(_ html: String, url: String? = nil) -> [String] {
    PageMetadata(HTMLNodes(Array(html.utf8)), url: url).authors.compactMap(\.name)
}

private func linked(_ json: String) -> String { "<script type='application/ld+json'>\(json)</script>" }

@Suite struct PageAuthorNames {
    @Test("a value of the metadata gives names, and nothing else", arguments: [
        ("Dana Omarova and Timur Bekov", ["Dana Omarova", "Timur Bekov"]), ("By Dana Omarova, Staff Writer", ["Dana Omarova"]),
        ("Dana Omarova, Timur Bekov & Inga Sund", ["Dana Omarova", "Timur Bekov", "Inga Sund"]), ("Di Maio Luigi", ["Di Maio Luigi"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]), ("Ana Ruiz Gil y Luis Mora Paz", ["Ana Ruiz Gil", "Luis Mora Paz"]),
        ("https://a.example/dana", []), ("dana@a.example", []), ("admin", []), ("", []), ("Автор: Дана Омарова", ["Дана Омарова"]),
        ("Dana Omarova (Reporter)", ["Dana Omarova"]), ("\"Dana Omarova\"", ["Dana Omarova"]), ("구현모 기자", ["구현모"]),
    ])
    func stated(value: String, expected: [String]) {
        #expect(authors("<meta name=author content='\(value)'><h1>A</h1>") == expected)
    }

    @Test("JSON-LD names authors in itself, in a list, or by reference, for things of any kind", arguments: [
        (#"{"@type":"Recipe","author":"Dana Omarova"}"#, ["Dana Omarova"]),
        (#"{"@type":"Article","author":[{"name":"Dana Omarova"},{"name":"Dana Omarova"},{"name":["Timur Bekov"]}]}"#, ["Dana Omarova", "Timur Bekov"]),
        (##"{"@graph":[{"@type":"Article","author":{"@id":"#d"}},{"@id":"#d","@type":"Person","name":"Dana Omarova"}]}"##, ["Dana Omarova"]),
        (#"[{"@type":"Article","headline":"Other news","author":"Inga Sund"},{"@type":"Article","headline":"Fog","author":"Dana Omarova"}]"#,
            ["Dana Omarova"]),
        (#"{"@type":"WebPage","mainEntity":{"@type":"Question","author":{"name":"fogbell"}}};"#, ["fogbell"]),
        (#"{"@type":"WebSite","author":"Inga Sund"}"#, []),
    ])
    func inLinkedData(json: String, expected: [String]) {
        #expect(authors("<title>Fog</title>" + linked(json)) == expected)
    }

    @Test("the site's own name is no author, and the next place is asked", arguments: [
        linked(#"{"@type":"Article","author":{"@type":"Organization","name":"Harbour Post"},"publisher":{"name":"Harbour Post"}}"#),
        "<meta property=og:site_name content='Harbour Post'><meta name=author content='HARBOUR POST'>",
        "<link rel=canonical href=https://www.harbourpost.example/a><meta name=author content=HarbourPost>",
    ])
    func site(head: String) {
        #expect(authors(head + "<h1>Fog</h1><p>Waves.</p>") == [])
        #expect(authors(head + "<h1>Fog</h1><p>By Dana Omarova</p>") == ["Dana Omarova"])
    }

    @Test("a person who publishes has the site's name and is an author")
    func person() {
        let page = ##"{"@type":"Article","author":{"@id":"#d"},"publisher":{"@id":"#d"}}"##
            + ##",{"@id":"#d","@type":["Person","Organization"],"name":"Dana Omarova"}"##
        #expect(authors("<h1>Fog</h1>" + linked("[\(page)]")) == ["Dana Omarova"])
    }

    @Test("elements and lines near the heading name authors", arguments: [
        ("<div itemprop=author><a>Photo</a><span itemprop=name>Dana Omarova</span></div>", ["Dana Omarova"]),
        ("<a rel=author href=/d>Dana Omarova</a>", ["Dana Omarova"]),
        ("<div class=byline>By <span class=byline-name>Dana Omarova</span> <b>5 March 2026</b></div>", ["Dana Omarova"]),
        ("<p class=author>Dana Omarova December 5, 2025</p>", ["Dana Omarova"]),
        ("<p><a href=/authors/dana-omarova>Dana Omarova</a> and <a href=/authors/timur-bekov>Timur Bekov</a></p>", ["Dana Omarova", "Timur Bekov"]),
        ("<p class=author>Von Inga Sund</p>", ["Inga Sund"]), ("<p class=author>Di Maio</p>", ["Di Maio"]),
        ("<p>By Dana Omarova | 5 March 2026</p>", ["Dana Omarova"]), ("<p>Von Inga Sund und Jan Holt</p>", ["Inga Sund", "Jan Holt"]),
        ("<p>记者：王小明</p>", ["王小明"]), ("<p>By the sea all is calm</p>", []), ("<p>Von Berlin nach Rom</p>", []),
        ("<div class=comments><a rel=author>Timur Bekov</a></div>", []), ("<p class=author-bio>Tells of ships and the sea</p>", []),
        ("<div class=related-posts><p>By Timur Bekov</p></div>", []), ("<span class=username>fogbell77</span>", ["fogbell77"]),
    ])
    func elements(html: String, expected: [String]) {
        #expect(authors("<body><main><h1>Fog over the bay</h1>\(html)<p>Waves.</p></main>") == expected)
    }

    @Test("libraries write the family name first")
    func inverted() {
        let head = "<meta name=citation_author content='Omarova, Dana'><meta name=citation_author content='Bekov, Timur'>"
        #expect(authors(head) == ["Dana Omarova", "Timur Bekov"])
    }

    @Test("many elements in one another are read in linear time")
    func deep() {
        let count = 60_000
        let html = "<h1>Fog</h1>" + String(repeating: "<span class=author><time class=date>", count: count) + "x"
        #expect(authors(html) == [])
    }
}
