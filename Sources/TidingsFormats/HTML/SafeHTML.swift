import CMarkup

/// HTML that is safe to show within another page: what an article says and how it is laid out, and nothing active.
///
/// The fragment is parsed and written anew, so that markup which is not understood does not reach the output. Elements
/// and attributes are kept by name. Other elements leave only their content, unless it is not meant to be read
/// (scripts, styles, form controls) or is read by other rules than HTML's (SVG, MathML, templates, `noscript`): this is
/// how markup hides from filters and becomes active in a browser. Comments, declarations and processing instructions
/// are dropped. So are frames: they hold a page of somebody else's, with scripts.
///
/// `style`, `class`, `id` and `name` are dropped: with them a fragment could cover the page around it, or replace the
/// page's own variables. Links to a position within the article stay right, because they are resolved.
package enum SafeHTML {
    /// - Parameter base: what references are resolved against; without it relative ones stay as they are.
    package static func html(ofFragment html: [UInt8], base: String?) -> String {
        // Inside a body the parser adds no paragraph around text.
        let nodes = HTMLNodes(Array("<body>".utf8) + html)
        var writer = SafeHTMLWriter(base: base)
        var open: [(end: Int, tag: HTMLNodes.Tag)] = []
        var node = 0
        while node < nodes.all.upperBound {
            while let last = open.last, last.end <= node {
                writer.close(last.tag)
                open.removeLast()
            }
            let tag = nodes.tag(node)
            if tag == TIDINGS_HTML_TEXT {
                writer.put(nodes.bytes[nodes.textRange(node)], inAttribute: false)
            } else if isDropped(tag) || nodes.isHidden(node) {
                // Without its style, a hidden element would become visible.
                node = nodes.subtree(node).upperBound
                continue
            } else if let attributes = SafeHTMLAttribute.attributes(of: tag) {
                writer.open(tag)
                for attribute in attributes { writer.put(attribute, nodes.attribute(attribute.name, of: node)) }
                writer.endOpening()
                // The parser gives content to some elements that are void today.
                if !isVoid(tag) { open.append((nodes.subtree(node).upperBound, tag)) }
            }
            node += 1
        }
        while let last = open.popLast() { writer.close(last.tag) }
        return writer.finish()
    }

    /// Whether an element is dropped together with its content.
    private static func isDropped(_ tag: HTMLNodes.Tag) -> Bool {
        switch tag {
        case TIDINGS_HTML_SCRIPT, TIDINGS_HTML_STYLE, TIDINGS_HTML_NOSCRIPT, TIDINGS_HTML_NOFRAMES, TIDINGS_HTML_TEMPLATE,
            TIDINGS_HTML_IFRAME, TIDINGS_HTML_OBJECT, TIDINGS_HTML_CANVAS, TIDINGS_HTML_SVG, TIDINGS_HTML_MATH,
            TIDINGS_HTML_HEAD, TIDINGS_HTML_TITLE, TIDINGS_HTML_BUTTON, TIDINGS_HTML_SELECT, TIDINGS_HTML_OPTION,
            TIDINGS_HTML_TEXTAREA, TIDINGS_HTML_DATALIST, TIDINGS_HTML_DIALOG:
            true
        default: false
        }
    }

    private static func isVoid(_ tag: HTMLNodes.Tag) -> Bool {
        switch tag {
        case TIDINGS_HTML_BR, TIDINGS_HTML_COL, TIDINGS_HTML_HR, TIDINGS_HTML_IMG, TIDINGS_HTML_SOURCE, TIDINGS_HTML_TRACK,
            TIDINGS_HTML_WBR:
            true
        default: false
        }
    }
}

/// Serialises as WHATWG HTML §13.3 does.
private struct SafeHTMLWriter {
    let base: String?
    private var bytes: [UInt8] = []

    init(base: String?) { self.base = base }

    private static let names: [[UInt8]] = (0...UInt8.max).map {
        unsafe Array(String(cString: tidings_html_name(HTMLNodes.Tag(rawValue: $0))).utf8)
    }

    mutating func open(_ tag: HTMLNodes.Tag) {
        bytes.append(UInt8(ascii: "<"))
        bytes += Self.names[Int(tag.rawValue)]
    }

    mutating func endOpening() { bytes.append(UInt8(ascii: ">")) }

    mutating func close(_ tag: HTMLNodes.Tag) {
        bytes += Array("</".utf8)
        bytes += Self.names[Int(tag.rawValue)]
        bytes.append(UInt8(ascii: ">"))
    }

    mutating func put(_ attribute: SafeHTMLAttribute, _ value: String?) {
        guard let value, let safe = attribute.safeValue(value, base: base) else { return }
        bytes.append(UInt8(ascii: " "))
        attribute.name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes += Array("=\"".utf8)
        put(Array(safe.utf8)[...], inAttribute: true)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func put(_ text: ArraySlice<UInt8>, inAttribute: Bool) {
        var previous: UInt8 = 0
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
            case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
            case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
            case UInt8(ascii: "\"") where inAttribute: bytes += Array("&quot;".utf8)
            case 0xA0 where previous == 0xC2:
                bytes.removeLast()
                bytes += Array("&nbsp;".utf8)
            default: bytes.append(byte)
            }
            previous = byte
        }
    }

    consuming func finish() -> String { String(decoding: bytes, as: UTF8.self) }
}
