import Testing
import TidingsCore

@testable import TidingsFormats

private func obstacle(_ html: String) -> PageObstacle? {
    readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints()).obstacle
}

private let menu = "<nav><a href='/'>Home</a> <a href='/sea'>Sea</a> <a href='/login'>Log in</a></nav>"
private let foot = "<footer><p>© 2026 Harbour Post. All rights reserved.</p><a href='/privacy'>Privacy policy</a></footer>"
private let ferry = [
    "The old ferry of Port Lune goes to the yard in March, and for three weeks a smaller boat will carry the island's letters.",
    "Its captain, Ines Calder, says that the engine has run for nine thousand hours, and that nobody has a spare part for it.",
    "Islanders who work in the town must leave at half past five, because the small boat takes only forty people at a time.",
]

/// A page of one site: its menu, an article that may be described as one, and its foot.
private func page(_ body: String, title: String = "A ferry goes to the yard", linked: String = "") -> String {
    let data = linked.isEmpty ? "" : #"<script type="application/ld+json">{"@type":"NewsArticle","headline":"\#(title)",\#(linked)}</script>"#
    return "<html><head><title>\(title) | Harbour Post</title>\(data)</head><body>\(menu)\(body)\(foot)</body></html>"
}

private func article(_ paragraphs: [String], title: String = "A ferry goes to the yard", after: String = "") -> String {
    "<main><article><h1>\(title)</h1>\(paragraphs.map { "<p>\($0)</p>" }.joined())\(after)</article></main>"
}

