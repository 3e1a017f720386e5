import CMarkup
import TidingsCore

/// An HTML page or fragment as a flat list of nodes in document order, where the subtree of a node is the nodes up to
/// its `end`. libxml2's HTML parser makes it, from any input; it is a plain value that holds no memory of the parser.
@safe struct HTMLNodes {
    typealias Tag = tidings_html_tag

    private(set) var nodes: [tidings_html_node] = []
    private var attributes: [tidings_html_attribute] = []
    private(set) var bytes: [UInt8] = []
    /// Whether a limit was reached (`TIDINGS_HTML_…` in markup_html.h); the nodes after it are missing.
    private(set) var isTruncated = false

    init(_ html: [UInt8]) {
        guard !html.isEmpty else { return }
        // The parser treats NUL as the end of its input.
        let whole = html.contains(0) ? html.map { $0 == 0 ? UInt8(ascii: " ") : $0 } : html
        let input = HTMLReference.resolved(HTMLAttributeLimit.applied(to: whole))
        var list = unsafe tidings_html()
        let code = unsafe input.withUnsafeBufferPointer { unsafe tidings_html_read($0.baseAddress, $0.count, &list) }
        defer { unsafe tidings_html_free(&list) }
        guard code == 0 else {
            isTruncated = true
            return
        }
        unsafe nodes = Array(UnsafeBufferPointer(start: list.nodes, count: Int(list.node_count)))
        unsafe attributes = Array(UnsafeBufferPointer(start: list.attributes, count: Int(list.attribute_count)))
        unsafe bytes = Array(UnsafeBufferPointer(start: list.bytes, count: Int(list.byte_count)))
        isTruncated = unsafe list.truncated != 0
    }

    var all: Range<Int> { 0..<nodes.count }

    func tag(_ node: Int) -> Tag { nodes[node].tag }
    func parent(_ node: Int) -> Int { Int(nodes[node].parent) }
    /// `node` and all below it.
    func subtree(_ node: Int) -> Range<Int> { node..<Int(nodes[node].end) }
    /// The range of a text node's text in `bytes`.
    func textRange(_ node: Int) -> Range<Int> {
        Int(nodes[node].first)..<Int(nodes[node].first) + Int(nodes[node].count)
    }

    func first(_ tag: Tag, in range: Range<Int>? = nil) -> Int? { (range ?? all).first { nodes[$0].tag == tag } }

    /// The value of an attribute, whose name is in lowercase; nil if the element does not have it.
    func attribute(_ name: StaticString, of node: Int) -> String? {
        guard let range = attributeRange(name, of: node) else { return nil }
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// The bytes of the value of an attribute.
    func attributeBytes(_ name: StaticString, of node: Int) -> ArraySlice<UInt8>? {
        attributeRange(name, of: node).map { bytes[$0] }
    }

    func hasAttribute(_ name: StaticString, of node: Int) -> Bool { attributeRange(name, of: node) != nil }

    /// Whether an attribute of an element is as `matches` says of the ranges of its name and value in `bytes`.
    func hasAttribute(of node: Int, where matches: (_ name: Range<Int>, _ value: Range<Int>) -> Bool) -> Bool {
        guard nodes[node].tag != TIDINGS_HTML_TEXT, nodes[node].count > 0 else { return false }
        let first = Int(nodes[node].first)
        return attributes[first..<first + Int(nodes[node].count)].contains { attribute in
            matches(
                Int(attribute.name)..<Int(attribute.name) + Int(attribute.name_count),
                Int(attribute.value)..<Int(attribute.value) + Int(attribute.value_count))
        }
    }

    /// The children of an element, in order.
    func children(of node: Int) -> [Int] {
        var children: [Int] = []
        var child = node + 1
        while child < subtree(node).upperBound {
            children.append(child)
            child = subtree(child).upperBound
        }
        return children
    }

    /// Whether an element of this kind is below `node`.
    func holds(_ tag: Tag, below node: Int) -> Bool { subtree(node).dropFirst().contains { nodes[$0].tag == tag } }

    private func attributeRange(_ name: StaticString, of node: Int) -> Range<Int>? {
        guard nodes[node].tag != TIDINGS_HTML_TEXT, nodes[node].count > 0 else { return nil }
        let first = Int(nodes[node].first)
        for attribute in attributes[first..<first + Int(nodes[node].count)] {
            guard Int(attribute.name_count) == name.utf8CodeUnitCount else { continue }
            let start = Int(attribute.name)
            guard name.withUTF8Buffer({ unsafe bytes[start..<start + $0.count].elementsEqual($0) }) else {
                continue
            }
            return Int(attribute.value)..<Int(attribute.value) + Int(attribute.value_count)
        }
        return nil
    }

    /// All text below `node`, without tags and with white space folded to single spaces: a title, a name.
    func plainText(of node: Int) -> String {
        var text: [UInt8] = []
        for index in subtree(node) where nodes[index].tag == TIDINGS_HTML_TEXT { text += bytes[textRange(index)] }
        return foldedSpace(text[...])
    }

    /// The unchanged bytes of the text below `node`, for content that is not prose, such as a script's JSON.
    func rawText(of node: Int) -> [UInt8] {
        subtree(node).reduce(into: []) { text, index in
            if nodes[index].tag == TIDINGS_HTML_TEXT { text += bytes[textRange(index)] }
        }
    }

    /// Whether an attribute or an inline style hides `node` in a browser. Style sheets are not read.
    func isHidden(_ node: Int) -> Bool {
        guard nodes[node].tag != TIDINGS_HTML_TEXT, nodes[node].count > 0 else { return false }
        if hasAttribute("hidden", of: node) || attribute("aria-hidden", of: node) == "true" { return true }
        guard let style = attribute("style", of: node) else { return false }
        let squeezed = style.lowercased().utf8.filter { $0 > 0x20 }
        return contains(squeezed, "display:none") || contains(squeezed, "visibility:hidden")
    }
}
