extension SitePage {
    mutating func newspaper() -> String {
        let words = around.words
        var body = ""
        for (at, block) in article.blocks.enumerated() {
            switch block {
            case .paragraph(let text): body += "\(escaped(text))<br><br>\n"
            case .quote(let text): body += "<i>\(escaped(text))</i><br><br>\n"
            case .heading(let text): body += "<b>\(escaped(text))</b><br><br>\n"
            case .caption(let text):
                body += "<table align=right class=picture><tr><td><img src=\"/p/\(article.number).gif\"></td></tr><tr><td class=caption>\(escaped(text))</td></tr></table>\n"
            case .list(let entries): body += "<ul>" + entries.map { "<li>\(escaped($0))" }.joined() + "</ul>\n"
            case .table(let rows): body += table(rows)
            case .correction(let text): body += "<i>\(escaped(text))</i><br><br>\n"
            }
            if at == 2, around.chance(60) {
                body += "<table align=left width=300 class=advert><tr><td>\(around.advertisement())</td></tr></table>\n"
            }
        }
        let boxes = around.shuffled([
            "<table class=box><tr><td class=boxhead>\(words.mostRead)</td></tr>\(around.links(3...5, open: "<tr><td class=boxitem>", close: "</td></tr>"))</table>",
            "<table class=box><tr><td class=boxhead>\(words.newest)</td></tr><tr><td>\(around.cards(2...3, name: "item"))</td></tr></table>",
            "<table class=box><tr><td>\(around.newsletter())</td></tr></table>",
            "<table class=box><tr><td>\(around.ticker())</td></tr></table>",
        ])
        return """
            <html lang="\(article.language)">\(head(site: "The Tidewater Journal"))<body bgcolor=white>\(around.cookieBanner())
            <table width=100% class=top><tr><td><a href="/"><img src="/logo.gif" alt="The Tidewater Journal"></a></td>
            <td><a href="/">Home</a> | <a href="/economy">Economy</a> | <a href="/sport">Sport</a> | <a href="/archive?s=\(around.token())">Archive</a></td></tr></table>
            <table width=100%><tr><td width=140 valign=top class=menu>\(around.links(2...4, open: "<div>", close: "</div>"))</td>
            <td valign=top class=story><h1>\(escaped(article.title))</h1>
            <font size=1><span class=author>\(article.author)</span>, \(day)</font><br><br>
            \(body)
            <font size=1 class=tools>\(around.counted(words.views)) | \(around.counted(words.comments)) | \(around.counted(words.minutesAgo))</font></td>
            <td width=200 valign=top class=right>\(boxes.joined(separator: "\n"))</td></tr></table>
            <table width=100% class=foot><tr><td><font size=1>\(words.rights)</font></td></tr></table>\(around.script())</body></html>
            """
    }
}
