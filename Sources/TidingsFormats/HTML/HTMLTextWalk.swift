import CMarkup

/// Walks the nodes of a page or fragment in order and writes their text.
struct HTMLTextWalk {
    /// What becomes of an element: nothing; its text, although it is hidden; or what its own attributes say.
    enum Verdict { case dropped, shown, byItself }

    private let nodes: HTMLNodes
    private var writer = HTMLTextWriter()
    /// The elements around the current node: where each ends, and what it is.
    private var open: [(end: Int, tag: HTMLNodes.Tag)] = []
    /// The lists around the current node whose numbers are text.
    private var lists: [Int: ListNumbers] = [:]

    init(_ nodes: HTMLNodes) { self.nodes = nodes }

    /// The text of the nodes in `range`.
    /// - Parameter verdict: what is known of an element beyond its own look. The first node is never dropped.
    consuming func text(in range: Range<Int>, verdict: (Int) -> Verdict) -> String {
        walk(range, verdict)
        return writer.finish()
    }

    /// The text of the nodes in `range` as UTF-8, and which nodes each of its lines came from.
    consuming func lines(in range: Range<Int>, verdict: (Int) -> Verdict) -> (text: [UInt8], lines: [LineOrigin]) {
        writer.noteOrigins()
        walk(range, verdict)
        return writer.finishLines()
    }

    private mutating func walk(_ range: Range<Int>, _ verdict: (Int) -> Verdict) {
        var node = range.lowerBound
        var linkEnd = 0
        while node < range.upperBound {
            while let last = open.last, last.end <= node {
                writer.close(last.tag)
                open.removeLast()
            }
            let tag = nodes.tag(node)
            if tag == TIDINGS_HTML_A { linkEnd = max(linkEnd, nodes.subtree(node).upperBound) }
            writer.name(node, isLinked: node < linkEnd)
            if tag == TIDINGS_HTML_TEXT {
                writer.put(nodes.bytes, nodes.textRange(node))
                node += 1
            } else if let formula = FormulaText(nodes, node) {
                put(formula)
                node = nodes.subtree(node).upperBound
            } else if node > range.lowerBound, isDropped(node, verdict(node)) {
                // A dropped block still separates the text before it from the text after it.
                if isBlock(tag) { writer.endLine() }
                node = nodes.subtree(node).upperBound
            } else {
                node = show(tag, node)
            }
        }
        while let last = open.popLast() { writer.close(last.tag) }
    }

    /// Writes an element, or begins it. Returns the node to go on with.
    private mutating func show(_ tag: HTMLNodes.Tag, _ node: Int) -> Int {
        switch tag {
        case TIDINGS_HTML_IMG:
            if let text = PictureText.text(of: node, in: nodes) { writer.put(text) }
        case TIDINGS_HTML_SUP, TIDINGS_HTML_SUB:
            if let raised = RaisedText(nodes, node, after: writer.adjacentByte) {
                writer.put(raised.text)
                if raised.endsWithSpace { writer.putSpace() }
                return raised.end
            }
        case TIDINGS_HTML_OL: lists[node] = ListNumbers(node, nodes)
        default: break
        }
        writer.open(tag)
        if tag == TIDINGS_HTML_LI, let marker = lists[nodes.parent(node)]?.next(node, nodes) { writer.mark(marker) }
        open.append((nodes.subtree(node).upperBound, tag))
        return node + 1
    }

    private mutating func put(_ formula: FormulaText) {
        if formula.isBlock { writer.endLine() }
        writer.put(formula.text)
        if formula.isBlock { writer.endLine() }
    }

    private func isDropped(_ node: Int, _ verdict: Verdict) -> Bool {
        if PageCounter.isCounter(node, nodes) { return true }
        switch verdict {
        case .dropped: return true
        case .shown: return false
        case .byItself: return nodes.isNeverShown(node) || nodes.isUnseen(node) || nodes.isFormOnly(node)
        }
    }
}

extension HTMLNodes {
    /// Whether a browser never shows an element, or shows in it what is no part of an article. The head is not among
    /// them: where its end is not written, libxml2 reads the elements that HTML 5 added as parts of it.
    func isNeverShown(_ node: Int) -> Bool {
        switch tag(node) {
        case TIDINGS_HTML_SCRIPT, TIDINGS_HTML_STYLE, TIDINGS_HTML_NOSCRIPT, TIDINGS_HTML_NOFRAMES,
            TIDINGS_HTML_TEMPLATE, TIDINGS_HTML_NAV, TIDINGS_HTML_BUTTON, TIDINGS_HTML_SELECT, TIDINGS_HTML_IFRAME,
            TIDINGS_HTML_SVG, TIDINGS_HTML_TITLE, TIDINGS_HTML_TEXTAREA, TIDINGS_HTML_DATALIST, TIDINGS_HTML_CANVAS,
            TIDINGS_HTML_VIDEO, TIDINGS_HTML_AUDIO, TIDINGS_HTML_OBJECT, TIDINGS_HTML_RP, TIDINGS_HTML_RT,
            TIDINGS_HTML_OPTION, TIDINGS_HTML_DIALOG:
            true
        default: false
        }
    }

    /// Whether an element is hidden. A formula that is hidden for the eye is the one for the reader: the eye sees a
    /// picture of it.
    func isUnseen(_ node: Int) -> Bool { isHidden(node) && !FormulaText.isHolder(node, self) }

    /// Whether an element is a form with nothing to read. Some servers wrap the whole page in one form: then the prose in
    /// it belongs to the page.
    func isFormOnly(_ node: Int) -> Bool {
        tag(node) == TIDINGS_HTML_FORM && subtree(node).count { tag($0) == TIDINGS_HTML_P } < 3
    }
}
