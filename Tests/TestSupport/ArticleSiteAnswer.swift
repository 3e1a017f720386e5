/// What the page of an article answers.
package enum SiteAnswer: Equatable, Sendable {
    case normal
    /// The first paragraph, and an offer to subscribe.
    case paywall
    /// A question about cookies in place of the page.
    case consent
    /// A form to sign in.
    case login
    /// "Checking your browser", with status 200.
    case challenge
    /// "Page not found", with status 200.
    case soft404
    case redirectToFront, redirectToSection
    /// To the page of another article.
    case redirect(to: Int)
    case status(Int)
    /// The connection ends in the middle of the page.
    case truncated
    /// Status 200, and no byte.
    case empty
}

extension SiteState {
    func answer(_ request: LoopbackRequest) -> LoopbackReply {
        let path = String(request.path.prefix { $0 != "?" })
        return inside.withLock { inside in
            inside.requests.append(
                ArticleSite.Request(
                    path: path, at: .now, isConditional: request["If-None-Match"] != nil || request["If-Modified-Since"] != nil,
                    userAgent: request["User-Agent"]))
            if let number = numbers[path] { return page(number, request, &inside) }
            switch path {
            case "/feed.xml": return .text(inside.feed(), type: "application/rss+xml")
            case "/sitemap-news.xml": return .text(inside.sitemap(), type: "application/xml")
            case "/sitemap.xml": return .text(inside.sitemapIndex(), type: "application/xml")
            case "/robots.txt":
                var reply = LoopbackReply.text(inside.settings.robots)
                reply.status = inside.settings.robotsStatus
                return reply
            default: break
            }
            if path == "/" || inside.articles.contains(where: { path == "/" + $0.section }) { return .text(overview(&inside), type: "text/html") }
            return withRetryAfter(.status(404), inside)
        }
    }

    private func page(_ number: Int, _ request: LoopbackRequest, _ inside: inout Inside) -> LoopbackReply {
        let article = inside.articles[number]
        let look = inside.looks[number, default: 0]
        inside.looks[number] = look + 1
        var page = SitePage(article, base: inside.base, seed: seed, look: look)
        func html(_ text: String) -> LoopbackReply { .text(text, type: "text/html; charset=utf-8") }
        switch inside.answers[number] ?? .normal {
        case .normal: return normal(&page, request, inside)
        case .truncated:
            var reply = normal(&page, request, inside)
            reply.delivery = .cutAfter(bytes: reply.body.count / 2)
            return reply
        case .empty: return html("")
        case .status(let status): return withRetryAfter(.status(status), inside)
        case .redirectToFront: return .redirect(to: inside.base + "/")
        case .redirectToSection: return .redirect(to: inside.base + "/" + article.section)
        case .redirect(let other): return .redirect(to: inside.base + inside.articles[other].path)
        case .paywall: return html(page.paywall())
        case .consent: return html(page.consent())
        case .login: return html(page.login())
        case .challenge: return html(page.challenge())
        case .soft404: return html(page.notFound())
        }
    }

    private func normal(_ page: inout SitePage, _ request: LoopbackRequest, _ inside: Inside) -> LoopbackReply {
        var headers = [(name: "Content-Type", value: "text/html; charset=utf-8")]
        if let cacheControl = inside.settings.cacheControl { headers.append(("Cache-Control", cacheControl)) }
        if inside.settings.sendsValidators {
            let etag = "\"\(page.article.number)-\(page.article.edition)\""
            let modified = "Mon, 02 Mar 2026 \(twoDigits(page.article.edition / 60)):\(twoDigits(page.article.edition % 60)):00 GMT"
            headers += [("ETag", etag), ("Last-Modified", modified)]
            // If-Modified-Since does not count beside the other (RFC 9110 §13.1.3).
            let isKnown = request["If-None-Match"].map { $0 == etag } ?? (request["If-Modified-Since"] == modified)
            if isKnown { return LoopbackReply(status: 304, headers: headers) }
        }
        return LoopbackReply(headers: headers, body: Array(page.html(ArticleSite.layout(of: page.article.number)).utf8))
    }

    private func withRetryAfter(_ reply: LoopbackReply, _ inside: Inside) -> LoopbackReply {
        var reply = reply
        if let retryAfter = inside.settings.retryAfter { reply.headers.append(("Retry-After", retryAfter)) }
        return reply
    }

    /// The front page, and each section's: headlines and teasers.
    private func overview(_ inside: inout Inside) -> String {
        let look = inside.looks[-1, default: 0]
        inside.looks[-1] = look + 1
        guard let first = inside.articles.first else { return "" }
        var page = SitePage(first, base: inside.base, seed: seed, look: look)
        return page.overview(of: inside.articles)
    }
}

func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
