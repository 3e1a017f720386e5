import TidingsCore

// The lines that a host's pages have around their articles. They are counted in the first text of each page, and learned in sets.

extension LedgerTransaction {
    /// Lines of a host that are counted and not learned.
    private static let candidateLimit: Int64 = 5_000

    /// Those that the page's newest text was made without.
    func learnedLines(of page: StoredPage) throws(StoreError) -> LearnedLines {
        try lines(ofSet: page.learned.set, on: page.learned.host)
    }

    /// Those that a text is made without now.
    func todaysLines(of page: StoredPage) throws(StoreError) -> LearnedLines {
        try lines(ofSet: try learnedSet(of: page.host).newest, on: page.host)
    }

    /// The page's text was made under today's set.
    func noteSet(of page: StoredPage) throws(StoreError) {
        let newest = try learnedSet(of: page.host).newest
        guard page.learned != (newest, page.host) else { return }
        try statements.pages.madeUnder.run(.integer(newest), .text(page.host), .integer(page.row))
    }

    /// Whether the look shows a text that the article gets a version for. Only such a text is made under today's set: one that is no news
    /// would be news without the lines that were learned since.
    func isNewText(
        _ seen: SeenItem, _ shown: Item?, of page: StoredPage, _ source: SourceRow
    ) throws(StoreError) -> Bool {
        if let row = try sighting(of: page, source), row.known.article.newestHash == seen.form.hash { return false }
        guard let shown else { return true }
        let form = CanonicalForm(title: shown.title, text: shown.text)
        return form.hash != seen.form.hash && !differInCountersOnly(form, seen.form)
    }

    /// Counts the lines of a page's first text.
    func countLines(of item: Item, on host: String) throws(StoreError) {
        let lines = item.learnableLines
        var shared: Set<Int64> = []
        for line in lines {
            let isCandidate = try statements.pages.candidate.first(.text(host), .integer(line.key)) { $0.integer(0) != 0 }
            if isCandidate == true { shared.insert(line.key) }
        }
        if item.isCopy(sharing: shared) { return }
        try statements.pages.countPage.run(.text(host))
        let set = try learnedSet(of: host)
        var hasLearned = false
        for line in lines {
            let articles = try statements.pages.countLine.first(.text(host), .integer(line.key), .text(line.text)) { $0.integer(0) }
            guard let articles, isLearned(articles: Int(articles), of: Int(set.pages)) else { continue }
            try statements.pages.learn.run(.integer(set.newest + 1), .text(host), .integer(line.key))
            hasLearned = true
        }
        if hasLearned { try statements.pages.putSet.run(.integer(set.newest + 1), .text(host)) }
        try statements.pages.trimLines.run(.text(host), .integer(Self.candidateLimit))
    }

    private func learnedSet(of host: String) throws(StoreError) -> (newest: Int64, pages: Int64) {
        try statements.pages.newestSet.first(.text(host)) { (newest: $0.integer(0), pages: $0.integer(1)) } ?? (0, 0)
    }

    private func lines(ofSet set: Int64, on host: String) throws(StoreError) -> LearnedLines {
        guard set > 0 else { return LearnedLines([]) }
        var keys: Set<Int64> = []
        try statements.pages.learnedLines.each(.text(host), .integer(set)) { row in
            keys.insert(row.integer(0))
            return true
        }
        return LearnedLines(keys)
    }
}
