import CMarkup
import TidingsCore

/// The text of markup as most feeds contain it, read in one pass and without a tree.
///
/// `HTMLText` gets the same text in two ways. The parser accepts any markup and repairs it, at 60 MB/s. This reader
/// gives up at anything that needs a closer look: an element that is not in its list of simple ones, an end tag that is
/// not that of the innermost element, an element before which the parser would close another one, anything that may be
/// hidden. It reads everything else as the parser does; a test compares the two.
struct SimpleHTML {
    /// The text of the fragment; nil if only the parser can read it.
    static func text(of html: [UInt8]) -> String? {
        var reading = SimpleHTML(html)
        guard reading.run() else { return nil }
        return reading.writer.finish()
    }

    /// What an element means for the text around it, and where it may occur.
    enum Role: UInt8 {
        case unknown, phrase, image, lineBreak, rule
        /// A block that holds other blocks; a block that the next block closes; a list, and its item.
        case container, paragraph, list, listItem
        case table, rowGroup, row, cell
    }

    private let html: [UInt8]
    private var index = 0
    private var writer: HTMLTextWriter
    private var open: [SimpleHTMLName] = []
    private let roles = SimpleHTMLName.roles

    /// Lower than the depth at which the parser's list is cut.
    private static let depthLimit = 200

    private init(_ html: [UInt8]) {
        self.html = html
        writer = HTMLTextWriter(capacity: html.count)
    }

    private mutating func run() -> Bool {
        while index < html.count {
            switch html[index] {
            case UInt8(ascii: "<"): guard markup() else { return false }
            case UInt8(ascii: "&"): reference()
            default: guard words() else { return false }
            }
        }
        return true
    }

    /// Reads text up to the next markup or reference; false at a character that XML does not allow, which the parser
    /// drops.
    private mutating func words() -> Bool {
        while index < html.count {
            let byte = html[index]
            switch byte {
            case UInt8(ascii: "<"), UInt8(ascii: "&"): return true
            case 0x20, 0x0A, 0x0D, 0x09:
                writer.putSpace()
                index += 1
            case 0..<0x20: return false
            case 0xC2 where index + 1 < html.count && html[index + 1] & 0xC0 == 0x80:
                writer.putLatin(html[index + 1])
                index += 2
            default:
                // U+FFFE and U+FFFF.
                if byte == 0xEF, index + 2 < html.count, html[index + 1] == 0xBF, html[index + 2] >= 0xBE { return false }
                let end = html.endOfFoldedRun(
                    in: index..<html.count, or: UInt8(ascii: "<"), UInt8(ascii: "&"), 0xEF)
                writer.putRun(html, index..<end)
                index = end
            }
        }
        return true
    }

    private mutating func reference() {
        guard let reference = HTMLReference(html, at: index, inAttribute: false) else {
            writer.put(html, index..<index + 1)
            index += 1
            return
        }
        for case let scalar? in [reference.scalars.0, reference.scalars.1] { writer.put(scalar) }
        index = reference.end
    }

    // MARK: Tags

    private mutating func markup() -> Bool {
        guard index + 1 < html.count else { return false }
        switch html[index + 1] {
        case UInt8(ascii: "/"): return endTag()
        case UInt8(ascii: "!"): return comment()
        default: return startTag()
        }
    }

    private mutating func comment() -> Bool {
        guard html.starts(with: "<!--", at: index), index + 4 < html.count, html[index + 4] != UInt8(ascii: ">"),
            html[index + 4] != UInt8(ascii: "-"), let end = html.position(of: "-->", from: index + 4)
        else { return false }
        // HTML also lets `--!>` end a comment.
        if let early = html.position(of: "--!>", from: index + 4), early < end { return false }
        index = end + 3
        return true
    }

    private mutating func endTag() -> Bool {
        guard let name = SimpleHTMLName(html, at: index + 2), name == open.last else { return false }
        let end = index + 2 + name.count
        guard end < html.count, html[end] == UInt8(ascii: ">") else { return false }
        open.removeLast()
        if roles[name].isBlock { writer.endLine() }
        index = end + 1
        return true
    }