@Suite struct PageObstacles {
    @Test("a page that checks for a human is a challenge", arguments: [
        "<title>Just a moment...</title><body><div class='main'><h2>harbour.example</h2><p>Enable cookies to continue.</p></div></body>",
        "<title>harbour.example</title><h1>harbour.example</h1><p>Bitte bestätigen Sie, dass Sie ein Mensch sind.</p><form class='captcha-form'></form>",
        "<title>Vérification</title><p>Nous devons savoir que vous êtes humain. Cela ne dure qu’un instant.</p><div id='box'></div>",
        "<title>Проверка</title><h1>Подтвердите, что вы не робот</h1><p>С вашего адреса приходит много запросов.</p>",
        "<title>请稍候</title><p>请完成安全验证后继续访问本站。</p><div class='slider'></div>",
        "<title>harbour.example</title><script src='/x/captcha/c.js'></script><p>Please wait</p>",
    ])
    func challenges(html: String) { #expect(obstacle(html) == .challenge) }

    @Test("a page that asks for consent before it shows anything is a consent wall", arguments: [
        "<title>Harbour Post</title><div class='wall'><h1>Before you continue</h1><p>We and our partners store data on your device to show "
            + "you advertisements and to count visits. You may withdraw your consent at any time.</p><button>Reject</button><button>Accept all</button></div>",
        "<title>Hafenpost</title><main><h1>Weiter mit Werbung oder im Abo</h1><p>Wir und unsere Partner speichern Angaben auf Ihrem Gerät. "
            + "Ihre Einwilligung können Sie in den Einstellungen widerrufen.</p><a href='#'>Zustimmen und weiter</a><a href='/abo'>Abo</a></main>",
        "<title>Le Port</title><div id='cookie-wall'><p>Avec nos partenaires, nous lisons des données de votre appareil. Votre consentement vaut "
            + "pour six mois, et vos choix se changent au bas de chaque page.</p><button>Continuer sans accepter</button><button>Tout accepter</button></div>",
        "<title>Port</title><div role='dialog'><p>My i nasi partnerzy czytamy dane z tego urządzenia. Dbamy o Twoją prywatność, a zgodę można cofnąć.</p>"
            + "<button>Zgadzam się</button></div>",
        "<title>Il porto</title><section><h2>La tua privacy</h2><p>Noi e i nostri partner usiamo dati del dispositivo. Il tuo consenso vale un anno.</p>"
            + "<form><input type='submit' value='Accetta e continua'></form></section>",
        page("<div class='consent-layer'><p>Vi och våra partner läser data från din enhet. Ditt samtycke kan du ta tillbaka.</p>"
            + "<button>Godkänn alla</button><button>Inställningar</button></div>", title: "Hamnposten"),
    ])
    func consents(html: String) { #expect(obstacle(html) == .consent) }

    @Test("a page that wants a name and a password first is a login page", arguments: [
        page("<h1>Log in</h1><form><label>Name</label><input type='text'><input type='password'><button>Go</button></form>", title: "Log in"),
        page("<h1>Anmelden</h1><form action='/in'><input type=email><input type=password><input type=submit value='Weiter'></form>", title: "Konto"),
        page("<h1>A ferry goes to the yard</h1><p>Vous devez être connecté pour voir cette page.</p><form><input type='password'></form>"),
        page("<h2>Iniciar sesión</h2><form><input type='text'><input type='password'></form>", title: "El puerto"),
        page("<h1>ログイン</h1><p>続けるにはログインしてください。</p><form><input type='password'></form>", title: "ログイン"),
        page("<main><p>You must be logged in to read this page.</p><a href='/sso'>Continue with your library card</a></main>"),
    ])
    func logins(html: String) { #expect(obstacle(html) == .login) }

    @Test("a text that breaks off where subscribers read on has a paywall", arguments: [
        page(article([ferry[0]], after: "<div class='paywall'><p>Subscribe to continue reading.</p></div>"), linked: #""isAccessibleForFree":false"#),
        page(article([ferry[0], ferry[1]], after: "<div class='offer-wall'><h2>Jetzt weiterlesen</h2><p>Mit dem Abo lesen Sie alle Artikel.</p></div>"),
            linked: #""isAccessibleForFree":"False","hasPart":{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".locked"}"#),
        page(article([ferry[0], "Its captain, Ines Calder, says that the engine has run for nine thousand hours, and that …"],
            after: "<aside><p>Cet article est réservé aux abonnés.</p></aside>")),
        page(article([ferry[0], ferry[2]], after: "<div id='regwall'><h3>Para seguir leyendo</h3><a href='/alta'>Regístrate para leer gratis</a></div>")),
        page(article([ferry[0], ferry[1]], after: "<div class='subscription-wall'>Продолжение доступно подписчикам</div>")),
        page(article(ferry), linked: #""isAccessibleForFree":"http://schema.org/False","wordCount":900"#),
        page(article([ferry[0]], after: "<section class='subscriber-only'><p>この先は有料会員の方だけが読めます。</p></section>")),
    ])
    func paywalls(html: String) { #expect(obstacle(html) == .paywall) }

    @Test("an error that is sent as a page is an error page", arguments: [
        page("<h1>Page not found</h1><p>The page may have moved. Try the search, or begin at the front page.</p>", title: "404"),
        page("<main><h1>Hoppla!</h1><p>Diese Seite gibt es nicht mehr.</p></main>", title: "Seite nicht gefunden"),
        page("<h1>Oups, cette page n’existe plus</h1><p>Voici nos derniers articles.</p>", title: "Le Port"),
        page("<h1>Страница не найдена</h1><p>Возможно, она была удалена.</p>", title: "Ошибка 404"),
        page("<h2>お探しのページは見つかりませんでした</h2><p>アドレスをご確認ください。</p>", title: "港新聞"),
        page("<h1>Something went wrong</h1><p>We have been told, and we look into it.</p>", title: "Error"),
        page("<div class='box'><p>The article you requested is no longer here.</p></div>", title: "Harbour Post"),
        page("<h1>Aradığınız sayfa bulunamadı</h1>", title: "Liman"),
    ])
    func errors(html: String) { #expect(obstacle(html) == .errorPage) }
}

@Suite struct PagesWithoutObstacle {
    private static let captcha = [
        "The puzzle that asks visitors whether they are a robot turns twenty this spring, and few people will send flowers for the day.",
        "Its makers wanted to keep machines from opening mailboxes by the thousand; soon the machines read the bent letters better than people.",
        "“Verify you are human” is now a sentence that most readers of this paper see every week, the survey of the institute found.",
    ]
    private static let error = [
        "The town archive has collected nine hundred error pages since 1998, and from Monday it shows them in the old customs house.",
        "Most of them say “page not found” and nothing else, but some have drawings, poems, or a game with a lost sheep in it.",
        "Visitors may write down the oldest dead link that they know, and the archive will look for what stood there, says Ines Calder.",
    ]
    private static let cookies = [
        "We and our partners: with these words begins the text that the court in Port Lune has now forbidden a shop to show to visitors.",
        "The shop asked for consent in small letters, and the judge found that nobody who clicked on “Accept all” had agreed to anything.",
        "The shop must pay four thousand crowns, and it has until May to write a question that a child of ten years understands.",
    ]

    @Test("an article is none, whatever it is about and whatever stands beside it", arguments: [
        page(article(ferry)),
        page(article([ferry[0]])),
        page(article(captcha, title: "Are you a robot? A puzzle turns twenty"), title: "Are you a robot? A puzzle turns twenty"),
        page(article(error, title: "Page not found: a show of lost pages"), title: "Page not found: a show of lost pages"),
        page(article(cookies, title: "Court forbids a cookie banner"), title: "Court forbids a cookie banner")
            + "<div class='cookie-banner'><p>We use cookies. Your consent can be withdrawn.</p><button>Accept all</button></div>",
        page(article([ferry[0]]) + "<div class='cookies'><p>We and our partners use cookies, and your consent counts for a year.</p><button>Accept all</button></div>"),
        page("<h1>The ferry in the yard</h1><figure><img src=f.jpg><figcaption>The ferry in the yard, seen from the old quay of the town on Monday</figcaption></figure>"
            + "<div><p>We and our partners use cookies, and your consent counts for a year.</p><button>Accept all</button></div>"),
        page("<h1>The ferry sails again</h1><p>It left the yard on Sunday with forty people and a dog on board.</p><p>Please log in to comment.</p>"),
        page(article(ferry, after: "<form class='comment'><p>You must be logged in to comment.</p><input type='password'></form>")),
        page(article(ferry, after: "<div class='newsletter'><p>Subscribe now to our letter about the sea.</p></div>")),
        page(article(ferry, after: "<script src='/captcha/c.js'></script><form><div class='captcha'></div><textarea></textarea></form>")),
    ])
    func articles(html: String) { #expect(obstacle(html) == nil) }

    @Test("an article that is not free has no paywall where its whole text is there")
    func whole() {
        let parts = #""isAccessibleForFree":false,"hasPart":{"isAccessibleForFree":false,"cssSelector":"article > .locked"}"#
        let body = "<article><h1>A ferry goes to the yard</h1><p>\(ferry[0])</p><div class='locked'>\((ferry + ferry.map { $0.replacing("the", with: "our") }).dropFirst().map { "<p>\($0)</p>" }.joined())</div></article>"
        #expect(obstacle(page(body, linked: parts)) == nil)
        let long = (1...30).map { "In the year \($0 + 1990) the ferry carried \($0 * 417) people, as the harbour master wrote in the book of the quay." }
        #expect(obstacle(page(article(long, after: "<p class='paywall'>Subscribe to read more of our stories.</p>"), linked: #""isAccessibleForFree":false"#)) == nil)
        #expect(obstacle(page(article([ferry[0]], after: "<div class='paywall'>Subscribe to continue reading</div>"), linked: #""isAccessibleForFree":true"#)) == nil)
    }

    @Test("a phrase is found whatever its capitals and punctuation, and only as whole words", arguments: [
        ("PAGE — not found!", true), ("Cette page n’existe plus", true), ("ЗАПРАШИВАЕМАЯ СТРАНИЦА", true), ("指定されたページが見つかりません。", true),
        ("homepage not foundation", false), ("page\u{A0}not\u{A0}found", true), ("Η ΣΕΛΊΔΑ ΔΕΝ ΒΡΈΘΗΚΕ", true), ("", false), ("\u{C3}", false),
    ])
    func phrases(text: String, isThere: Bool) { #expect(ObstaclePhrases.errors.isIn(PlainWords(text)) == isThere) }

    @Test("any bytes are words of some kind")
    func damaged() {
        for bytes in [[0xC3], [0xE3, 0x80], [0xEF, 0xBC], [0xF0], [0x80, 0x80], [0xED]] as [[UInt8]] {
            #expect(ObstaclePhrases.errors.isIn(PlainWords(bytes[...])) == false)
        }
    }
}
