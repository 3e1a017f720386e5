import CMarkup
import TidingsCore

/// What a page says of its article outside the text – titles, description, JSON-LD – and how each block agrees with it.
struct ArticleEvidence {
    private let page: PageBlocks
    private var titleWords = WordSet()
    private var descriptionPairs = WordSet()
    private var saysArticle = false
    private var hasArticleData = false
    private var hasTypes = [Bool](repeating: false, count: schemaTypes.count)
    /// How many parts the path of the page's address has; -1 if the page does not state it.
    private var addressDepth = -1
    private var addressDigits = 0
    /// The block that is most like a title, if one is.
    private(set) var titleBlock: Int?
    private var articles = 0
    private var paragraphs = 0

    /// - Parameter fields: what the head of the page says.
    init(_ page: PageBlocks, fields: PageFields) {
        self.page = page
        let nodes = page.nodes
        for node in nodes.all {
            switch nodes.tag(node) {
            case TIDINGS_HTML_ARTICLE: articles += 1
            case TIDINGS_HTML_P: paragraphs += 1
            case TIDINGS_HTML_TITLE where titleWords.count == 0: titleWords.formUnion(TextWords(bytes: Array(nodes.plainText(of: node).utf8)[...]))
            case TIDINGS_HTML_SCRIPT: note(script: node)
            default: break
            }
        }
        func values(_ names: String...) -> [ArraySlice<UInt8>] { names.flatMap { fields.all([$0]) }.map { Array($0.utf8)[...] } }
        for title in values("og:title", "twitter:title") { titleWords.formUnion(TextWords(bytes: title)) }
        for text in values("og:description", "description", "twitter:description") { descriptionPairs.formUnion(WordPairs.pairs(text)) }
        saysArticle = fields.first(["og:type"]) == "article"
        if let address = fields.canonical ?? fields.first(["og:url"]) { note(address: Array(address.utf8)[...]) }
        titleBlock = Self.titleBlock(page, titleWords)
    }

    private mutating func note(address: ArraySlice<UInt8>) {
        let path = address.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let parts = path.split(separator: UInt8(ascii: "/")).dropFirst(2)
        addressDepth = parts.count
        addressDigits = parts.reduce(0) { $0 + $1.count(where: \.isASCIIDigit) }
    }

    private mutating func note(script node: Int) {
        let nodes = page.nodes
        guard nodes.attribute("type", of: node)?.lowercased().hasPrefix("application/ld+json") == true else { return }
        let json = nodes.rawText(of: node)
        if contains(json, "\"headline\"") { hasArticleData = true }
        for (index, isThere) in Self.types(json).enumerated() where isThere { hasTypes[index] = true }
    }

    /// From here on two texts are one title; an equal one has 1.
    private static let likeTitle: Float = 0.5

    private static func titleBlock(_ page: PageBlocks, _ title: WordSet) -> Int? {
        guard title.count > 0 else { return nil }
        var best: (score: Float, index: Int)?
        for (index, block) in page.blocks.enumerated() where block.measures.words <= 40 {
            // Few enough to look through.
            var words: [UInt64] = []
            for word in TextWords(bytes: page.text[block.text]) where !words.contains(word) { words.append(word) }
            let common = Float(words.count { title.contains($0) })
            var score = common * common / Float(max(1, words.count)) / Float(title.count)
            let level = page.nodes.headingLevel(block.holder)
            if level == 1 { score *= 1.5 } else if level > 1 { score *= 1.2 }
            if score > best?.score ?? Self.likeTitle { best = (score, index) }
        }
        return best?.index
    }

    private static func types(_ json: [UInt8]) -> [Bool] {
        schemaTypes.map { type in contains(json, type) }
    }

    private static let schemaTypes: [StaticString] = [
        "Article\"", "BlogPosting\"", "TechArticle\"", "DiscussionForumPosting\"", "QAPage\"", "CollectionPage\"", "ItemList\"", "Product\"",
        "FAQPage\"",
    ]

    /// What the page says of itself as a whole.
    func putPage(into row: inout FeatureRow) {
        row.put("title: words", titleWords.count)
        row.put("title block", titleBlock.map { Float($0) / Float(max(1, page.blocks.count)) } ?? -1)
        row.put("article elements", articles)
        row.put("p elements", paragraphs)
        row.put("says article", saysArticle)
        row.put("has article data", hasArticleData)
        row.put("depth of its address", addressDepth)
        row.put("address: digits", addressDigits)
        for (type, isThere) in zip(Self.schemaTypes, hasTypes) { row.put("type \(type)", isThere) }
    }

    func put(_ index: Int, into row: inout FeatureRow) {
        let block = page.blocks[index]
        var words = 0
        var titled = 0
        var described = 0
        var previous: UInt64 = 0
        for word in TextWords(bytes: page.text[block.text]) {
            words += 1
            if titleWords.contains(word) { titled += 1 }
            if previous != 0, descriptionPairs.contains(WordGroups.joined(previous, word)) { described += 1 }
            previous = word
        }
        row.put("words of the title", titleWords.count == 0 ? -1 : Float(titled) / Float(max(1, words)))
        row.put("in the description", descriptionPairs.count == 0 ? -1 : Float(described) / Float(max(1, words - 1)))
        row.put("blocks below the title", titleBlock.map { max(-50, min(200, index - $0)) } ?? 300)
        let all = page.all
        row.put("page: words", all.words)
        row.put("page: blocks", all.blocks)
        row.put("page: paragraphs", all.proseBlocks)
        row.put("page: share that is prose", Float(all.proseWords) / Float(max(1, all.words)))
        row.put("page: links", all.linkShare)
        row.put("page: article elements", articles)
        row.put("page: p elements", paragraphs)
        row.put("page: says article", saysArticle)
        row.put("page: has article data", hasArticleData)
    }
}