    private mutating func startTag() -> Bool {
        guard let name = SimpleHTMLName(html, at: index + 1) else { return false }
        let role = roles[name]
        guard role.mayStand(in: open.last.map { roles[$0] }) else { return false }
        index += 1 + name.count
        guard let isClosed = attributes(of: role) else { return false }
        switch role {
        case .image: return true
        case .lineBreak, .rule:
            writer.endLine()
            return true
        default: break
        }
        guard !isClosed, open.count < Self.depthLimit else { return false }
        if role == .cell { writer.startCell() } else if role.isBlock { writer.endLine() }
        open.append(name)
        return true
    }

    /// Reads the rest of a start tag. Nil if an attribute may hide the element, may make it a counter, a number or a text
    /// of its own, or is written in an unusual way; else whether the tag ends with `/>`.
    private mutating func attributes(of role: Role) -> Bool? {
        while true {
            let start = index
            while index < html.count, html[index].isXMLSpace { index += 1 }
            guard index < html.count else { return nil }
            if html[index] == UInt8(ascii: ">") {
                index += 1
                return false
            }
            if html[index] == UInt8(ascii: "/") {
                guard index + 1 < html.count, html[index + 1] == UInt8(ascii: ">") else { return nil }
                index += 2
                return true
            }
            guard index > start, attribute(of: role) else { return nil }
        }
    }

    private mutating func attribute(of role: Role) -> Bool {
        let longestName = 64
        let start = index
        while index < html.count, html[index].isASCIILetter || html[index].isASCIIDigit || html[index] == UInt8(ascii: "-")
            || html[index] == UInt8(ascii: "_") || html[index] == UInt8(ascii: ":")
        {
            index += 1
        }
        let name = start..<index
        guard !name.isEmpty, name.count <= longestName, html[start].isASCIILetter, index + 1 < html.count else { return false }
        if html.startsIgnoringCase(with: "hidden", at: start) || html.startsIgnoringCase(with: "aria-hidden", at: start) {
            return false
        }
        if role == .list || role == .listItem, isNumbering(name) { return false }
        guard html[index] == UInt8(ascii: "=") else { return true }
        let quote = html[index + 1]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let end = html.position(of: quote, from: index + 2)
        else { return false }
        let value = index + 2..<end
        index = end + 1
        if role == .image, PictureText.mayBeText(html, name: name, value: value) { return false }
        if PageCounter.isNaming(html, name), html[value].contains(UInt8(ascii: "&")) || PageCounter.mayName(html, value) { return false }
        guard html.startsIgnoringCase(with: "style", at: start) else { return true }
        return !html[value].contains(UInt8(ascii: "&")) && html.positionIgnoringCase(of: "none", in: value) == nil
            && html.positionIgnoringCase(of: "hidden", in: value) == nil
    }

    private func isNumbering(_ name: Range<Int>) -> Bool {
        let names: [StaticString] = ["start", "value", "reversed", "type"]
        return names.contains { html.startsIgnoringCase(with: $0, at: name.lowerBound) }
    }
}

extension SimpleHTML.Role {
    /// Whether a line ends where an element of this kind starts or ends.
    var isBlock: Bool {
        switch self {
        case .unknown, .phrase, .image, .lineBreak, .cell: false
        default: true
        }
    }

    /// Whether the parser puts such an element into `parent` (nil: the fragment itself) without closing anything first.
    func mayStand(in parent: Self?) -> Bool {
        switch self {
        case .unknown: false
        case .phrase, .image, .lineBreak: true
        case .rule, .container, .paragraph, .list, .table:
            parent == nil || parent == .container || parent == .listItem || parent == .cell
        case .listItem: parent == .list
        case .rowGroup: parent == .table
        case .row: parent == .table || parent == .rowGroup
        case .cell: parent == .row
        }
    }
}
