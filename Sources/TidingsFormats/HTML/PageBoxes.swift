import CMarkup

/// The parts of a page that are not there to be read with its article: what is hidden, dialogs, consent banners,
/// newsletter boxes, forms. They may hold more prose than the article, so they go before anything is counted.
///
/// Evidence against a box is that it holds the page itself. A page whose whole text is in such a part has its text there.
struct PageBoxes {
    /// What is left out. Each is tried only if the one before it leaves no text.
    enum Extent: CaseIterable {
        case all, hidden, none
    }

    /// The roots of what is left out.
    private var dropped: Set<Int> = []
    /// Elements that look like a box and hold the page.
    private var shown: Set<Int> = []
    private let nodes: HTMLNodes

    init(_ nodes: HTMLNodes, _ extent: Extent) {
        self.nodes = nodes
        let page = PageMarks(nodes)
        var node = 0
        while node < nodes.all.upperBound {
            let kind = Self.kind(node, nodes)
            let isLeftOut =
                switch kind {
                case nil: false
                case .unreadable: true
                case .scriptless: !page.isMostly(in: node)
                // Its end may be missing: then the page is in it.
                case .odd: !page.isHeld(by: node) && !page.isMostly(in: node)
                case .hidden: extent != .none && !(page.isHeld(by: node) && page.isMostly(in: node)) && !nodes.isStreamed(node)
                case .veiled: extent != .none && !page.isHeld(by: node) && (page.hasMarks || !page.isMostly(in: node))
                case .box: extent == .all && !page.isHeld(by: node)
                case .form: extent == .all && !page.isHeld(by: node) && !page.isMostly(in: node)
                }
            if isLeftOut { dropped.insert(node) } else if kind != nil || nodes.tag(node) == TIDINGS_HTML_BODY { shown.insert(node) }
            node = isLeftOut ? nodes.subtree(node).upperBound : node + 1
        }
    }

    func verdict(_ node: Int) -> HTMLTextWalk.Verdict {
        dropped.contains(node) ? .dropped : shown.contains(node) ? .shown : .byItself
    }

    // MARK: Kinds

    private enum Kind {
        case unreadable, odd, hidden
        /// What a page shows where no scripts run. Some programs put the whole page there.
        case scriptless
        /// Hidden from screen readers only: decoration, or the page while a dialog is open.
        case veiled
        case box, form
    }

    private static func kind(_ node: Int, _ nodes: HTMLNodes) -> Kind? {
        switch nodes.tag(node) {
        case TIDINGS_HTML_TEXT, TIDINGS_HTML_HTML, TIDINGS_HTML_BODY: return nil
        default: break
        }
        if nodes.tag(node) == TIDINGS_HTML_NOSCRIPT { return .scriptless }
        if nodes.isNeverShown(node) { return isUnreadable(nodes.tag(node)) ? .unreadable : .odd }
        if nodes.isUnseen(node) { return nodes.isOnlyVeiled(node) ? .veiled : .hidden }
        if nodes.isFormOnly(node) { return .form }
        return isDialog(node, nodes) || isNamedBox(node, nodes) ? .box : nil
    }

    private static func isUnreadable(_ tag: HTMLNodes.Tag) -> Bool {
        switch tag {
        case TIDINGS_HTML_SCRIPT, TIDINGS_HTML_STYLE, TIDINGS_HTML_TEMPLATE, TIDINGS_HTML_SELECT, TIDINGS_HTML_TITLE, TIDINGS_HTML_DIALOG:
            true
        default: false
        }
    }

    private static func isDialog(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        if nodes.attribute("aria-modal", of: node) == "true" { return true }
        guard let role = nodes.attribute("role", of: node) else { return false }
        return role == "dialog" || role == "alertdialog"
    }

    private static func isNamedBox(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        switch nodes.tag(node) {
        case TIDINGS_HTML_DIV, TIDINGS_HTML_SECTION, TIDINGS_HTML_ASIDE, TIDINGS_HTML_FORM, TIDINGS_HTML_HEADER,
            TIDINGS_HTML_FOOTER, TIDINGS_HTML_OTHER:
            break
        default: return false
        }
        if let classes = nodes.attributeBytes("class", of: node), BoxName.filter.mayMatch(classes),
            NameWords.names(classes).contains(where: { BoxName.isBox(NameWords.words($0)) })
        {
            return true
        }
        guard let id = nodes.attributeBytes("id", of: node), BoxName.filter.mayMatch(id) else { return false }
        let words = NameWords.words(id)
        // Documents name their sections after the headings.
        return BoxName.isBox(words) && headingWords(of: node, nodes) != words
    }

