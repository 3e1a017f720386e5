// The lists of the site: its feed and its sitemaps.

extension SiteState.Inside {
    private var listed: [SiteArticle] {
        (settings.feedArticles ?? articles.indices.reversed()).map { articles[$0] }
    }

    private func headline(_ article: SiteArticle) -> String {
        settings.feedKeepsHeadlines ? SiteArticle(number: article.number).title : article.title
    }

    /// RSS 2.0 with a teaser of each article.
    func feed() -> String {
        let items = listed.map { article in
            let words = SiteWords.of(article.language)
            let teaser = (settings.teaserPrefixes[article.number] ?? "") + article.teaser
            return """
                <item><title>\(escaped(headline(article)))</title><link>\(base)\(article.path)</link>
                <guid isPermaLink="false">tidewater-\(article.number)</guid><pubDate>\(mailDate(article))</pubDate>
                <description>\(escaped("<p>\(teaser) <a href=\"\(base)\(article.path)\">\(words.readMore)</a></p>"))</description></item>
                """
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0"><channel><title>The Tidewater Journal</title><link>\(base)/</link><description>News from the coast</description>
            \(items.joined(separator: "\n"))
            </channel></rss>
            """
    }

    func sitemap() -> String {
        let entries = listed.map { article in
            """
            <url><loc>\(base)\(article.path)</loc><news:news><news:publication><news:name>The Tidewater Journal</news:name>\
            <news:language>\(article.language)</news:language></news:publication><news:publication_date>\(article.published)</news:publication_date>\
            <news:title>\(escaped(headline(article)))</news:title><news:keywords>\(article.section)</news:keywords></news:news></url>
            """
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
            \(entries.joined(separator: "\n"))
            </urlset>
            """
    }

    func sitemapIndex() -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>\(base)/sitemap-news.xml</loc></sitemap></sitemapindex>
        """
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// All articles are of March 2026.
    private func mailDate(_ article: SiteArticle) -> String {
        let day = article.published.prefix(10).suffix(2)
        return "\(day) Mar 2026 \(article.published.dropFirst(11).prefix(8)) GMT"
    }
}
