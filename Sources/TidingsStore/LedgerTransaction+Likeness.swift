import TidingsCore

// Likeness of texts, where neither key nor content decides: files that were renamed and edited between two looks, and lines that
// all articles of a source have.

extension LedgerTransaction {
    /// Missing files whose texts are compared with that of a new file.
    private static let comparedFiles = 64
    /// Other articles of the source that are searched for lines that they share with a new file.
    private static let comparedArticles: Int64 = 200

    /// Other articles of the source that are searched for a line of counters.
    private static let articlesWithLine: Int64 = 30

    /// The sighting at the old place of a file that the kernel says was renamed.
    func findRenamed(_ seen: SeenItem, in context: ReportContext) throws(StoreError) -> SightingRow? {
        guard let old = context.renamedFrom, seen.key.value.hasPrefix(context.locator) else { return nil }
        // Behind the path stands what tells the items of one file apart.
        return try missingSighting(old + seen.key.value.dropFirst(context.locator.count), in: context)
    }

    /// The sighting of a missing file whose text is nearly the new file's; nil if there is none, or more than one.
    func findEdited(_ seen: SeenItem, in context: ReportContext) throws(StoreError) -> SightingRow? {
        guard context.source.kind == .folder, seen.key.rule == .path, !context.missing.isEmpty else { return nil }
        let name = lastComponent(seen.key.value)
        // A file that was only moved has its old name. Of very many missing files only such ones are compared.
        let isMany = context.missing.count > Self.comparedFiles
        let places = context.missing.filter { isMany ? lastComponent($0) == name : !isSeries(lastComponent($0), name) }
        var found: SightingRow?
        for place in places.sorted().prefix(Self.comparedFiles) {
            guard let row = try missingSighting(place, in: context), row.known.leads,
                let form = try form(row.known.shownHash), isNearlySame(form, seen.form),
                isNearlySame(form, seen.form, besides: try linesOfOthers(than: row, in: context.source))
            else { continue }
            if found != nil { return nil }
            found = row
        }
        return found
    }

    private func missingSighting(_ key: String, in context: ReportContext) throws(StoreError) -> SightingRow? {
        guard var row = try statements.sighting.first(.integer(context.source.id.row), .text(key), read: readSighting),
            !row.known.isGone, context.isAbsent(row)
        else { return nil }
        try complete(&row)
        return row
    }

    /// Whether each of the masked lines is in at least two other live articles of the source.
    func areCommon(_ masked: Set<[UInt8]>, besides article: Int64, in source: SourceRow) throws(StoreError) -> Bool {
        var open = Dictionary(uniqueKeysWithValues: masked.map { ($0, 2) })
        try statements.otherForms.each(
            .integer(source.id.row), .integer(article), .integer(Self.articlesWithLine)
        ) { row in
            let lines = row.form(0).maskedLines
            for line in masked.intersection(lines) { open[line, default: 0] -= 1 }
            return open.contains { $0.value > 0 }
        }
        return open.allSatisfy { $0.value <= 0 }
    }

    /// The lines of the source's other articles: what a text shares with them is a template's.
    private func linesOfOthers(than row: SightingRow, in source: SourceRow) throws(StoreError) -> Set<Substring> {
        var lines: Set<Substring> = []
        try statements.otherForms.each(
            .integer(source.id.row), .integer(row.article), .integer(Self.comparedArticles)
        ) { row in
            lines.formUnion(row.form(0).lines)
            return true
        }
        return lines
    }
}
