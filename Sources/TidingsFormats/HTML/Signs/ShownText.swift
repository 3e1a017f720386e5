import CMarkup
import TidingsCore

/// The words of a part of a page as a browser shows them, whatever they are for: those of buttons, forms and dialogs too, but
/// nothing that is hidden.
struct ShownText {
    private(set) var words = PlainWords()
    /// The labels of links, buttons and the like.
    private(set) var controls: [PlainWords] = []
    private(set) var asksForPassword = false
    /// Whether there is more text than was read.
    private(set) var isCut = false

    private static let limitBytes = 6000
    private static let limitNodes = 4000
    private static let controlLimit = 200

    /// - Parameter start: the first node to read.
    init(_ nodes: HTMLNodes, from start: Int, limitBytes: Int = limitBytes) {
        let end = min(nodes.all.upperBound, start + Self.limitNodes)
        isCut = end < nodes.all.upperBound
        var node = start
        while node < end {
            let tag = nodes.tag(node)
            if tag == TIDINGS_HTML_TEXT {
                words.append(nodes.bytes[nodes.textRange(node)])
                guard words.bytes.count < limitBytes else {
                    isCut = true
                    return
                }
            } else if Self.isCode(tag) || nodes.isUnseen(node) {
                node = nodes.subtree(node).upperBound
                continue
            } else {
                note(node, tag, nodes)
            }
            node += 1
        }
    }

    private static func isCode(_ tag: HTMLNodes.Tag) -> Bool {
        switch tag {
        case TIDINGS_HTML_SCRIPT, TIDINGS_HTML_STYLE, TIDINGS_HTML_TEMPLATE, TIDINGS_HTML_TITLE, TIDINGS_HTML_NOSCRIPT,
            TIDINGS_HTML_SELECT, TIDINGS_HTML_SVG, TIDINGS_HTML_IFRAME:
            true
        default: false
        }
    }

    private mutating func note(_ node: Int, _ tag: HTMLNodes.Tag, _ nodes: HTMLNodes) {
        switch tag {
        case TIDINGS_HTML_A, TIDINGS_HTML_BUTTON:
            guard controls.count < Self.controlLimit, let label = nodes.shortText(of: node) else { return }
            controls.append(PlainWords(label))
        case TIDINGS_HTML_OTHER:
            // An input.
            guard let type = nodes.attribute("type", of: node)?.lowercased() else { return }
            if type == "password" { asksForPassword = true }
            if type == "submit" || type == "button", let label = nodes.attribute("value", of: node) { controls.append(PlainWords(label)) }
        default: break
        }
    }
}
