import TidingsCore
import TidingsFormats
import TidingsStore

/// Reads captures: bytes → items → canonical forms and content hashes. Pure: the same capture gives the same document.
package struct DocumentReader: Sendable {
    /// An item with more text than this is reported and left out; the rest of its document goes on.
    package var itemLimitBytes = 4 << 20
    /// Of a document with more items, only the newest are kept.
    package var itemLimit = 10_000

    package init() {}

    /// Parses `capture`.
    /// - Parameters:
    ///   - shown: the items of the feed's last document. An item that is the same gets no text.
    ///   - memory: what was decided about the blocks of the page when it was last read.
    /// - Returns: the parsed document, and the form of it that goes to the ledger.
    /// - Throws: why no item could be read.
    package func read(
        _ capture: Capture, shown: [SightingKey: ShownItem] = [:], memory: BlockMemory? = nil
    ) throws(UnreadableDocument) -> (document: ParsedDocument, seen: SeenDocument) {
        var hints = capture.hints
        hints.knownRawHashes = Set(shown.values.map(\.rawHash))
        hints.blockMemory = memory
        var document = try readDocument(capture.bytes, hints: hints)
        if capture.kind == .feed { dropRepeats(from: &document) }
        // What a page calls its own address may change with every look.
        if capture.kind == .page { for index in document.items.indices { document.items[index].url = capture.locator } }
        // A 226 response is a delta, which was not requested. Items that it lacks are unchanged, not absent (RFC 3229 §10.4).
        if capture.response?.status == 226 {
            document.problems.append(Problem("answered with a part (226) that was not asked for"))
            document.isPartial = true
        }
        // Of all items: a key must not depend on which of them the limits leave out.
        var keys = keys(of: document, capture)
        let isCut = document.isPartial || document.isUnsortedSitemap
        let leftOut = applyLimits(to: &document, &keys)
        precondition(keys.count == document.items.count, "an item without a key")
        var entries: [SeenDocument.Entry] = []
        for (key, item) in zip(keys, document.items) {
            if item.isTextDerived {
                entries.append(.seen(SeenItem(key: key, item: item)))
            } else if shown[key] == ShownItem(rawHash: item.rawHash, metadata: item.metadata) {
                entries.append(.known(UnchangedItem(key: key, item: item)))
            } else {
                // The bytes are known, but key or metadata differ, and that decision needs the text. Read all items again with
                // text.
                return try read(capture, memory: memory)
            }
        }
        let seen = SeenDocument(
            entries: entries, isWindow: document.shape == .window,
            isPartial: isCut || document.isPartial || document.items.isEmpty,
            leftOutKeys: isCut ? nil : leftOut, tombstones: document.tombstones)
        return (document, seen)
    }

    private func keys(of document: ParsedDocument, _ capture: Capture) -> [SightingKey] {
        switch capture.kind {
        case .feed: feedKeys(document.items)
        // A file that is one article may hold none: an empty object, or a text above the limit.
        case .folder where document.shape == .single && document.items.count <= 1:
            document.items.map { _ in SightingKey(capture.locator, .path) }
        case .folder: fileKeys(document.items, path: capture.locator)
        case .page: document.items.map { _ in SightingKey(capture.locator, .page) }
        }
    }

    /// Removes exact repetitions of an item from a feed's document. Two items with one id would both lose the id as their key, and
    /// the article would get other keys for as long as the feed shows it twice.
    private func dropRepeats(from document: inout ParsedDocument) {
        struct Name: Hashable {
            let id: String?
            let url: String?
            let rawHash: ContentHash
        }
        var shown: [Name: [Item]] = [:]
        document.items.removeAll { item in
            let name = Name(id: item.id, url: item.url, rawHash: item.rawHash)
            if shown[name]?.contains(item) == true { return true }
            shown[name, default: []].append(item)
            return false
        }
    }

    /// - Parameter keys: of the items, in their order.
    /// - Returns: the keys of the items that are left out.
    private func applyLimits(to document: inout ParsedDocument, _ keys: inout [SightingKey]) -> Set<String> {
        let items = document.items
        var kept = items.indices.filter { items[$0].text.utf8.count <= itemLimitBytes }
        if kept.count < items.count {
            document.problems.append(
                Problem("\(counted(items.count - kept.count, "item")) with more than \(itemLimitBytes) bytes left out"))
        }
        if kept.count > itemLimit {
            document.problems.append(Problem("\(kept.count) items, of which the \(itemLimit) newest were kept"))
            // By date and not by position, because some feeds list the oldest item first. An item without a date counts as newest.
            kept.sort { left, right in
                let leftDate = items[left].orderDate?.milliseconds ?? .max
                let rightDate = items[right].orderDate?.milliseconds ?? .max
                return leftDate != rightDate ? leftDate > rightDate : left < right
            }
            kept = kept.prefix(itemLimit).sorted()
        }
        guard kept.count < items.count else { return [] }
        let all = keys
        document.isPartial = true
        document.items = kept.map { items[$0] }
        keys = kept.map { all[$0] }
        return Set(all.map(\.value)).subtracting(keys.map(\.value))
    }
}

extension ParsedDocument {
    /// A sitemap without news: its pages are in an order of its own, and one that it lacks has not been removed.
    var isUnsortedSitemap: Bool { format == .sitemap && items.allSatisfy { $0.datePublished == nil } }
}

extension Problem {
    /// For example "line 12: entity 'x' is not defined".
    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}

extension UnreadableDocument {
    /// For people: why nothing could be read.
    package var message: String {
        switch self {
        case .binary: "binary data, no article"
        case .undecodable(let charset): "text in none of the charsets that could be meant (declared: \(charset))"
        case .empty: "empty"
        case .notAFeed(let page): page.message
        case .malformed(let what, let line): line.map { "line \($0): \(what)" } ?? what
        case .unknownKind(let kind): "not a kind of document that is read (\(kind))"
        }
    }
}
