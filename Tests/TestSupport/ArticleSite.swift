import Synchronization

/// A news site on loopback: a dozen articles on pages of four layouts, a feed of teasers, a news sitemap, robots.txt.
/// Around each article everything changes at every request; the article only by `edit`.
///
///     let site = try ArticleSite(seed: 1)
///     defer { site.stop() }
///     … site.url(of: 3) … site.feedURL …
///     let edit = site.edit(3, .digit)  // the words that the article lost and got
///     site.respond(to: 3, with: .paywall)
package final class ArticleSite: Sendable {
    /// What the site does besides showing its articles.
    package struct Settings: Sendable {
        /// An ETag and a Last-Modified for each edition of an article, and 304 to who has it.
        package var sendsValidators = false
        package var cacheControl: String?
        /// Sent with every answer that is no page: a number of seconds or a date.
        package var retryAfter: String?
        package var robots = "User-agent: *\nAllow: /\n"
        package var robotsStatus = 200
        /// The articles that the feed and the sitemap show, the newest first; nil: all.
        package var feedArticles: [Int]?
        /// The feed shows the headlines that the articles had first.
        package var feedKeepsHeadlines = false
        /// Text that stands in front of the teaser of an article in the feed.
        package var teaserPrefixes: [Int: String] = [:]
    }

    /// A request, and when it came.
    package struct Request: Sendable {
        package let path: String
        package let at: ContinuousClock.Instant
        package let isConditional: Bool
        package let userAgent: String?
    }

    package let seed: UInt64
    private let server: LoopbackServer
    private let state: SiteState

    /// - Parameters:
    ///   - host: a loopback address of its own makes it another host.
    ///   - count: how many articles it has.
    package init(seed: UInt64, host: String = "127.0.0.1", count: Int = 12) throws {
        self.seed = seed
        let state = SiteState(seed: seed, count: count)
        self.state = state
        server = try LoopbackServer(host: host) { state.answer($0) }
        state.begin(at: server.url(for: ""))
    }

    package func stop() { server.stop() }

    package func url(of number: Int) -> String { server.url(for: article(number).path) }
    package var frontURL: String { server.url(for: "/") }
    package var feedURL: String { server.url(for: "/feed.xml") }
    package var sitemapURL: String { server.url(for: "/sitemap-news.xml") }
    /// A sitemap index that names the sitemap.
    package var sitemapIndexURL: String { server.url(for: "/sitemap.xml") }
    package var robotsURL: String { server.url(for: "/robots.txt") }

    package func article(_ number: Int) -> SiteArticle { state.inside.withLock { $0.articles[number] } }

    package var settings: Settings { state.inside.withLock(\.settings) }
    package func change(_ body: @Sendable (inout Settings) -> Void) { state.inside.withLock { body(&$0.settings) } }
    package var robots: String {
        get { settings.robots }
        set { change { $0.robots = newValue } }
    }

    /// From now on the page of that article answers so.
    package func respond(to number: Int, with answer: SiteAnswer) { state.inside.withLock { $0.answers[number] = answer } }

    @discardableResult
    package func edit(_ number: Int, _ kind: SiteEditKind) -> SiteEdit {
        state.inside.withLock { $0.articles[number].edit(kind, using: &$0.random) }
    }

    /// All requests so far, in the order in which they were answered.
    package var requests: [Request] { state.inside.withLock(\.requests) }
    package func requests(of number: Int) -> [Request] {
        let path = article(number).path
        return requests.filter { $0.path == path }
    }

    /// How often each path was asked for.
    package var requestCounts: [String: Int] {
        requests.reduce(into: [:]) { $0[$1.path, default: 0] += 1 }
    }

    /// The bytes of an article's page at one look, without asking the site.
    /// - Parameters:
    ///   - layout: nil: the one that the site has given it.
    package static func page(
        _ article: SiteArticle, layout: SiteLayout? = nil, base: String = "http://site.example", seed: UInt64, look: Int
    ) -> [UInt8] {
        var page = SitePage(article, base: base, seed: seed, look: look)
        return Array(page.html(layout ?? Self.layout(of: article.number)).utf8)
    }

    package static func layout(of number: Int) -> SiteLayout { SiteLayout.allCases[number % SiteLayout.allCases.count] }
}

/// What the threads of the server share with the test.
final class SiteState: Sendable {
    struct Inside {
        var articles: [SiteArticle]
        var random: Seeded
        var base = ""
        var settings = ArticleSite.Settings()
        var answers: [Int: SiteAnswer] = [:]
        var looks: [Int: Int] = [:]
        var requests: [ArticleSite.Request] = []
    }

    let seed: UInt64
    let numbers: [String: Int]
    let inside: Mutex<Inside>

    init(seed: UInt64, count: Int) {
        let articles = (0..<count).map(SiteArticle.init)
        self.seed = seed
        numbers = Dictionary(uniqueKeysWithValues: articles.map { ($0.path, $0.number) })
        inside = Mutex(Inside(articles: articles, random: Seeded(seed: seed)))
    }

    func begin(at base: String) { inside.withLock { $0.base = base } }
}
