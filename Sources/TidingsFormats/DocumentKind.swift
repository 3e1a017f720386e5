import TidingsCore

/// The kind of document that its name or its Content-Type suggests.
enum ExpectedKind: Equatable {
    case text, markdown, html, xml, json, jsonLines, none
    /// An extension or a media type of another kind.
    case other(String)

    var isOther: Bool {
        if case .other = self { return true }
        return false
    }

    init(_ hints: DocumentHints) {
        if let fileName = hints.fileName {
            self = ExpectedKind(fileExtension: fileName)
        } else if let contentType = hints.contentType {
            self = ExpectedKind(contentType: contentType)
        } else {
            self = .none
        }
    }

    private init(fileExtension fileName: String) {
        let base = fileName.split(separator: "/").last ?? ""
        guard let dot = base.lastIndex(of: "."), dot > base.startIndex else {
            self = .none
            return
        }
        let suffix = base[base.index(after: dot)...].lowercased()
        self =
            switch suffix {
            case "txt", "text": .text
            case "md", "markdown": .markdown
            case "html", "htm", "xhtml": .html
            case "xml", "rss", "atom", "rdf": .xml
            case "json": .json
            case "jsonl", "ndjson": .jsonLines
            case "": .none
            default: .other("." + suffix)
            }
    }

    private init(contentType: String) {
        let type = (contentType.split(separator: ";").first.map(String.init))?.trimmedOrNil?.lowercased() ?? ""
        self =
            switch type {
            case "": .none
            case "text/plain": .text
            case "text/markdown": .markdown
            case "text/html", "application/xhtml+xml": .html
            case "application/x-ndjson", "application/jsonl", "application/jsonlines": .jsonLines
            case _ where type.hasSuffix("/json") || type.hasSuffix("+json"): .json
            case _ where type.hasSuffix("/xml") || type.hasSuffix("+xml"): .xml
            case "application/octet-stream": .none
            default: .other(type)
            }
    }
}

/// The kind of a text, as its first bytes show it.
struct DocumentStart {
    enum Kind { case feed, html, xml, json, prose }

    private(set) var kind = Kind.prose
    /// Where the text begins, after white space.
    let position: Int
    /// Whether the HTML begins as a document, not as a fragment.
    private(set) var isWholePage = false

    /// How much may precede the first element: declarations, comments, a licence.
    private static let prologBytes = 16 * 1024

    init(_ utf8: [UInt8]) {
        position = Self.endOfBlank(utf8)
        guard position < utf8.count else { return }
        switch utf8[position] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): kind = .json
        case UInt8(ascii: "<"): readElement(utf8)
        default: kind = .prose
        }
    }

    /// The first byte that is neither white space nor part of a byte order mark: files that were joined have such marks
    /// anywhere, and twice.
    private static func endOfBlank(_ utf8: [UInt8]) -> Int {
        var index = 0
        while index < utf8.count {
            if utf8[index].isXMLSpace {
                index += 1
            } else if utf8.starts(with: byteOrderMark, at: index) {
                index += byteOrderMark.count
            } else {
                break
            }
        }
        return index
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private mutating func readElement(_ utf8: [UInt8]) {
        let head = Array(utf8[position...].prefix(Self.prologBytes))
        var hasDeclaration = false
        var index = 0
        while let open = head.position(of: UInt8(ascii: "<"), from: index), open + 1 < head.count {
            if head.starts(with: "<!--", at: open) {
                index = head.position(of: "-->", from: open + 4) ?? head.count
            } else if head.startsIgnoringCase(with: "<!doctype", at: open) {
                var name = open + 9
                while name < head.count, head[name].isXMLSpace { name += 1 }
                if head.startsIgnoringCase(with: "html", at: name) {
                    // Not certain yet: some feeds have this declaration too.
                    (kind, isWholePage) = (.html, true)
                }
                hasDeclaration = true
                index = Self.endOfDocumentType(head, from: open)
            } else if head[open + 1] == UInt8(ascii: "?") {
                hasDeclaration = true
                index = head.position(of: UInt8(ascii: ">"), from: open) ?? head.count
            } else {
                classify(head, nameFrom: open + 1, hasDeclaration: hasDeclaration)
                return
            }
        }
        if hasDeclaration, !isWholePage { kind = .xml }
    }

    static func endOfDocumentType(_ head: [UInt8], from open: Int) -> Int {
        let close = head.position(of: UInt8(ascii: ">"), from: open) ?? head.count
        guard let bracket = head.position(of: UInt8(ascii: "["), from: open), bracket < close else { return close }
        return head.position(of: UInt8(ascii: "]"), from: bracket).flatMap { head.position(of: UInt8(ascii: ">"), from: $0) }
            ?? head.count
    }

    private mutating func classify(_ head: [UInt8], nameFrom start: Int, hasDeclaration: Bool) {
        var end = start
        while end < head.count, !head[end].isXMLSpace, head[end] != UInt8(ascii: ">"), head[end] != UInt8(ascii: "/") {
            end += 1
        }
        let qualified = String(decoding: head[start..<end], as: UTF8.self).lowercased()
        switch qualified.split(separator: ":").last ?? "" {
        case "rss", "rdf", "feed", "channel", "urlset", "sitemapindex": (kind, isWholePage) = (.feed, false)
        case "html", "head", "body": (kind, isWholePage) = (.html, true)
        case _ where isWholePage: kind = .html
        case _ where hasDeclaration: kind = .xml
        default: kind = FeedMarkup.mayBeMarkup(Array(head[(start - 1)...].prefix(256))) ? .html : .xml
        }
    }
}

/// How far into a document to search for the signs of its kind.
let sniffedBytes = 64 * 1024

/// Whether JSON has the sign of a JSON Feed near its start.
func mentionsJSONFeed(_ utf8: [UInt8]) -> Bool {
    Array(utf8.prefix(sniffedBytes)).position(of: "jsonfeed.org", from: 0) != nil
}

/// Whether `bytes` begin like one of the binary formats that are often misnamed or stored beside articles.
func isKnownBinary(_ bytes: [UInt8]) -> Bool {
    for mark in binaryMarks where bytes.starts(with: mark, at: 0) { return true }
    return false
}

private let binaryMarks: [[UInt8]] = [
    Array("%PDF-".utf8), [0x50, 0x4B, 0x03, 0x04], Array("GIF8".utf8), [0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF],
    [0x1F, 0x8B], [0x7F, 0x45, 0x4C, 0x46], [0x28, 0xB5, 0x2F, 0xFD], Array("SQLite format 3\0".utf8),
]

/// Whether decoded text has more control characters than any prose: a single NUL, or one byte in a hundred.
func looksBinary(_ utf8: [UInt8]) -> Bool {
    let count = min(utf8.count, sniffedBytes)
    var controls = 0
    var position = utf8.firstControl(from: 0)
    while position < count {
        let byte = utf8[position]
        if byte == 0 { return true }
        if !byte.isXMLSpace, byte != 0x0C, byte != 0x1B { controls += 1 }
        position = utf8.firstControl(from: position + 1)
    }
    return controls * 100 > count
}