    private static func headingWords(of node: Int, _ nodes: HTMLNodes) -> [String]? {
        let heading = nodes.children(of: node).first { nodes.tag($0) != TIDINGS_HTML_TEXT }
        guard let heading else { return nil }
        switch nodes.tag(heading) {
        case TIDINGS_HTML_H1, TIDINGS_HTML_H2, TIDINGS_HTML_H3, TIDINGS_HTML_H4, TIDINGS_HTML_H5, TIDINGS_HTML_H6:
            return NameWords.words(Array(nodes.plainText(of: heading).lowercased().utf8)[...])
        default: return nil
        }
    }
}

extension HTMLNodes {
    /// Whether an element is a part that React sends late, as `<div hidden id="S:1">`: a script puts it in its place.
    fileprivate func isStreamed(_ node: Int) -> Bool {
        guard let id = attributeBytes("id", of: node), id.starts(with: "S:".utf8) else { return false }
        return id.count > 2 && id.dropFirst(2).allSatisfy { $0.hexDigitValue != nil }
    }

    /// Whether a hidden element is hidden by `aria-hidden` alone.
    fileprivate func isOnlyVeiled(_ node: Int) -> Bool {
        guard !hasAttribute("hidden", of: node), let style = attribute("style", of: node)?.lowercased() else {
            return !hasAttribute("hidden", of: node)
        }
        return !style.contains("none") && !style.contains("hidden")
    }
}

/// Where a page shows that it has its article.
private struct PageMarks {
    private let nodes: HTMLNodes
    /// For each node: how many marks, first headings and bytes of text are before it.
    private var marks: [Int32] = [0]
    private var headings: [Int32] = [0]
    private var prose: [Int] = [0]

    init(_ nodes: HTMLNodes) {
        self.nodes = nodes
        var codeEnd = 0
        for node in nodes.all {
            let isMark: Bool
            switch nodes.tag(node) {
            case TIDINGS_HTML_MAIN, TIDINGS_HTML_ARTICLE: isMark = true
            case TIDINGS_HTML_TEXT: isMark = false
            default:
                isMark = nodes.attributeBytes("itemprop", of: node)?.elementsEqual("articleBody".utf8) == true
                    || nodes.attributeBytes("role", of: node)?.elementsEqual("main".utf8) == true
            }
            let isHeading = nodes.tag(node) == TIDINGS_HTML_H1
            switch nodes.tag(node) {
            case TIDINGS_HTML_SCRIPT, TIDINGS_HTML_STYLE, TIDINGS_HTML_TEMPLATE:
                codeEnd = max(codeEnd, nodes.subtree(node).upperBound)
            default: break
            }
            let bytes = nodes.tag(node) == TIDINGS_HTML_TEXT && node >= codeEnd ? nodes.textRange(node).count : 0
            marks.append(marks[marks.count - 1] + (isMark ? 1 : 0))
            headings.append(headings[headings.count - 1] + (isHeading ? 1 : 0))
            prose.append(prose[prose.count - 1] + (bytes >= Self.leastBytes ? bytes : 0))
        }
    }

    /// Shorter runs of text are labels.
    private static let leastBytes = 25

    /// Whether the page marks its article, or has a first heading.
    var hasMarks: Bool { marks[marks.count - 1] > 0 || headings[headings.count - 1] > 0 }

    /// Whether the element is or holds what the page calls its article, or holds its only first heading.
    func isHeld(by node: Int) -> Bool {
        let range = nodes.subtree(node)
        if marks[range.upperBound] > marks[range.lowerBound] { return true }
        let held = headings[range.upperBound] - headings[range.lowerBound]
        return held > 0 && held == headings[headings.count - 1]
    }

    /// Whether the element holds more than half of the page's prose.
    func isMostly(in node: Int) -> Bool {
        let range = nodes.subtree(node)
        return (prose[range.upperBound] - prose[range.lowerBound]) * 2 > prose[prose.count - 1]
    }
}
