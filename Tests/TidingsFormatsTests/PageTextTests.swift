import Testing
import TidingsCore

@testable import TidingsFormats

private let story = [
    "The harbour of Port Lune will close its old breakwater in spring, the town council decided on Monday evening.",
    "Engineers had found cracks in eleven of the forty blocks, and divers reported that the sea floor beside them has sunk.",
    "“We waited too long,” said the harbour master, Ines Calder, who has asked for the repair since the storm of 2019.",
    "The work takes two years and costs nine million, of which the region pays two thirds; fishing boats use the north basin.",
    "Residents fear for the summer market, which has stood on the breakwater every August for more than a century.",
]
private let paragraphs = story.map { "<p>\($0)</p>" }.joined()
private let menu = "<ul class='menu'><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li><li><a href='/sea'>The sea</a></li></ul>"
private let teasers =
    "<div class='related-posts'><h3>Related</h3>"
    + (1...4).map { "<div class='teaser'><a href='/\($0)'>Ferry number \($0) gets a new engine</a></div>" }.joined() + "</div>"
private let foot = "<footer><p>© 2026 Port Lune Post. All rights reserved.</p><ul><li><a href='/privacy'>Privacy policy</a></li></ul></footer>"

private func page(_ body: String) -> String {
    "<html lang='en'><head><title>Breakwater closes in spring - Port Lune Post</title></head><body>\(menu)\(body)\(foot)</body></html>"
}

private func lines(_ html: String) -> [String] {
    let document = readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints())
    return (document.items.first?.text ?? "").split(separator: "\n").map(String.init)
}

@Suite struct PageTexts {
    @Test("the article is found wherever a page puts it", arguments: [
        "<div class='has-sidebar with-comments'><h1>Breakwater closes in spring</h1>\(paragraphs)</div>\(teasers)",
        "<aside><h1>Breakwater closes in spring</h1>\(paragraphs)</aside>\(teasers)",
        "<article><h1>Breakwater closes in spring</h1>\(paragraphs)<article class='teaser'><a href='/1'>Ferry gets a new engine</a></article></article>",
        "<main><div><h1>Breakwater closes in spring</h1><div>\(paragraphs)</div></div>\(teasers)</main>",
        "<nav>\(menu)<main><h1>Breakwater closes in spring</h1>\(paragraphs)</main>",
        "<div id='root'><noscript><h1>Breakwater closes in spring</h1>\(paragraphs)</noscript></div>",
        "<form id='page'><div><h1>Breakwater closes in spring</h1>\(paragraphs)</div></form>\(teasers)",
    ])
    func places(body: String) { #expect(lines(page(body)) == story) }

    @Test("a text of hundreds of paragraphs is whole, and no more than that", arguments: [100, 170, 200, 300, 1_000])
    func long(count: Int) {
        let told = (0..<count).map { "Day \($0): " + story[$0 % story.count] }
        let body = "<article><h1>Breakwater closes in spring</h1>\(told.map { "<p>\($0)</p>" }.joined())</article>"
        #expect(lines(page("<main>\(body)</main>\(teasers)")) == told)
    }

    @Test("a body in several parts is whole")
    func parts() {
        let body = story.map { "<div class='part'><div class='text'><p>\($0)</p></div></div>" }.joined(separator: "<div class='ad'></div>")
        #expect(lines(page("<h1>Breakwater closes in spring</h1>\(body)\(teasers)")) == story)
    }

    @Test("paragraphs that only line breaks divide are lines of their own")
    func breaks() {
        let body = "<div class='entry'><h1>Breakwater closes in spring</h1>\(story.joined(separator: "<br><br>"))</div>"
        #expect(lines(page(body + teasers)) == story)
    }

    @Test("what a page calls an advertisement is none of its article, if it is a small part of the page", arguments: ["ad-slot", "InlineAd_x", "promo"])
    func advertisements(name: String) {
        let inline = "<div class='\(name)'><p>Save up to forty percent on nets, lamps and ropes, until Sunday, in all our shops.</p></div>"
        #expect(lines(page("<article><h1>Breakwater closes in spring</h1>\(paragraphs)\(inline)</article>")) == story)
        #expect(lines(page("<div class='\(name)'><h1>Breakwater closes in spring</h1>\(paragraphs)</div>")) == story)
    }

    @Test("a note of a correction is the article's", arguments: [
        "Correction: the work costs nine million, not eight.", "Korrektur: Die Arbeit kostet neun Millionen.", "訂正：費用は九百万ではなく八百万です。",
    ])
    func corrections(note: String) {
        let body = "<article><h1>Breakwater closes in spring</h1><div>\(paragraphs)<p class='correction'><em>\(note)</em></p></div></article>"
        #expect(lines(page(body + teasers)) == story + [note])
    }

    @Test("a line that only points to another article goes", arguments: [
        "Read also:", "Lesen Sie auch:", "Lire aussi :", "Leia também:", "Читайте также:", "Les også:", "Lue myös:",
    ])
    func pointers(label: String) {
        let pointer = "<p><strong>\(label)</strong> <a href='/ferry'>A new engine for the old ferry of the north basin</a></p>"
        #expect(lines(page("<article><h1>Breakwater closes in spring</h1>\(paragraphs)\(pointer)\(paragraphs.replacing("Monday", with: "Friday"))</article>"))
            .contains { $0.contains("engine") } == false)
    }

