import CMarkup

/// Converts HTML to text.
package enum HTMLText {
    /// The text of an HTML fragment: one line per paragraph, heading, list item and table row (its cells joined by ` |
    /// `), with references decoded and white space as a browser shows it. Scripts, forms, navigation and hidden
    /// elements contribute nothing. Formulas, exponents, pictures of emoji and the numbers of lists are text; counters of
    /// visitors are none. Any bytes give some text.
    package static func text(ofFragment html: [UInt8]) -> String {
        // Most titles and many summaries are plain text.
        guard html.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
            return foldedSpace(html[...])
        }
        return SimpleHTML.text(of: html) ?? parsedText(of: html)
    }

    /// The text of a fragment, by way of the parser, which accepts any markup.
    static func parsedText(of html: [UInt8]) -> String {
        let nodes = HTMLNodes(html)
        return HTMLText.text(of: nodes, in: nodes.all) { _ in false }
    }

    /// The text of the nodes in `range`, without the subtrees that `isDropped` names.
    static func text(of nodes: HTMLNodes, in range: Range<Int>, isDropped: (Int) -> Bool) -> String {
        HTMLTextWalk(nodes).text(in: range) { isDropped($0) ? .dropped : .byItself }
    }

    /// The text of one element as one line: a title.
    static func line(of node: Int, in nodes: HTMLNodes) -> String {
        let text = text(of: nodes, in: nodes.subtree(node)) { _ in false }
        // A heading that is hidden is a heading all the same.
        return text.isEmpty ? nodes.plainText(of: node) : foldedSpace(Array(text.utf8)[...])
    }
}

/// Whether an element of this kind starts and ends a line.
func isBlock(_ tag: HTMLNodes.Tag) -> Bool {
    switch tag {
    case TIDINGS_HTML_TEXT, TIDINGS_HTML_A, TIDINGS_HTML_TIME, TIDINGS_HTML_BUTTON,
        TIDINGS_HTML_SELECT, TIDINGS_HTML_SCRIPT, TIDINGS_HTML_STYLE, TIDINGS_HTML_NOSCRIPT, TIDINGS_HTML_TEMPLATE,
        TIDINGS_HTML_SVG, TIDINGS_HTML_MATH, TIDINGS_HTML_RP, TIDINGS_HTML_RT, TIDINGS_HTML_BR, TIDINGS_HTML_TD,
        TIDINGS_HTML_TH, TIDINGS_HTML_TEXTAREA, TIDINGS_HTML_LINK, TIDINGS_HTML_META, TIDINGS_HTML_OPTION,
        TIDINGS_HTML_CANVAS, TIDINGS_HTML_OBJECT:
        false
    default: !isPhrase(tag)
    }
}

/// Whether an element of this kind only says how its text looks or what it means, or is one without a tag of its own.
func isPhrase(_ tag: HTMLNodes.Tag) -> Bool {
    switch tag {
    case TIDINGS_HTML_OTHER, TIDINGS_HTML_ABBR, TIDINGS_HTML_ACRONYM, TIDINGS_HTML_B, TIDINGS_HTML_BDI,
        TIDINGS_HTML_BDO, TIDINGS_HTML_BIG, TIDINGS_HTML_CITE, TIDINGS_HTML_CODE, TIDINGS_HTML_COL,
        TIDINGS_HTML_COLGROUP, TIDINGS_HTML_DATA, TIDINGS_HTML_DEL, TIDINGS_HTML_DFN, TIDINGS_HTML_EM, TIDINGS_HTML_I,
        TIDINGS_HTML_IMG, TIDINGS_HTML_INS, TIDINGS_HTML_KBD, TIDINGS_HTML_MARK, TIDINGS_HTML_PICTURE, TIDINGS_HTML_Q,
        TIDINGS_HTML_RUBY, TIDINGS_HTML_S, TIDINGS_HTML_SAMP, TIDINGS_HTML_SMALL, TIDINGS_HTML_SOURCE,
        TIDINGS_HTML_SPAN, TIDINGS_HTML_STRIKE, TIDINGS_HTML_STRONG, TIDINGS_HTML_SUB, TIDINGS_HTML_SUP,
        TIDINGS_HTML_TRACK, TIDINGS_HTML_TT, TIDINGS_HTML_U, TIDINGS_HTML_VAR, TIDINGS_HTML_WBR,
        TIDINGS_HTML_RELATIVE_TIME, TIDINGS_HTML_TIME_AGO:
        true
    // Formulas.
    case TIDINGS_HTML_ANNOTATION, TIDINGS_HTML_ANNOTATION_XML, TIDINGS_HTML_MFRAC, TIDINGS_HTML_MOVER,
        TIDINGS_HTML_MPHANTOM, TIDINGS_HTML_MROOT, TIDINGS_HTML_MSQRT, TIDINGS_HTML_MSUB, TIDINGS_HTML_MSUBSUP,
        TIDINGS_HTML_MSUP, TIDINGS_HTML_MTD, TIDINGS_HTML_MTR, TIDINGS_HTML_MUNDER, TIDINGS_HTML_MUNDEROVER,
        TIDINGS_HTML_SEMANTICS:
        true
    default: false
    }
}
