import Testing
import TidingsCore

@testable import TidingsFormats

private let statement = "<p>The bank of the bay will ask the court to look at the ruling again.</p>"
private let long = String(
    repeating: "<p>We would like to tell you at length how this page remembers which lamps you have looked at before.</p>", count: 6)

private func text(_ body: String) -> String? {
    let html = "<!DOCTYPE html><html><head><title>Bank of the bay</title></head>\(body)</html>"
    return readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints()).items.first?.text
}

@Suite struct BoxesOverPages {
    @Test("a box with more words than the article is not the article", arguments: [
        "<div class='cookie-banner'>", "<div id='cookieConsent'>", "<section class='gdpr-notice'>", "<div class='c-newsletter-signup__form'>",
        "<div id='onetrust-banner-sdk'>", "<div id='CybotCookiebotDialog'>", "<div class='modal-newsletter'>", "<div role='dialog'>",
        "<div role='alertdialog'>", "<div aria-modal='true'>", "<dialog open>", "<div hidden>", "<div style='display: none'>",
        "<div style='visibility:hidden;'>", "<div aria-hidden='true'>", "<template>", "<div class='privacy-settings-panel'>",
        "<div class='newsletter'>", "<aside class='paywall-overlay'>",
    ])
    func boxes(tag: String) {
        let name = String(tag.dropFirst().prefix { $0.isLetter })
        let box = "\(tag)<h2>A word before</h2>\(long)</\(name)>"
        let plain = "The bank of the bay will ask the court to look at the ruling again."
        #expect(text("<body>\(box)<main><h1>Bank of the bay</h1>\(statement)</main></body>") == plain)
        #expect(text("<body><main><h1>Bank of the bay</h1>\(statement)</main>\(box)</body>") == plain)
        #expect(text("<body><div>\(box)</div><div><h1>Bank of the bay</h1>\(statement)</div></body>") == plain)
        #expect(text("<body><article><h1>Bank of the bay</h1>\(statement)\(box)</article></body>") == plain)
    }

    @Test("a form with more words than the article is not the article")
    func form() {
        let form = "<form action='/ask'>\(long.replacing("<p>", with: "<label>").replacing("</p>", with: "</label>"))</form>"
        let other = String(repeating: statement, count: 12)
        #expect(text("<body>\(form)<div>\(other)</div></body>")?.contains("lamps") == false)
    }

    @Test("words in a marked element are the article however few", arguments: ["main", "article"])
    func few(tag: String) {
        let banner = "<div class='cookie-notice'>\(long)</div>"
        #expect(text("<body>\(banner)<\(tag)><p>Closed today.</p></\(tag)></body>") == "Closed today.")
    }

    @Test("an element that holds the page is no box whatever its name", arguments: [
        "<body class='has-newsletter cookie-consent-open'><div>", "<body><div class='cookie-consent-ok'>", "<body><div class='has-cookie-banner'>",
        "<body><main class='newsletter'>", "<body><article class='post tag-gdpr category-cookie-consent'>",
        "<body><div class='page-cookie-consent'>", "<body><div class='cookie-recipe'>", "<body><div role='dialog'>",
        "<body><div class='newsletter-wall'>", "<body><div aria-hidden='true'>", "<body><form id='aspnetForm'>", "<body hidden><div>",
        "<body><div hidden id='S:0'>",
    ])
    func holders(start: String) {
        #expect(text("\(start)<h1>Bank of the bay</h1>\(statement)\(long)")?.contains("will ask the court") == true)
    }

    @Test("parts of an article that speak of cookies and newsletters stay", arguments: [
        "<div class='cookie-recipe'>", "<div class='cookie-tips'>", "<section id='cookie-consent'><h2>Cookie consent</h2>",
        "<div class='consent-of-patients'>", "<div class='privacy'>", "<div class='cookies-and-tea'>",
        "<section id='privacy'>",
    ])
    func parts(start: String) {
        let article = String(repeating: statement, count: 5)
        let name = String(start.dropFirst().prefix { $0.isLetter })
        let part = "\(start)Bake them for as long as the lamp burns, and turn them twice.</\(name)>"
        #expect(text("<body><article><h1>Bank of the bay</h1>\(article)\(part)\(article)</article></body>")?.contains("turn them twice") == true)
    }

    @Test("a page that shows words has a text", arguments: [
        "<div class='cookie-banner'>\(long)</div>", "<div id='app' style='display:none'>\(long)</div>", "<div role='dialog'>\(long)</div>",
        "<form><div>Tell us of the lamps that you have seen burn.</div></form>", "<p>Lamps burn.</p>",
        "<article><aside><p>Lamps burn in the bay when the fog comes in.</p></aside></article>",
        "<article><div class='share'><p>Lamps burn in the bay when the fog comes in.</p></div></article>",
    ])
    func someText(body: String) { #expect(text("<body>\(body)</body>")?.contains(/lamps|Lamps/) == true) }

    @Test("what is hidden does not take the place of a few visible words")
    func hidden() {
        #expect(text("<body><div hidden>\(long)</div><div>Closed today.</div></body>") == "Closed today.")
    }

    @Test("a part that is sent late is part of the page")
    func streamed() {
        let page = "<body><div>x</div><div hidden id='S:1a'>\(statement)\(statement)</div><div hidden id='S:'>\(long)</div></body>"
        #expect(text(page)?.contains("will ask the court") == true)
        #expect(text(page)?.contains("lamps") == false)
    }

    @Test("a page that does not end its head has its article")
    func openHead() {
        let page = "<title>Bank</title><article><h1>Bank of the bay</h1>\(statement)\(statement)</article>"
        let item = readHTML(Array(page.utf8), charset: "utf-8", hints: DocumentHints()).items.first
        #expect(item?.text.contains("will ask the court") == true)
    }
}
