// What stands in place of an article.

extension SitePage {
    private mutating func shell(_ title: String, _ body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="\(article.language)"><head><meta charset="utf-8"><title>\(escaped(title))</title></head><body>
        <header><a href="/">The Tidewater Journal</a><nav><a href="/economy">Economy</a> <a href="/sport">Sport</a></nav></header>
        \(body)
        <footer><p>\(around.words.rights)</p></footer>\(around.script())</body></html>
        """
    }

    mutating func paywall() -> String {
        var first = article.teaser
        if case .paragraph(let text)? = article.blocks.first { first = text }
        let data = """
            {"@context":"https://schema.org","@type":"NewsArticle","headline":"\(article.title.replacing("\"", with: "\\\""))","isAccessibleForFree":false,\
            "hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paywall"}}
            """
        return shell(
            article.title,
            """
            <script type="application/ld+json">\(data)</script><main><article><h1>\(escaped(article.title))</h1><div class="entry-content"><p>\(escaped(first))</p></div>
            <div class="paywall"><h2>Subscribe to continue reading</h2><p>This article is for subscribers. Try the first month for 1 crown, and cancel whenever you like.</p>
            <a href="/subscribe?t=\(around.token())">Subscribe now</a> <a href="/login">Already a subscriber? Log in</a></div></article>
            <section class="related-posts"><h2>Related</h2>\(around.cards(2...4, name: "card"))</section></main>
            """)
    }

    mutating func consent() -> String {
        shell(
            "Your privacy",
            """
            <main class="consent"><h1>We value your privacy</h1><p>Before you continue, we and our \(around.number()) partners ask for your consent to store cookies on your device and to process personal data, such as your address and the pages that you read.</p>
            <p>You may accept all, refuse, or manage your choices. Your choice holds for this site only, and you may change it at any time.</p>
            <form method="post"><input type="hidden" name="csrf" value="\(around.token())"><button>Accept all</button><button>Reject all</button><button>Manage options</button></form></main>
            """)
    }

    mutating func login() -> String {
        shell(
            "Log in",
            """
            <main><h1>Log in to your account</h1><form method="post" action="/login"><input type="hidden" name="csrf" value="\(around.token())">
            <label>E-mail <input type="email" name="user"></label><label>Password <input type="password" name="password"></label>
            <button>Log in</button></form><p><a href="/forgotten">Forgot your password?</a> <a href="/register">Create an account</a></p></main>
            """)
    }

    mutating func challenge() -> String {
        """
        <!DOCTYPE html><html lang="en"><head><title>Just a moment...</title><meta name="robots" content="noindex"></head><body>
        <noscript><p>Enable JavaScript and cookies to continue</p></noscript>
        <div class="main"><h1>Checking your browser</h1><p>This process is automatic. Your browser will be redirected to the page that you asked for in a few seconds.</p>
        <div class="token">\(around.token())</div></div>\(around.script())</body></html>
        """
    }

    mutating func notFound() -> String {
        shell(
            "Page not found",
            """
            <main class="error-page"><h1>Page not found</h1><p>The page that you are looking for does not exist, or has moved. Please use the search, or go back to the front page.</p>
            <h2>\(around.words.mostRead)</h2><ul>\(around.links(3...6))</ul></main>
            """)
    }

    mutating func overview(of articles: [SiteArticle]) -> String {
        let teasers = around.shuffled(articles).prefix(30).map {
            "<article class=\"teaser\"><h2><a href=\"\($0.path)\">\(escaped($0.title))</a></h2><p>\(escaped($0.teaser))</p></article>"
        }
        return shell("The Tidewater Journal", "<main>\(teasers.joined(separator: "\n"))</main><aside><ul>\(around.links(3...6))</ul></aside>")
    }
}
