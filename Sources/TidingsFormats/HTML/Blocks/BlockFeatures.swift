import CMarkup
import TidingsCore

/// Makes the features of each block of a page. Every one says something that holds on pages of any site; none depends on
/// what another block was decided to be.
struct BlockFeatures {
    let page: PageBlocks
    let evidence: ArticleEvidence
    private var names: ElementNames
    private let surroundings: Surroundings
    private let paths: BlockPaths

    init(_ page: PageBlocks, evidence: ArticleEvidence) {
        self.page = page
        self.evidence = evidence
        names = ElementNames(page.nodes)
        surroundings = Surroundings(page, title: evidence.titleBlock)
        paths = BlockPaths(page)
    }

    /// The names of the features, in order.
    static let names: [String] = {
        let nodes = HTMLNodes(Array("<p>x".utf8))
        let page = PageBlocks(nodes, PageBoxes(nodes, .none))
        var features = BlockFeatures(page, evidence: ArticleEvidence(page, fields: PageFields(nodes)))
        return features.row(0, keepsNames: true).names
    }()

    private static let capacity = names.count

    mutating func values(_ index: Int) -> [Float] { row(index, keepsNames: false).values }

    private mutating func row(_ index: Int, keepsNames: Bool) -> FeatureRow {
        var row = FeatureRow(keepsNames: keepsNames, capacity: keepsNames ? 0 : Self.capacity)
        let block = page.blocks[index]
        putText(block, into: &row)
        putElements(block, into: &row)
        paths.put(index, into: &row)
        surroundings.put(index, into: &row)
        evidence.put(index, into: &row)
        return row
    }

    // MARK: The block alone

    private func putText(_ block: PageBlock, into row: inout FeatureRow) {
        let measures = block.measures
        let letters = Float(max(1, measures.letters))
        let characters = Float(max(1, measures.characters))
        row.put("words", measures.words)
        row.put("letters a word", letters / Float(max(1, measures.words)))
        row.put("sentences", measures.sentences)
        row.put("words a sentence", Float(measures.words) / Float(max(1, measures.sentences)))
        row.put("commas", measures.commas)
        row.put("digits", Float(measures.digits) / characters)
        row.put("capitals", Float(measures.capitals) / letters)
        row.put("separators", measures.separators)
        row.put("quotes", measures.quotes)
        row.put("year", measures.hasYear)
        row.put("clock", measures.hasClock)
        row.put("address", measures.hasAddress)
        row.put("rights mark", measures.hasRightsMark)
        row.put("starts in lowercase", measures.startsInLowercase)
        row.put("starts with digit", measures.startsWithDigit)
        row.put("ends sentence", measures.ending == .stop)
        row.put("ends with question mark", measures.ending == .question)
        row.put("ends with ellipsis", measures.ending == .ellipsis)
        row.put("ends with colon", measures.ending == .colon)
        row.put("ends open", measures.ending == .open)
        row.put("links", block.linkShare)
    }

    // MARK: The elements around it

    private mutating func putElements(_ block: PageBlock, into row: inout FeatureRow) {
        let nodes = page.nodes
        let tag = nodes.tag(block.holder)
        row.put("heading level", nodes.headingLevel(block.holder))
        row.put("p", tag == TIDINGS_HTML_P)
        row.put("li", tag == TIDINGS_HTML_LI)
        row.put("cell", tag == TIDINGS_HTML_TD || tag == TIDINGS_HTML_TH || tag == TIDINGS_HTML_TR)
        row.put("pre", tag == TIDINGS_HTML_PRE)
        row.put("div", tag == TIDINGS_HTML_DIV)
        row.put("figcaption", tag == TIDINGS_HTML_FIGCAPTION)
        row.put("definition", tag == TIDINGS_HTML_DD || tag == TIDINGS_HTML_DT)

        // The inline elements within it, up to the block.
        var near: UInt32 = 0
        var isStrong = false
        var isEmphasis = false
        var isLink = false
        var isTime = false
        var element = nodes.parent(block.first)
        while element > block.holder {
            near |= names.mask(element)
            switch nodes.tag(element) {
            case TIDINGS_HTML_B, TIDINGS_HTML_STRONG: isStrong = true
            case TIDINGS_HTML_I, TIDINGS_HTML_EM: isEmphasis = true
            case TIDINGS_HTML_A: isLink = true
            case TIDINGS_HTML_TIME: isTime = true
            default: break
            }
            element = nodes.parent(element)
        }
        near |= names.mask(block.holder)
        row.put("begins strong", isStrong)
        row.put("begins emphasised", isEmphasis)
        row.put("begins with link", isLink)
        row.put("begins with time", isTime)

        var middle: UInt32 = 0
        var far: UInt32 = 0
        var around = Around()
        element = block.holder
        var level = 0
        while nodes.parent(element) != element {
            element = nodes.parent(element)
            level += 1
            let tag = nodes.tag(element)
            if tag == TIDINGS_HTML_BODY || tag == TIDINGS_HTML_HTML { break }
            if level <= 2 { middle |= names.mask(element) } else { far |= names.mask(element) }
            around.note(tag)
        }
        around.note(tag)
        row.put("depth", level)
        row.put("in articles", around.articles)
        row.put("in main", around.main)
        row.put("in aside", around.aside)
        row.put("in footer", around.footer)
        row.put("in header", around.header)
        row.put("in figure", around.figure)
        row.put("in tables", around.tables)
        row.put("in lists", around.lists)
        row.put("in quote", around.quote)
        row.put("in form", around.form)
        row.put("in sections", around.sections)
        row.put("in details", around.details)
        row.put("near name", BlockWords.names, near)
        row.put("middle name", BlockWords.names, middle)
        row.put("far name", BlockWords.names, far)
    }

    private struct Around {
        var articles = 0
        var tables = 0
        var lists = 0
        var sections = 0
        var main = false
        var aside = false
        var footer = false
        var header = false
        var figure = false
        var quote = false
        var form = false
        var details = false

        mutating func note(_ tag: HTMLNodes.Tag) {
            switch tag {
            case TIDINGS_HTML_ARTICLE: articles += 1
            case TIDINGS_HTML_TABLE: tables += 1
            case TIDINGS_HTML_UL, TIDINGS_HTML_OL, TIDINGS_HTML_DL, TIDINGS_HTML_MENU: lists += 1
            case TIDINGS_HTML_SECTION: sections += 1
            case TIDINGS_HTML_MAIN: main = true
            case TIDINGS_HTML_ASIDE: aside = true
            case TIDINGS_HTML_FOOTER: footer = true
            case TIDINGS_HTML_HEADER: header = true
            case TIDINGS_HTML_FIGURE: figure = true
            case TIDINGS_HTML_BLOCKQUOTE: quote = true
            case TIDINGS_HTML_FORM: form = true
            case TIDINGS_HTML_DETAILS: details = true
            default: break
            }
        }
    }
}
