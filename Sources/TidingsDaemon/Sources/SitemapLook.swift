import TidingsCore
import TidingsFetch
import TidingsFormats
import TidingsStore
import TidingsSystem

/// A look at one of the sitemaps that a feed's sitemap index names. The index is polled; its sitemaps are read after it.
struct SitemapLook: Look {
    let progress: Progress
    private let feed: FeedSource
    /// Nil once it was read.
    private var capture: Capture?

    init(_ address: String, _ response: FetchResponse, of feed: FeedSource, readsEverything: Bool, progress: Progress) {
        self.feed = feed
        self.progress = progress
        capture = Capture(
            source: feed.id, kind: .feed, locator: address, bytes: response.body,
            hints: DocumentHints(contentType: response.contentType, baseURL: response.finalURL, expectsFeed: true),
            response: ResponseFacts(
                status: response.status, finalURL: response.finalURL, etag: response.etag, lastModified: response.lastModified),
            readsEverything: readsEverything)
    }

    mutating func next() -> Looked? {
        defer { capture = nil }
        return capture.map(Looked.capture)
    }

    mutating func report(on capture: Capture, _ reading: Reading) -> Report {
        var facts = capture.facts
        switch reading {
        case .document(let document, var seen, _):
            facts.add(document)
            // Another sitemap of the index may list what this one lacks.
            seen.isPartial = true
            seen.leftOutKeys = nil
            var report = Report(source: feed.id, finding: .capture(facts, .document(seen)))
            report.completesImport = true
            if feed.watchesSitemaps { report.pages = PageWatch(backfill: feed.context.pageFetch.backfill) }
            return report
        // Without a status: equal bytes prove no absence.
        case .unchanged: return Report(source: feed.id, finding: .capture(CaptureFacts(locator: capture.locator), .unchanged))
        case .unreadable(let reason):
            return Report(source: feed.id, finding: .capture(facts.unreadable(reason.message), .unreadable))
        case .quarantined(let reason):
            return Report(source: feed.id, finding: .capture(facts.unreadable(reason.message), .unreadable))
        }
    }

    nonisolated(nonsending) func waitForTurn() async throws {}

    func wasQueued() {}
}

/// The sitemaps of an index that are read after it: those that were changed within two days, or do not say when, the newest first. The
/// others are archives.
func currentSitemaps(_ all: [SitemapReference], now: Int64) -> [String] {
    let current = all.filter { ($0.dateModified?.milliseconds ?? now) > now - 2 * dayMilliseconds }
    let newest = current.enumerated().sorted { left, right in
        let (first, second) = (left.element.dateModified?.milliseconds ?? 0, right.element.dateModified?.milliseconds ?? 0)
        return first != second ? first > second : left.offset < right.offset
    }
    return newest.prefix(sitemapLimit).map(\.element.url)
}

private let sitemapLimit = 8
