extension SitePage {
    mutating func application() -> String {
        let words = around.words
        let suffix = around.suffix()
        let body = blocks { around in
            around.chance(20)
                ? "<div class=\"InlineAd_slot__\(suffix)\" data-ad=\"\(around.token())\"><p>\(around.one(of: around.words.promotions))</p></div>\n" : ""
        }.replacing("<p>", with: "<p class=\"Paragraph_root__\(suffix)\">")
        let sections = around.shuffled([
            "<div class=\"MostRead_root__\(suffix)\"><div class=\"MostRead_title__\(suffix)\">\(words.mostRead)</div>\(around.links(3...6, open: "<div class=\"MostRead_item__\(suffix)\">", close: "</div>"))</div>",
            "<div class=\"Related_root__\(suffix)\"><div class=\"Related_title__\(suffix)\">\(words.related)</div>\(around.cards(2...5, name: "Related_card__\(suffix)"))</div>",
            "<div class=\"Newsletter_root__\(suffix)\">\(around.newsletter())</div>",
            around.advertisement(),
        ])
        let data = """
            {"@context":"https://schema.org","@type":"NewsArticle","headline":"\(json(article.title))","datePublished":"\(article.published)",\
            "author":{"@type":"Person","name":"\(json(article.author))"},"mainEntityOfPage":"\(address)","interactionCount":\(around.number())}
            """
        let open = """
            <meta property="og:type" content="article"><meta property="og:title" content="\(escaped(article.title))">\
            <meta property="og:description" content="\(escaped(article.teaser))"><meta property="og:url" content="\(address)">\
            <meta name="csrf-token" content="\(around.token())"><script type="application/ld+json">\(data)</script>
            """
        return """
            <!DOCTYPE html>
            <html lang="\(article.language)">\(head(site: "Tidewater Now", open))
            <body><div id="root" data-request="\(around.token())">\(around.cookieBanner())
            <div class="Header_root__\(suffix)"><div class="Header_links__\(suffix)"><a href="/">Tidewater Now</a> <a href="/science">Science</a> <a href="/technology">Technology</a></div>\(around.ticker())</div>
            <div class="Page_main__\(suffix)"><div class="Article_root__\(suffix)"><h1 class="Article_title__\(suffix)">\(escaped(article.title))</h1>
            <div class="Article_meta__\(suffix)"><span class="Article_author__\(suffix)">\(article.author)</span> <span>\(around.counted(words.minutesAgo))</span> <span>\(around.counted(words.comments))</span></div>
            <div class="Article_body__\(suffix)">
            \(body)</div><div class="Share_bar__\(suffix)">\(around.counted(words.shares))</div></div>
            \(sections.joined(separator: "\n"))</div>
            <div class="Footer_root__\(suffix)"><div>\(words.rights)</div></div></div>\(around.script())</body></html>
            """
    }

    private func json(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
}
