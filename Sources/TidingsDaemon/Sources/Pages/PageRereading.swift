import TidingsFormats
import TidingsStore

// Newer text rules read a page's stored body before they judge a new one: what then differs is an edit.

extension Ingest {
    /// What today's text rules make of the stored body of a page that older ones have read; nil if there is none, or if they find no
    /// article in it.
    /// - Throws: `PageBodyError`, `StoreError`.
    func reread(_ page: PageRow, limitBytes: Int) throws -> PageReread? {
        guard let body = try reader().outdatedBody(of: page.id) else { return nil }
        let hints = DocumentHints(
            contentType: body.contentType, baseURL: body.baseURL, feedTitle: body.feedTitle,
            headline: body.headline.flatMap(HeadlineKind.init))
        let capture = Capture(
            source: page.source, kind: .page, locator: page.locator, bytes: try body.bytes(limitBytes: limitBytes), hints: hints,
            readsEverything: true)
        guard case .document(let document, let seen, _) = try read(capture), document.isPage,
            case .seen(let item)? = seen.entries.first, item.form.characters > 0
        else { return nil }
        return PageReread(rawHash: capture.rawHash, seen: item, blocks: document.blockMemory?.bytes)
    }
}

extension PageBody {
    /// - Parameter headline: where the page's headline was found.
    init?(_ capture: Capture, headline: HeadlineKind?) {
        self.init(
            capture.bytes, rawHash: capture.rawHash, contentType: capture.hints.contentType, baseURL: capture.hints.baseURL,
            feedTitle: capture.hints.feedTitle, headline: headline?.rawValue)
    }
}

extension ParsedDocument {
    /// Whether it can be a page that people read: of such a format, and one article at most.
    var isPage: Bool {
        (format == .html || format == .markdown || format == .text) && shape == .single && items.count <= 1
    }
}
