import TidingsCore

@testable import TidingsStore

// What a look finds, once for the model and once for the ledger.

extension Finding {
    /// A file as a reader of it reports it; nil where there is none.
    static func file(_ path: String, of folder: Int, in world: World, missing: Set<String>) -> Finding? {
        var finding = Finding(source: World.folders[folder], locator: path, entries: [], missing: missing)
        switch world.files[folder][path] {
        case nil: return nil
        case .article(let item): finding.entries = [Entry(key: path, item: item)]
        case .list(let items):
            finding.entries = items.map { Entry(key: "\(path)#\($0.id ?? "")", item: $0) }
            finding.isPartial = items.isEmpty
        }
        return finding
    }

    static func feed(_ feed: Int, in world: World, isPartial: Bool) -> Finding {
        let listed = world.feeds[feed].listed
        let items = isPartial ? Array(listed.prefix((listed.count + 1) / 2)) : listed
        return Finding(
            source: World.feeds[feed], locator: World.feeds[feed],
            entries: items.map { Entry(key: $0.id ?? "", item: $0) }, isPartial: isPartial || items.isEmpty,
            tombstones: isPartial ? [] : world.feeds[feed].tombstones)
    }

    /// Of the document's bytes.
    var rawHash: ContentHash {
        let items = entries.map { "\($0.key)|\($0.item.text)|\($0.item.author ?? "")|\($0.item.url ?? "")" }
        return ContentHash.of(Array((items + tombstones + [isPartial ? "part" : "whole"]).joined(separator: "\n").utf8))
    }

    /// - Parameter shown: what the ledger has said that the feed shows: of such items nothing is derived.
    func report(to source: SourceRow, knowing shown: [SightingKey: ShownItem] = [:]) -> Report {
        let isFeed = source.kind == .feed
        let entries = entries.map { entry -> SeenDocument.Entry in
            let rule: KeyRule = isFeed ? .id : entry.item.id == nil ? .path : .id
            let key = SightingKey(entry.key, rule)
            let item = entry.item.item
            return shown[key] == ShownItem(rawHash: item.rawHash, metadata: item.metadata)
                ? .known(UnchangedItem(key: key, item: item)) : .seen(SeenItem(key: key, item: item))
        }
        return Report(
            source: source.id,
            finding: .capture(
                CaptureFacts(
                    locator: isFeed ? source.locator : locator, rawHash: rawHash, format: isFeed ? "rss" : "text",
                    status: isFeed ? 200 : nil),
                .document(
                    SeenDocument(
                        entries: entries, isWindow: isFeed, isPartial: isPartial,
                        leftOutKeys: isPartial && !entries.isEmpty ? nil : [], tombstones: tombstones))),
            missing: missing, look: isFeed ? SourceLook(state: .ok) : nil)
    }
}

extension Written {
    fileprivate var item: Item {
        Item(
            id: id, url: url, datePublished: date.map { ItemDate(milliseconds: $0) },
            authors: author.map { [Author(name: $0)] } ?? [], text: text,
            rawHash: Item.rawHash(title: nil, body: Array(text.utf8)))
    }
}