    @Test("a sentence that begins like a pointer stays")
    func noPointer() {
        let sentence = "Read more than one paper, <a href='/rule'>the council's rule of 1911</a> says, before you vote."
        #expect(lines(page("<article><h1>Breakwater closes in spring</h1>\(paragraphs)<p>\(sentence)</p>\(paragraphs)</article>"))
            .contains("Read more than one paper, the council's rule of 1911 says, before you vote."))
    }

    @Test("a caption that stands twice is no paragraph, but a refrain is")
    func repeats() {
        let caption = "The breakwater of Port Lune in the winter storm, seen from the lighthouse hill on the first day."
        let html = page("<article><h1>Breakwater closes in spring</h1><p>\(caption)</p>\(paragraphs)<div><p>\(caption)</p></div></article>")
        #expect(lines(html).count { $0 == caption } <= 1)
        let refrain = "And the sea came in, and the sea went out, and nobody in the town of Port Lune counted the days."
        let poem = page("<article><h1>Breakwater closes in spring</h1><div>" + story.map { "<p>\($0)</p><p>\(refrain)</p>" }.joined() + "</div></article>")
        #expect(lines(poem).count { $0 == refrain } == story.count)
    }

    @Test("code keeps its lines, and tables their rows")
    func blocks() {
        let html = page(
            "<article><h1>Breakwater closes in spring</h1>\(paragraphs)<pre>block 1: cracked\n  block 2: whole</pre>"
                + "<table><tr><th>Block</th><th>State</th></tr><tr><td>7</td><td>cracked</td></tr></table>\(paragraphs.replacing("Monday", with: "Friday"))</article>")
        let text = lines(html)
        #expect(text.contains("block 1: cracked"))
        #expect(text.contains("7 | cracked"))
    }
}

@Suite struct PageData {
    private func read(_ body: String, data: String) -> [String] {
        let json = #"{"@type":"NewsArticle","headline":"Breakwater closes in spring","articleBody":"\#(data)"}"#
        return lines(page("<script type='application/ld+json'>\(json)</script><article><h1>Breakwater closes in spring</h1>\(body)</article>"))
    }

    private let whole = (story + story.map { $0.replacing("the", with: "that") }).joined(separator: "\\n")

    @Test("a page that shows only the beginning of the text in its data has that text")
    func beginning() {
        let text = read("<p>\(story[0])</p><div class='paywall'><p>Subscribe to read on.</p></div>", data: whole)
        #expect(text.count == 10 && text.first == story[0] && text.contains(story[4]))
    }

    @Test("data that is cut off, or is about something else, is not the text", arguments: [
        story[0], String(repeating: "A ferry of the north basin has a new engine and leaves at noon on each day of the week. ", count: 20),
    ])
    func others(data: String) { #expect(read(paragraphs, data: data) == story) }
}

@Suite struct PageMemory {
    private func read(_ html: String, after memory: BlockMemory? = nil) -> ParsedDocument {
        readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints(blockMemory: memory))
    }

    private func page(doubtful: String) -> String {
        PageMemory.page("<article><h1>Breakwater closes in spring</h1>\(paragraphs)\(doubtful)</article>\(teasers)")
    }

    private static func page(_ body: String) -> String { TidingsFormatsTests.page(body) }

    @Test("reading a page again decides nothing anew")
    func same() {
        let html = page(doubtful: "<p class='note'>Send us your photos.</p>")
        let first = read(html)
        let second = read(html, after: first.blockMemory)
        #expect(second.items == first.items)
        #expect(second.blockMemory == first.blockMemory)
        #expect(first.blockMemory?.bytes.isEmpty == false)
    }

