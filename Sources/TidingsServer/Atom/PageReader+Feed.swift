import TidingsCore
import TidingsStore

// What the Atom feed shows.
extension PageReader {
    func feedChanges(_ filter: ChangeFeed.Filter) throws -> [ShownChange] {
        let sources = try ledger.sources()
        var rows = try rows(types: filter.types, sources: filter.sources, classes: filter.classes, of: sources)
        rows.article = filter.article
        return try changes(rows, filter.classes, before: nil, limit: ChangeFeed.limit, sources).changes
    }

    func feedEntry(_ change: ShownChange) throws -> ChangeFeed.Entry {
        ChangeFeed.Entry(change: change, content: try entryContent(change))
    }

    private func entryContent(_ change: ShownChange) throws -> EntryContent? {
        guard let article = change.article, let number = change.version else { return nil }
        switch change.type {
        case .articleCreated, .articleRestored:
            return try ledger.version(of: article, number: number).map { .text($0.form.text) }
        case .articleUpdated:
            // Retention may have taken either of them.
            guard let previous = change.previousVersion, let old = try ledger.version(of: article, number: previous),
                let new = try ledger.version(of: article, number: number)
            else { return nil }
            if old.form.bytes.count + new.form.bytes.count > EntryContent.comparedBytes { return .text(new.form.text) }
            return .difference(VersionDifference(old: old, new: new))
        default: return nil
        }
    }
}
