/// How the site's pages are built: as those of four kinds of publishers.
package enum SiteLayout: Int, CaseIterable, Sendable {
    /// Semantic HTML5, with comments and related posts.
    case blog
    /// Tables, line breaks and a sidebar.
    case newspaper
    /// Nothing but `div`, with made-up class names, JSON-LD and Open Graph.
    case application
    /// A documentation or ministry page: hardly anything around the text.
    case statement
}

/// The page of one article at one look.
struct SitePage {
    let article: SiteArticle
    /// The site's address, without a slash at its end.
    let base: String
    var around: SiteSurroundings

    /// - Parameter look: what stands around the article depends on it, and the article does not.
    init(_ article: SiteArticle, base: String, seed: UInt64, look: Int) {
        self.article = article
        self.base = base
        around = SiteSurroundings(article, seed: seed, look: look)
    }

    mutating func html(_ layout: SiteLayout) -> String {
        switch layout {
        case .blog: blog()
        case .newspaper: newspaper()
        case .application: application()
        case .statement: statement()
        }
    }

    var address: String { base + article.path }
    var day: String { String(article.published.prefix(10)) }

    func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    func head(site: String, _ more: String = "") -> String {
        """
        <head><meta charset="utf-8"><title>\(escaped(article.title)) | \(site)</title>\
        <meta name="description" content="\(escaped(article.teaser))"><link rel="canonical" href="\(address)">\(more)</head>
        """
    }

    /// The blocks of the article as ordinary elements. `between` is asked what stands behind each paragraph.
    mutating func blocks(between: (inout SiteSurroundings) -> String = { _ in "" }) -> String {
        var html = ""
        for block in article.blocks {
            switch block {
            case .paragraph(let text): html += "<p>\(escaped(text))</p>\n" + between(&around)
            case .heading(let text): html += "<h2>\(escaped(text))</h2>\n"
            case .quote(let text): html += "<blockquote><p>\(escaped(text))</p></blockquote>\n"
            case .caption(let text):
                html += "<figure><img src=\"/picture/\(article.number).jpg?v=\(around.token())\" alt=\"\"><figcaption>\(escaped(text))</figcaption></figure>\n"
            case .list(let entries): html += "<ul>" + entries.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>\n"
            case .table(let rows): html += table(rows)
            case .correction(let text): html += "<p class=\"correction\"><em>\(escaped(text))</em></p>\n"
            }
        }
        return html
    }

    func table(_ rows: [[String]]) -> String {
        "<table class=\"data\">"
            + rows.enumerated().map { at, row in
                let cell = at == 0 ? "th" : "td"
                return "<tr>" + row.map { "<\(cell)>\(escaped($0))</\(cell)>" }.joined() + "</tr>"
            }.joined() + "</table>\n"
    }
}