    @Test("what was decided stays unless the score is clearly against it")
    func inertia() throws {
        let nodes = HTMLNodes(Array(page(doubtful: "<p class='note'>Send us your photos.</p><div class='extra'>Our newsletter comes on Friday.</div>").utf8))
        let alone = try #require(PageText(nodes))
        // Every decision turned round: only those that the scores are clearly against turn back.
        let kept = Set(alone.kept)
        let turned = BlockMemory(alone.page, kept: alone.page.blocks.indices.filter { !kept.contains($0) })
        let after = try #require(PageText(nodes, memory: turned))
        for index in alone.page.blocks.indices {
            let distance = alone.scores[index] - alone.threshold
            if abs(distance) > 0.26 { #expect(after.kept.contains(index) == kept.contains(index)) }
            if abs(distance) < 0.24 { #expect(after.kept.contains(index) != kept.contains(index)) }
        }
    }

    @Test("a block is known again by its text and by how often it was there before, whatever stands around it")
    func keys() throws {
        let one = HTMLNodes(Array("<p>Alpha beta.</p><p>Same.</p><p>Same.</p>".utf8))
        let other = HTMLNodes(Array("<div>New</div><p>Same.</p><p>Alpha beta.</p><p>Same.</p><p>Same.</p>".utf8))
        let first = PageBlocks(one, PageBoxes(one, .none))
        let memory = BlockMemory(first, kept: [0, 2])
        #expect(memory.bytes.count == 12)
        let (yes, no) = (BlockMemory.inertia, -BlockMemory.inertia)
        #expect(memory.habits(PageBlocks(other, PageBoxes(other, .none))) == [0, no, yes, yes, 0])
        #expect(BlockMemory(bytes: memory.bytes) == memory)
    }

    @Test("a block with other numbers is known again, and a new one is judged by what all in its place were")
    func places() throws {
        let one = HTMLNodes(Array("<div class='a'><p>Alpha 5.</p><p>Beta.</p></div><div class='b'><p>Gamma 7.</p></div>".utf8))
        let other = HTMLNodes(
            Array("<div class='a'><p>Alpha 61.</p><p>New.</p></div><div class='b'><p>Gamma 8.</p><p>New too.</p></div><div class='c'><p>Last.</p></div>".utf8))
        let memory = BlockMemory(PageBlocks(one, PageBoxes(one, .none)), kept: [0, 1])
        let (known, placed) = (BlockMemory.inertia, BlockMemory.inertiaOfPlace)
        #expect(memory.habits(PageBlocks(other, PageBoxes(other, .none))) == [known, placed, -known, -placed, 0])
    }

    @Test("an article gets no teasers, however many there are at another look; a page that is mostly teasers has them")
    func manyTeasers() throws {
        func html(cards: Range<Int>) -> String {
            let box = cards.map { "<div class='x\($0)'><h3><a href='/\($0)'>Ferry number \($0) is late</a></h3>"
                + "<p>The yard of the north basin has had ship number \($0) since March, and nobody says why it is there.</p></div>" }.joined()
            return "<html><head><title>Breakwater closes in spring</title></head><body><div><h1>Breakwater closes in spring</h1>\(paragraphs)</div><div>\(box)</div></body></html>"
        }
        for first in [0..<0, 0..<2] {
            let few = read(html(cards: first))
            #expect(few.items.first?.text == story.joined(separator: "\n"))
            #expect(read(html(cards: 0..<14), after: few.blockMemory).items.first?.text == story.joined(separator: "\n"))
        }
        let many = read(html(cards: 0..<14))
        #expect(many.blockMemory?.keepsTeasers == true)
        #expect(many.items.first?.text.contains("ship number") == true)
        #expect(read(html(cards: 0..<14), after: many.blockMemory).items == many.items)
    }

    @Test("bytes that are no memory decide nothing", arguments: [[], [1], [1, 2, 3, 4, 5], [UInt8](repeating: 0xFF, count: 4001)] as [[UInt8]])
    func damaged(bytes: [UInt8]) {
        let html = page(doubtful: "")
        #expect(read(html, after: BlockMemory(bytes: bytes)).items == read(html).items)
    }
}

@Suite struct PageKinds {
    @Test("a page is told as what it is")
    func kinds() {
        let listing = (1...30).map { "<article class='teaser'><h2><a href='/\($0)'>Ferry number \($0) gets a new engine this year</a></h2>"
            + "<time>3 May 2026</time><p>The yard of the north basin has the ship since March.</p></article>" }.joined()
        let article = readHTML(Array(page("<article><h1>Breakwater closes in spring</h1>\(paragraphs)</article>").utf8), charset: "utf-8", hints: DocumentHints())
        #expect(article.contentKind?.kind == .article)
        let front = readHTML(Array(page("<main>\(listing)</main>").utf8), charset: "utf-8", hints: DocumentHints())
        #expect(front.contentKind?.kind == .listing)
        #expect((0...1).contains(front.contentKind?.score ?? -1))
    }
}
