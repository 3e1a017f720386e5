import CMarkup

extension PageBlocks {
    /// The kept blocks without those in an element that the page itself calls an advertisement or a promotion, and that is a small
    /// part of the page. Such elements stand between the paragraphs of an article, hold whole sentences, and are others at each
    /// look. A page that has many of them calls its teasers so.
    func withoutAdvertisements(_ kept: [Int]) -> [Int] {
        let rest = kept.filter { !isAdvertisement($0) }
        return isMost(rest, of: kept) ? rest : kept
    }

    /// Whether some blocks are more than two thirds of others, by their words.
    func isMost(_ some: [Int], of all: [Int]) -> Bool { words(of: some) * 3 > words(of: all) * 2 }

    private func words(of list: [Int]) -> Int { list.reduce(0) { $0 + blocks[$1].measures.words } }

    private func isAdvertisement(_ index: Int) -> Bool {
        var element = blocks[index].holder
        for _ in 0..<Self.advertisementLevels {
            let parent = nodes.parent(element)
            guard parent != element, isSmall(element) else { return false }
            if isCalledAdvertisement(element) { return true }
            element = parent
        }
        return false
    }

    private static let advertisementLevels = 6

    private func isSmall(_ element: Int) -> Bool {
        switch nodes.tag(element) {
        case TIDINGS_HTML_BODY, TIDINGS_HTML_HTML, TIDINGS_HTML_MAIN, TIDINGS_HTML_ARTICLE: return false
        default: break
        }
        let held = amount(in: range(of: element))
        return held.words <= Self.advertisementWords && held.proseWords * 5 <= all.proseWords
    }

    private static let advertisementWords = 120

    private func isCalledAdvertisement(_ element: Int) -> Bool {
        for attribute in ["class", "id"] as [StaticString] {
            guard let value = nodes.attributeBytes(attribute, of: element) else { continue }
            var isState = false
            for (word, beginsName) in NameHashes(value) {
                // `no-ads` and `with-promo` say something of what is around.
                if beginsName { isState = BlockWords.states.contains(word) }
                if !isState, BlockWords.advertisements.contains(word) { return true }
            }
        }
        return false
    }
}
