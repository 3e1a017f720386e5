import CMarkup

/// Converts HTML to text.
package enum HTMLText {
    /// The text of an HTML fragment: one line per paragraph, heading, list item and table row (its cells joined by ` |
    /// `), with references decoded and white space as a browser shows it. Scripts, forms, navigation and hidden
    /// elements contribute nothing. Any bytes give some text.
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
        var writer = HTMLTextWriter()
        // The elements around the current node: where each ends, and what it is.
        var open: [(end: Int, tag: HTMLNodes.Tag)] = []
        var node = range.lowerBound
        while node < range.upperBound {
            while let last = open.last, last.end <= node {
                writer.close(last.tag)
                open.removeLast()
            }
            let tag = nodes.tag(node)
            if tag == TIDINGS_HTML_TEXT {
                writer.put(nodes.bytes, nodes.textRange(node))
                node += 1
            } else if isNeverShown(tag, node, nodes) || nodes.isHidden(node) || isDropped(node) {
                // A dropped block still separates the text before it from the text after it.
                if isBlock(tag) { writer.endLine() }
                node = nodes.subtree(node).upperBound
            } else {
                writer.open(tag)
                open.append((nodes.subtree(node).upperBound, tag))
                node += 1
            }
        }
        while let last = open.popLast() { writer.close(last.tag) }
        return writer.finish()
    }

    private static func isNeverShown(_ tag: HTMLNodes.Tag, _ node: Int, _ nodes: HTMLNodes) -> Bool {
        switch tag {
        case TIDINGS_HTML_SCRIPT, TIDINGS_HTML_STYLE, TIDINGS_HTML_NOSCRIPT, TIDINGS_HTML_NOFRAMES,
            TIDINGS_HTML_TEMPLATE, TIDINGS_HTML_NAV, TIDINGS_HTML_BUTTON, TIDINGS_HTML_SELECT, TIDINGS_HTML_IFRAME,
            TIDINGS_HTML_SVG, TIDINGS_HTML_MATH, TIDINGS_HTML_HEAD, TIDINGS_HTML_TEXTAREA, TIDINGS_HTML_DATALIST,
            TIDINGS_HTML_CANVAS, TIDINGS_HTML_VIDEO, TIDINGS_HTML_AUDIO, TIDINGS_HTML_OBJECT, TIDINGS_HTML_RP,
            TIDINGS_HTML_RT, TIDINGS_HTML_OPTION, TIDINGS_HTML_DIALOG:
            true
        // Some servers wrap the whole page in one form: then the prose in it belongs to the page.
        case TIDINGS_HTML_FORM: nodes.subtree(node).count { nodes.tag($0) == TIDINGS_HTML_P } < 3
        default: false
        }
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
        TIDINGS_HTML_TRACK, TIDINGS_HTML_TT, TIDINGS_HTML_U, TIDINGS_HTML_VAR, TIDINGS_HTML_WBR:
        true
    default: false
    }
}
