import CMarkup
import TidingsCore

/// What a page is, as far as its form shows.
package enum PageContentKind: String, Sendable, CaseIterable {
    case article, documentation, forum
    /// A front page, a section, an archive, the results of a search: it points to articles.
    case listing
}

/// A guess at what a page is. `score` says how sure it is, 0…1.
package struct PageContentGuess: Equatable, Sendable {
    package var kind: PageContentKind
    package var score: Float
}

extension PageText {
    /// What the page is: the kind whose model is the surest.
    var contentKind: PageContentGuess {
        let values = contentFeatures(keepsNames: false).values
        var best = PageContentGuess(kind: .article, score: 0)
        for kind in PageContentKind.allCases {
            let score = kind.model.score(values)
            if score > best.score { best = PageContentGuess(kind: kind, score: score) }
        }
        return best
    }

    static let contentFeatureNames: [String] = {
        let nodes = HTMLNodes(Array("<p>x".utf8))
        return PageText(nodes)?.contentFeatures(keepsNames: true).names ?? []
    }()

    /// What the page is like as a whole.
    func contentFeatures(keepsNames: Bool) -> FeatureRow {
        var row = FeatureRow(keepsNames: keepsNames)
        let nodes = page.nodes
        let all = page.all
        var article = PageBlocks.Amount()
        var code = 0
        var cells = 0
        var items = 0
        var linkedHeadings = 0
        var headings = 0
        var says = [Int](repeating: 0, count: BlockWords.texts.names.count)
        var questions = 0
        for index in kept {
            article = article + page.amount(in: index..<index + 1)
            switch nodes.tag(page.blocks[index].holder) {
            case TIDINGS_HTML_PRE: code += page.blocks[index].measures.words
            case TIDINGS_HTML_TD, TIDINGS_HTML_TH, TIDINGS_HTML_TR: cells += 1
            case TIDINGS_HTML_LI: items += 1
            default: break
            }
        }
        for block in page.blocks {
            if nodes.headingLevel(block.holder) > 0 {
                headings += 1
                if block.linkShare > 0.8 { linkedHeadings += 1 }
            }
            if block.measures.ending == .question { questions += 1 }
            guard block.measures.words <= 12 else { continue }
            let mask = BlockWords.said(in: page.text[block.text])
            for group in says.indices where mask >> UInt32(group) & 1 == 1 { says[group] += 1 }
        }
        let words = Float(max(1, all.words))
        let blocks = Float(max(1, all.blocks))
        let keptWords = Float(max(1, article.words))
        row.put("kept words", article.words)
        row.put("kept blocks", article.blocks)
        row.put("share kept", Float(article.words) / words)
        row.put("kept: words a block", keptWords / Float(max(1, article.blocks)))
        row.put("kept: links", article.linkShare)
        row.put("kept: dates", Float(article.dates) / Float(max(1, article.blocks)))
        row.put("kept: share that is prose", Float(article.proseWords) / keptWords)
        row.put("kept: code", Float(code) / keptWords)
        row.put("kept: cells", Float(cells) / Float(max(1, article.blocks)))
        row.put("kept: items", Float(items) / Float(max(1, article.blocks)))
        row.put("kept: spread", kept.isEmpty ? 0 : Float(kept[kept.count - 1] - kept[0] + 1) / Float(kept.count))
        row.put("threshold", threshold)
        row.put("words", all.words)
        row.put("blocks", all.blocks)
        row.put("links", all.linkShare)
        row.put("share of blocks that are links", Float(all.links) / blocks)
        row.put("prose blocks", all.proseBlocks)
        row.put("dates", Float(all.dates) / blocks)
        row.put("headings", Float(headings) / blocks)
        row.put("headings that are links", Float(linkedHeadings) / Float(max(1, headings)))
        row.put("questions", questions)
        for (group, name) in BlockWords.texts.names.enumerated() { row.put("says \(name)", Float(says[group]) / blocks) }
        evidence.putPage(into: &row)
        return row
    }
}

extension PageContentKind {
    fileprivate var model: TreeModel {
        switch self {
        case .article: .article
        case .documentation: .documentation
        case .forum: .forum
        case .listing: .listing
        }
    }
}
