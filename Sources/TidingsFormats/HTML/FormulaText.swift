import CMarkup

/// A formula as text: its TeX if the page has it, as most do for readers that show no MathML; else its characters.
///
/// Programs that draw formulas (KaTeX, MathJax, MediaWiki) leave them in a page two or three times: drawn, in MathML
/// for screen readers, and in a script. The formula is text once.
struct FormulaText {
    let text: String
    /// Whether the formula stands on a line of its own.
    let isBlock: Bool

    /// Nil if the element at `node` is no formula. One that repeats a formula is one without text.
    init?(_ nodes: HTMLNodes, _ node: Int) {
        switch nodes.tag(node) {
        case TIDINGS_HTML_MATH:
            text = Self.text(ofMath: node, nodes)
            isBlock = nodes.attribute("display", of: node) == "block" || nodes.attribute("mode", of: node) == "display"
        case TIDINGS_HTML_SCRIPT:
            guard let type = Self.scriptType(node, nodes) else { return nil }
            text = Self.tex(String(repairing: nodes.rawText(of: node)))
            isBlock = type.contains("mode=display")
        case TIDINGS_HTML_SPAN, TIDINGS_HTML_DIV:
            guard Self.repeatsFormula(node, nodes) else { return nil }
            text = ""
            isBlock = false
        default: return nil
        }
    }

    /// Whether `node` is hidden from the eye because it holds a formula that is also drawn.
    static func isHolder(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        guard let name = nodes.attribute("class", of: node) else { return false }
        if name.contains("katex-html") { return true }
        let isNamed = ["math", "katex", "MathJax", "mjx", "MJX"].contains { name.contains($0) }
        return isNamed && nodes.holds(TIDINGS_HTML_MATH, below: node)
    }

    private static func repeatsFormula(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        guard let name = nodes.attributeBytes("class", of: node) else { return false }
        if NameWords.names(name).contains(where: { $0.elementsEqual("katex-html".utf8) }) {
            return nodes.holds(TIDINGS_HTML_MATH, below: nodes.parent(node))
        }
        guard name.starts(with: "MathJax".utf8) else { return false }
        // What MathJax 2 draws, and the preview before it, are followed by the script with their TeX.
        var next = nodes.subtree(node).upperBound
        let end = nodes.subtree(nodes.parent(node)).upperBound
        while next < end {
            if scriptType(next, nodes) != nil { return true }
            let isBlank = nodes.tag(next) == TIDINGS_HTML_TEXT && nodes.bytes[nodes.textRange(next)].allSatisfy { $0 <= 0x20 }
            guard isBlank || nodes.attribute("class", of: next)?.hasPrefix("MathJax") == true else { return false }
            next = nodes.subtree(next).upperBound
        }
        return false
    }

    private static func scriptType(_ node: Int, _ nodes: HTMLNodes) -> String? {
        guard nodes.tag(node) == TIDINGS_HTML_SCRIPT, let type = nodes.attribute("type", of: node)?.lowercased(),
            type.hasPrefix("math/tex") || type.hasPrefix("math/asciimath")
        else { return nil }
        return type.filter { $0 != " " }
    }

    // MARK: MathML

    /// More elements than a formula has; their texts are joined without looking at their structure.
    private static let nodeLimit = 4096

    private static func text(ofMath node: Int, _ nodes: HTMLNodes) -> String {
        let range = nodes.subtree(node)
        let annotation = range.first { index in
            nodes.tag(index) == TIDINGS_HTML_ANNOTATION
                && nodes.attribute("encoding", of: index)?.lowercased().contains("tex") == true
        }
        if let annotation {
            let tex = tex(nodes.plainText(of: annotation))
            if !tex.isEmpty { return tex }
        }
        if let alternative = nodes.attribute("alttext", of: node).map(tex), !alternative.isEmpty { return alternative }
        guard range.count <= nodeLimit else { return nodes.plainText(of: node) }
        return foldedSpace(Array(characters(of: node, nodes).utf8)[...])
    }

    /// TeX without what only says how large the formula is drawn: `{\displaystyle x^{2}}`.
    static func tex(_ source: String) -> String {
        var text = foldedSpace(Array(source.utf8)[...])
        for wrapper in ["% <![CDATA["] where text.hasPrefix(wrapper) {
            text = foldedSpace(Array(text.dropFirst(wrapper.count).utf8)[...])
            if text.hasSuffix("%]]>") || text.hasSuffix("% ]]>") {
                text = foldedSpace(Array(text.prefix { $0 != "%" }.utf8)[...])
            }
        }
        for style in ["\\displaystyle", "\\textstyle"] {
            if text.hasPrefix("{\(style)"), text.hasSuffix("}") { text = String(text.dropFirst(style.count + 1).dropLast()) }
            if text.hasPrefix(style) { text = String(text.dropFirst(style.count)) }
        }
        return foldedSpace(Array(text.utf8)[...])
    }

    private static func characters(of node: Int, _ nodes: HTMLNodes) -> String {
        let tag = nodes.tag(node)
        switch tag {
        case TIDINGS_HTML_TEXT: return visible(nodes.bytes[nodes.textRange(node)])
        case TIDINGS_HTML_ANNOTATION, TIDINGS_HTML_ANNOTATION_XML, TIDINGS_HTML_MPHANTOM: return ""
        default: break
        }
        let parts = nodes.children(of: node).map { characters(of: $0, nodes) }.filter { !$0.isEmpty }
        switch (tag, parts.count) {
        case (TIDINGS_HTML_MFRAC, 2): return "\(group(parts[0]))/\(group(parts[1]))"
        case (TIDINGS_HTML_MSUP, 2), (TIDINGS_HTML_MOVER, 2): return parts[0] + RaisedText.superscript(parts[1])
        case (TIDINGS_HTML_MSUB, 2), (TIDINGS_HTML_MUNDER, 2): return parts[0] + RaisedText.subscript(parts[1])
        case (TIDINGS_HTML_MSUBSUP, 3), (TIDINGS_HTML_MUNDEROVER, 3):
            return parts[0] + RaisedText.subscript(parts[1]) + RaisedText.superscript(parts[2])
        case (TIDINGS_HTML_MSQRT, 1...): return "√\(group(parts.joined()))"
        case (TIDINGS_HTML_MROOT, 2): return "\(RaisedText.superscript(parts[1]))√\(group(parts[0]))"
        case (TIDINGS_HTML_MTR, _): return parts.joined(separator: ", ") + "; "
        default: return parts.joined()
        }
    }

    private static func group(_ part: String) -> String { part.unicodeScalars.count > 1 && !isNumber(part) ? "(\(part))" : part }

    private static func isNumber(_ part: String) -> Bool { part.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ".") } }

    /// The characters that are seen: not the invisible times sign and its like (U+2061 to U+2064).
    private static func visible(_ text: ArraySlice<UInt8>) -> String {
        let folded = foldedSpace(text)
        return String(String.UnicodeScalarView(folded.unicodeScalars.filter { !(0x2061...0x2064).contains($0.value) }))
    }
}
