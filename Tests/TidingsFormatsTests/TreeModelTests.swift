import Testing

@testable import TidingsFormats

@Suite struct TreeModels {
    /// `2 <= 5 ? (1 <= 0.5 ? -1 : 1) : 2`, then a tree that is one leaf.
    private let model = TreeModel(
        """
        words;links
        0<5:0.4 1<0.5:-0.2 =-1 =1 =2
        =0.5
        """, ["links", "words"])

    @Test("a row goes down each tree, and the leaves are added", arguments: [
        ([0.1, 3], -0.5), ([0.5, 5], -0.5), ([0.6, 5], 1.5), ([0, 6], 2.5),
    ] as [([Float], Float)])
    func scores(row: [Float], sum: Float) {
        #expect(model.score(row) == 0.5 + 0.5 * sum / (sum * sum + 3).squareRoot())
    }

    @Test("what the features add explains the difference from the mean")
    func contributions() {
        let added = model.contributions([0.6, 5])
        #expect(added.count == 2)
        // To the second question, by the words, and to its leaf, by the links.
        #expect(abs((added[1] ?? 0) - -0.6) < 1e-6)
        #expect(abs((added[0] ?? 0) - 1.2) < 1e-6)
    }

    @Test("the models that are built in ask about features that exist, and know no name twice")
    func builtIn() {
        #expect(Set(BlockFeatures.names).count == BlockFeatures.names.count)
        #expect(Set(PageText.contentFeatureNames).count == PageText.contentFeatureNames.count)
        // A name that does not exist ends the program here.
        for model in [TreeModel.blocks, .article, .documentation, .forum, .listing] { #expect(model.features.count > 20) }
    }

    @Test("each block has all features, and each is a number")
    func rows() {
        let nodes = HTMLNodes(Array("<title>A</title><main><h1>A</h1><p>One, two.</p><pre>a\nb</pre><table><tr><td>1<td>2</table></main>".utf8))
        let page = PageBlocks(nodes, PageBoxes(nodes, .all))
        #expect(page.blocks.map { String(decoding: page.text[$0.text], as: UTF8.self) } == ["A", "One, two.", "a\nb", "1 | 2"])
        var features = BlockFeatures(page, evidence: ArticleEvidence(page, fields: PageFields(nodes)))
        for index in page.blocks.indices {
            let row = features.values(index)
            #expect(row.count == BlockFeatures.names.count)
            let isFinite = row.allSatisfy { $0.isFinite }
            #expect(isFinite)
        }
    }
}
