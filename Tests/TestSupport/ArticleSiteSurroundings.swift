/// What stands around an article at one look: made up anew each time, from a seed.
struct SiteSurroundings {
    let words: SiteWords
    private var random: Seeded

    init(_ article: SiteArticle, seed: UInt64, look: Int) {
        words = SiteWords.of(article.language)
        random = Seeded(seed: seed &+ UInt64(article.number) &* 0x9E37_79B9 &+ UInt64(look) &* 0x85EB_CA6B_27D4)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func number(_ range: ClosedRange<Int> = 2...9000) -> Int { Int.random(in: range, using: &random) }

    mutating func token() -> String { String(random.next(), radix: 36) + String(random.next(), radix: 36) }

    /// What a build tool puts behind a class name; the same all over one page.
    mutating func suffix() -> String { String(String(random.next(), radix: 36).prefix(5)) }

    /// One of `texts` with a number in it.
    mutating func one(of texts: [String]) -> String { counted(texts[Int.random(in: texts.indices, using: &random)]) }

    mutating func counted(_ text: String) -> String { text.replacing("#", with: String(number())) }

    mutating func shuffled<Element>(_ list: [Element]) -> [Element] { list.shuffled(using: &random) }

    // MARK: boxes

    /// Links to other articles, `item` around each.
    mutating func links(_ count: ClosedRange<Int>, open: String = "<li>", close: String = "</li>") -> String {
        let count = number(count)
        let headlines = words.headlines.shuffled(using: &random).prefix(count)
        return headlines.map { "\(open)<a href=\"/other/\(number())?from=\(token())\">\(counted($0))</a>\(close)" }.joined()
    }

    /// Other articles with the sentences that they begin with.
    mutating func cards(_ count: ClosedRange<Int>, name: String) -> String {
        (0..<number(count)).map { _ in
            """
            <div class="\(name)"><h3><a href="/other/\(number())">\(one(of: words.headlines))</a></h3>\
            <p>\(one(of: words.teasers))</p><span class="meta">\(counted(words.minutesAgo))</span></div>
            """
        }.joined()
    }

    mutating func newsletter() -> String {
        """
        <div class="newsletter"><p>\(counted(words.newsletter))</p><form action="/letter" method="post">\
        <input type="hidden" name="csrf" value="\(token())"><input type="email" name="address"><button>\(words.subscribe)</button></form></div>
        """
    }

    /// There or not.
    mutating func cookieBanner() -> String {
        guard chance(50) else { return "" }
        return "<div id=\"cookie-banner\" class=\"cookie-consent\" role=\"dialog\"><p>\(counted(words.cookies))</p><button>\(words.accept)</button></div>"
    }

    mutating func advertisement() -> String {
        guard chance(70) else { return "" }
        return "<div class=\"ad ad-\(token())\" data-slot=\"\(number())\"><a href=\"https://ads.example/\(token())\"><img src=\"/ad/\(number()).png\" alt=\"\"></a><p>\(one(of: words.promotions))</p></div>"
    }

    mutating func ticker() -> String { "<div class=\"ticker\"><span>\(counted(words.weather))</span> <span>\(counted(words.markets))</span></div>" }

    mutating func script() -> String { "<script nonce=\"\(token())\">window.view = \"\(token())\"; window.count = \(number());</script>" }
}
