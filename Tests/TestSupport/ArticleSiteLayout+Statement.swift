extension SitePage {
    mutating func statement() -> String {
        let words = around.words
        let body = blocks()
        return """
            <!DOCTYPE html>
            <html lang="\(article.language)">\(head(site: "Ministry of Inland Waters"))
            <body>\(around.cookieBanner())<div id="global-header"><a href="/">Ministry of Inland Waters</a>
            <form role="search"><input type="hidden" name="token" value="\(around.token())"><input name="q"></form></div>
            <div class="breadcrumbs"><ol><li><a href="/">Home</a></li><li><a href="/\(article.section)">\(article.section)</a></li></ol></div>
            <div id="content" class="content"><h1>\(escaped(article.title))</h1>
            <dl class="metadata"><dt>Published</dt><dd><time datetime="\(article.published)">\(day)</time></dd><dt>From</dt><dd>\(article.author)</dd></dl>
            <div class="rich-text">
            \(body)</div></div>
            <div class="related-navigation"><h2>\(words.related)</h2><ul>\(around.links(2...6))</ul></div>
            <div class="feedback"><p>Is this page useful? <a href="/feedback?page=\(around.token())">Yes</a> <a href="/feedback?page=\(around.token())">No</a></p></div>
            <div class="latest"><h2>\(words.newest)</h2>\(around.cards(1...3, name: "news-item"))</div>
            <div id="footer"><p>\(words.rights)</p><p>\(around.counted(words.views))</p></div>\(around.script())</body></html>
            """
    }
}
