import TestSupport
import Testing
import TidingsCore

@testable import TidingsFormats

private func text(_ html: String) -> String { HTMLText.text(ofFragment: Array(html.utf8)) }

@Suite struct FormulasInHTML {
    @Test("a formula in MathML is text once", arguments: [
        ("<math alttext='k'><semantics><mi>k</mi><annotation encoding='application/x-tex'>k_{0}</annotation></semantics></math>", "k_{0}"),
        ("<math alttext='3^{5}'><msup><mn>3</mn><mn>5</mn></msup></math>", "3^{5}"),
        ("<math><msup><mn>3</mn><mrow><mo>−</mo><mn>5</mn></mrow></msup></math>", "3⁻⁵"),
        ("<math><msup><mi>e</mi><mi>w</mi></msup></math>", "e^(w)"),
        ("<math><mfrac><mn>3</mn><mi>d</mi></mfrac></math>", "3/d"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>12</mn></mfrac></math>", "(a+b)/12"),
        ("<math><msqrt><mn>2</mn></msqrt><mo>&#x2062;</mo><msub><mi>v</mi><mn>0</mn></msub></math>", "√2v₀"),
        ("<math><msubsup><mi>v</mi><mn>0</mn><mn>2</mn></msubsup></math>", "v₀²"),
        ("<math><semantics><mi>q</mi><annotation-xml encoding='MathML-Content'><ci>q</ci></annotation-xml></semantics></math>", "q"),
        ("<math><semantics><mi>q</mi><annotation encoding='StarMath 5.0'>Q</annotation></semantics></math>", "q"),
        ("<math alttext='{\\displaystyle q}'><mi>r</mi></math>", "q"),
    ])
    func mathML(math: String, expected: String) {
        #expect(text("<p>The tide is \(math) here.</p>") == "The tide is \(expected) here.")
    }

    @Test("a formula on a line of its own is one, and one that is hidden is hidden")
    func places() {
        #expect(text("<p>It is<math display='block'><mi>q</mi></math>high.</p>") == "It is\nq\nhigh.")
        #expect(text("<p>It is <span hidden><math><mi>q</mi></math></span>high.</p>") == "It is high.")
        #expect(text("<p>It is <math></math>high.</p>") == "It is high.")
    }

    @Test("what KaTeX, MathJax and MediaWiki write is the formula once", arguments: [
        """
        <span class="katex"><span class="katex-mathml"><math><semantics><msup><mi>h</mi><mn>2</mn></msup><annotation
        encoding="application/x-tex">h^2</annotation></semantics></math></span><span class="katex-html"
        aria-hidden="true"><span class="mord">h</span><span class="vlist">2</span></span></span>
        """,
        """
        <span class="katex"><span class="katex-mathml"><math><annotation encoding="application/x-tex">h^2</annotation></math></span
        ><span class="katex-html"><span>h</span><span>2</span></span></span>
        """,
        """
        <span class="MathJax_Preview">[h^2]</span><span class="MathJax" id="m-Frame"><nobr>h2</nobr><span
        class="MJX_Assistive_MathML"><math><mi>h</mi></math></span></span><script type="math/tex">h^2</script>
        """,
        """
        <mjx-container class="MathJax" jax="CHTML"><mjx-math aria-hidden="true"><mjx-mi>h</mjx-mi></mjx-math><mjx-assistive-mml
        ><math alttext="h^2"><mi>h</mi></math></mjx-assistive-mml></mjx-container>
        """,
        """
        <span class="mwe-math-element"><span class="mwe-math-mathml-inline" style="display: none;"><math><semantics><mi>h</mi>
        <annotation encoding="application/x-tex">{\\displaystyle h^2}</annotation></semantics></math></span><img src="h.svg"
        class="mwe-math-fallback-image-inline" alt="{\\displaystyle h^2}"></span>
        """,
        "<img class='latex' src='h.png' alt='h^2'>", "<img class='ql-img-inline-formula quicklatex-auto-format' alt='h^2'>",
        "<img src='https://latex.codecogs.com/gif.latex?h%5E2' alt='h^2'>",
        "<span class='katex'><span class='katex-html' aria-hidden='true'>h^2</span></span>",
    ])
    func programs(html: String) {
        #expect(text("<p>The tide is \(html.replacing("\n", with: " ")) here.</p>") == "The tide is h^2 here.")
    }

    @Test("other scripts are no text", arguments: ["<script>h</script>", "<script type='text/javascript'>h</script>"])
    func scripts(html: String) { #expect(text("<p>It\(html)</p>") == "It") }

    @Test("a page and a Markdown file have formulas too")
    func documents() throws {
        let math = "<math><msup><mn>3</mn><mn>5</mn></msup></math>"
        let line = "The tide of the northern bay rises by \(math) lamps in each of the winter nights."
        let page = readHTML(Array("<article><p>\(line)</p></article>".utf8), charset: "utf-8", hints: DocumentHints())
        let note = readMarkdown(Array(line.utf8), charset: "utf-8", hints: DocumentHints())
        #expect(page.items.first?.text.contains("by 3⁵ lamps") == true)
        #expect(note.items.first?.text.contains("by 3⁵ lamps") == true)
    }

    @Test("a formula of very many parts is read in a moment", .timeLimit(.minutes(1)))
    func large() {
        let deep = String(repeating: "<msqrt>", count: 400) + "x" + String(repeating: "<mi>y</mi>", count: 20_000)
        #expect(text("<p>It is <math>\(deep)</math></p>").hasPrefix("It is x"))
    }
}

@Suite struct RaisedTextInHTML {
    @Test("a raised number is an exponent, and a lowered one an index", arguments: [
        ("10<sup>6</sup> lamps", "10⁶ lamps"), ("10<sup>−4</sup>", "10⁻⁴"), ("10<sup>-12</sup>", "10⁻¹²"),
        ("10<sup> 6 </sup>lamps", "10⁶ lamps"), ("m<sup>2</sup>", "m²"), ("H<sub>2</sub>O", "H₂O"), ("CO<SUB>2</SUB>e", "CO₂e"),
        ("Ca<sup>2+</sup>", "Ca²⁺"), ("<sup>14</sup>C", "¹⁴C"), ("2<sup>n</sup>", "2ⁿ"), ("2<sup>n+1</sup>", "2ⁿ⁺¹"),
        ("x<sub>i</sub>", "xᵢ"), ("x<sub>1,2</sub>", "x₁,₂"), ("T<sub>max</sub>", "Tₘₐₓ"), ("V<sub>GS</sub>", "V_(GS)"),
        ("10<sup>2q</sup>", "10^(2q)"), ("10<sup>1.5</sup>", "10^(1.5)"), ("e<sup>−w/2</sup>", "e^(−w/2)"),
        ("10<sup><i>6</i></sup>", "10⁶"), ("2<sup>x<sup>2</sup></sup>", "2^(x²)"), ("<b>10</b><sup>6</sup>", "10⁶"),
    ])
    func formulas(html: String, expected: String) { #expect(text("<p>\(html)</p>") == expected) }

    @Test("small letters stay letters", arguments: [
        ("1<sup>st</sup>", "1st"), ("M<sup>lle</sup>", "Mlle"), ("2<sup>e</sup>", "2e"), ("n<sup>o</sup>", "no"),
        ("Lamp<sup>TM</sup>", "LampTM"), ("Lamp<sup>®</sup>", "Lamp®"), ("Lamp<sup>™</sup>", "Lamp™"), ("5<sup>.99</sup>", "5.99"),
        ("lamp<sup>*</sup>", "lamp*"), ("<sub>Drawn by the keeper of the lamp</sub>", "Drawn by the keeper of the lamp"),
        ("lamp<sup>new</sup>", "lampnew"), ("<sup>2nd</sup> lamp", "2nd lamp"), ("lamp<sup></sup>", "lamp"),
        ("lamp<sup>see the 2 notes below</sup>", "lampsee the 2 notes below"), ("5<sup>min</sup>", "5min"),
    ])
    func letters(html: String, expected: String) { #expect(text("<p>\(html)</p>") == expected) }

    @Test("the mark of a note is no exponent", arguments: [
        ("in 1990<sup><a href='#n1'>1</a></sup>", "in 1990[1]"), ("in 1990<a href='#n1'><sup>1</sup></a>", "in 1990[1]"),
        ("in 1990<sup class='footnote-ref'>1</sup>", "in 1990[1]"), ("in 1990<sup id='fnref:12'>12</sup>", "in 1990[12]"),
        ("in 1990<sup class='reference'><a href='#c'>[1]</a></sup>", "in 1990[1]"), ("lamps<sup>1,2</sup>", "lamps¹,²"),
        ("in 1990<sup><a href='#n1'>a</a></sup>", "in 1990[a]"), ("in 1990<sup><a href='#n1'>*</a></sup>", "in 1990*"),
        ("in 1990<sup><a href='#1'>1</a>, <a href='#2'>2</a></sup>", "in 1990[1, 2]"), ("lamps<sup>[3]</sup>", "lamps[3]"),
        ("<a href='/story#top'>10<sup>6</sup> lamps</a>", "10⁶ lamps"),
    ])
    func notes(html: String, expected: String) { #expect(text("<p>\(html)</p>") == expected) }

    @Test("a fraction is one", arguments: [
        ("<sup>3</sup>⁄<sub>4</sub> mile", "3/4 mile"), ("2<sup>3</sup>/<sub>4</sub> miles", "2 3/4 miles"),
        ("<span><sup>3</sup>&frasl;<sub>4</sub></span> mile", "3/4 mile"),
        ("<sup>3</sup><span>/</span><sub>4</sub> mile", "3/4 mile"), ("x<sup>3</sup><sub>4</sub>", "x³₄"),
    ])
    func fractions(html: String, expected: String) { #expect(text("<p>\(html)</p>") == expected) }

    @Test("a headline with an index is found again in the text of its page")
    func headline() {
        let item = readHTML(
            Array(
                """
                <title>Less CO2 in the bay - Bay Post</title><article><h1>Less CO<sub>2</sub> in the bay</h1>
                <p>The lamps of the bay burn no oil since the first days of the winter, and nobody misses it.</p></article>
                """.utf8), charset: "utf-8", hints: DocumentHints()
        ).items.first
        #expect(item?.title == "Less CO₂ in the bay")
        #expect(item?.text.hasPrefix("The lamps") == true)
    }
}

@Suite struct PicturesInHTML {
    @Test("a picture of a character is that character", arguments: [
        ("<img class='emoji' alt='🔔' src='b.png'>", "🔔"), ("<img alt=\"👩‍🚒\" class=\"wp-smiley\" />", "👩‍🚒"),
        ("<img class='emoji' alt=':bell:'>", ":bell:"), ("<img class='wp-smiley' alt=';-)'>", ";-)"),
        ("<img src='b.png' alt='🔔'>", "🔔"), ("<img class='emoji' alt='1️⃣'>", "1️⃣"), ("<img class='twemoji' alt='🇰🇿'>", "🇰🇿"),
        ("<img src='b.png' alt='♥️'/>", "♥️"),
    ])
    func emoji(html: String, expected: String) { #expect(text("<p>Ring \(html)!</p>") == "Ring \(expected)!") }

    @Test("the description of a picture is no text", arguments: [
        "<img alt='A bell'>", "<img class='emoji' alt='A bell rings'>", "<img alt=':bell:'>", "<img alt=''>", "<img class='emoji'>",
        "<img alt='5'>", "<img alt='🔔 of the bay'>", "<img alt='©'>", "<img class='texture' alt='A bell'>", "<img alt='колокол'>",
        "<img class='formula-one' alt='A race'>",
    ])
    func pictures(html: String) { #expect(text("<p>Ring \(html)!</p>") == "Ring !") }
}

@Suite struct ListNumbersInHTML {
    @Test("numbers that the list names are text", arguments: [
        ("<ol start='3'><li>bell</li><li>rope</li></ol>", "3. bell\n4. rope"),
        ("<ol><li>bell</li><li value='7'>rope</li><li>lamp</li></ol>", "1. bell\n7. rope\n8. lamp"),
        ("<ol reversed><li>bell</li><li>rope</li></ol>", "2. bell\n1. rope"),
        ("<ol type='a'><li><p>bell</p><p>big</p></li><li>rope</li></ol>", "a. bell\nbig\nb. rope"),
        ("<ol type='I' start='4'><li>bell</li></ol>", "IV. bell"),
        ("<ol start='2'><li>bell<ul><li>rope</li></ul></li><li>lamp</li></ol>", "2. bell\nrope\n3. lamp"),
        ("<ol start='2'><li></li><li>lamp</li></ol>", "3. lamp"), ("<ol start='0'><li>bell</li></ol>", "0. bell"),
    ])
    func numbers(html: String, expected: String) { #expect(text(html) == expected) }

    @Test("numbers that only count are not written", arguments: [
        "<ol><li>bell</li><li>rope</li></ol>", "<ol start='1' type='1'><li>bell</li><li>rope</li></ol>",
        "<ol start='x'><li>bell</li><li>rope</li></ol>", "<ul start='4'><li value='x'>bell</li><li>rope</li></ul>",
        "<ol start='99999999999999999999'><li>bell</li><li>rope</li></ol>",
    ])
    func plain(html: String) { #expect(text(html) == "bell\nrope") }

    @Test("a list in Markdown is the same")
    func markdown() {
        let note = readMarkdown(Array("3. bell\n4. rope\n".utf8), charset: "utf-8", hints: DocumentHints())
        #expect(note.items.first?.text == "3. bell\n4. rope")
    }
}
