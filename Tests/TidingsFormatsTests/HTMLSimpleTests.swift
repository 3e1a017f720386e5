import TestSupport
import Testing

@testable import TidingsFormats

@Suite struct SimpleHTMLTests {
    @Test("ordinary markup of feeds is read without the parser", arguments: [
        "<p>One <a href=\"https://h.example/?a=1&amp;b=2\" class='x'>link</a>&#8217;s end.</p>\n<p>Two</p>",
        "<div style=\"text-align: center\"><img src=\"a.png\" /><br/>below</div><!-- more -->",
        "<ul>\n<li>bell</li>\n<li>rope <b>hemp</b></li></ul><h2>Ships</h2><table><tr><td>1</td><td>2</td></tr></table>",
        "<blockquote><p>It floats.</p></blockquote>she said<hr>",
    ])
    func takes(html: String) {
        let bytes = Array(html.utf8)
        #expect(SimpleHTML.text(of: bytes) == HTMLText.parsedText(of: bytes))
    }

    @Test("what may be hidden, repaired or dropped is left to the parser", arguments: [
        "<p hidden>a</p>", "<p style='display:none'>a</p>", "<b aria-hidden=true>a</b>", "<script>a</script>", "<p>a<p>b", "</p>a",
        "<b><p>a</p></b>", "<a href=x>a</a>", "<p a='1'b='2'>x</p>", "<svg>a</svg>", "<pre>a</pre>", "<!DOCTYPE html>a", "a < b",
        "<sup>2</sup>", "<sub>2</sub>", "<math>a</math>", "<b class='comment-count'>2</b>", "<b id=\"viewCount\">2</b>",
        "<img class='emoji' alt=':bell:'>", "<img alt=' 🔔'>", "<img alt='&#128276;'>", "<img class='latex' alt='a'>", "<ol start='2'></ol>",
        "<ul><li value='2'>a</li></ul>", "<b class='&#99;ount'>2</b>", "<img src='https://latex.codecogs.com/a' alt='a'>",
        "a\u{1}b", "<li>a</li>", "<p>a</p", "<!-->a", "<!-- --!> a -->",
    ])
    func leaves(html: String) { #expect(SimpleHTML.text(of: Array(html.utf8)) == nil) }

    @Test("both ways lead to the same text")
    func agree() {
        let elements = [
            "p", "div", "span", "a", "b", "em", "h2", "ul", "ol", "li", "blockquote", "table", "tbody", "tr", "td", "th", "figure",
            "figcaption", "section", "font", "center", "sup", "sub", "math", "time",
        ]
        let attributes = [
            "", "", "", " class=\"x\"", " class='x y'", " class=\"reading-time\"", " id='commentCount'", " start=\"3\"", " value='4'",
            " class='timeago'", " class='points'", " data-testid='views-count'",
        ]
        let message = ["one", " two", "\u{A0}", "three ", "\n", "&amp;", "&nbsp;", "&#8217;", "&lbrace;", "é", "&", "<br>", "<img src='a'/>",
                     "<hr />", "<!-- c -->", "\u{96}", ";", "&#13;", "\t", "2",
                     "<img alt='🔔' src='a'>", "<img class=\"wp-smiley\" alt=\":)\">", "<img alt='колокол'>", "<img alt='鐘'/>", "5 points"]
        var simple = 0
        for seed in 1...6000 as ClosedRange<UInt64> {
            var random = Seeded(seed: seed)
            var html = ""
            var open: [String] = []
            for _ in 0..<Int.random(in: 1...25, using: &random) {
                switch Int.random(in: 0..<10, using: &random) {
                case 0...3:
                    open.append(elements.randomElement(using: &random)!)
                    html += "<\(open.last!)" + attributes.randomElement(using: &random)! + ">"
                case 4...6:
                    if let last = open.popLast() { html += "</\(last)>" }
                default: html += message.randomElement(using: &random)!
                }
            }
            let bytes = Array(html.utf8)
            guard let text = SimpleHTML.text(of: bytes) else { continue }
            simple += 1
            #expect(text == HTMLText.parsedText(of: bytes), "\(html)")
        }
        #expect(simple > 500)
    }
}
