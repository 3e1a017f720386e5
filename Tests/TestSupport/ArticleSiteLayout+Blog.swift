extension SitePage {
    mutating func blog() -> String {
        let words = around.words
        let body = blocks { around in
            around.chance(20) ? "<aside class=\"promo\"><p>\(around.one(of: around.words.promotions))</p></aside>\n" : ""
        }
        let boxes = around.shuffled([
            "<section class=\"widget recent\"><h2>\(words.newest)</h2><ul>\(around.links(3...6))</ul></section>",
            "<section class=\"widget popular\"><h2>\(words.mostRead)</h2><ol>\(around.links(3...5))</ol></section>",
            "<section class=\"widget\">\(around.newsletter())</section>",
            around.advertisement(),
        ])
        return """
            <!DOCTYPE html>
            <html lang="\(article.language)">\(head(site: "The Tidewater Journal", "<meta property=\"og:type\" content=\"article\">"))
            <body class="single post-\(article.number)">\(around.cookieBanner())
            <header class="site-header"><a class="logo" href="/">The Tidewater Journal</a>
            <nav><ul><li><a href="/">Home</a></li><li><a href="/economy">Economy</a></li><li><a href="/culture">Culture</a></li></ul></nav>\(around.ticker())</header>
            <main><article class="post"><header class="entry-header"><h1 class="entry-title">\(escaped(article.title))</h1>
            <p class="byline"><a rel="author" href="/author/1">\(article.author)</a> <time datetime="\(article.published)">\(day)</time> · \
            <span class="ago">\(around.counted(words.minutesAgo))</span> · <span class="views">\(around.counted(words.views))</span></p></header>
            <div class="entry-content">
            \(body)</div>
            <footer class="entry-footer"><div class="share">\(around.counted(words.shares))</div><ul class="tags"><li><a href="/tag/\(article.section)">\(article.section)</a></li></ul></footer>
            </article>
            <section class="related-posts"><h2>\(words.related)</h2>\(around.cards(2...4, name: "card"))</section>
            <section id="comments"><h2>\(around.counted(words.comments))</h2></section></main>
            <aside class="sidebar">\(boxes.joined(separator: "\n"))</aside>
            <footer class="site-footer"><p>\(words.rights)</p></footer>\(around.script())</body></html>
            """
    }
}
