/// One article of the site as its author sees it, without a page around it.
package struct SiteArticle: Equatable, Sendable {
    package enum Block: Equatable, Sendable {
        case paragraph(String), heading(String), quote(String), caption(String)
        case list([String])
        /// The first row is the head.
        case table([[String]])
        case correction(String)
    }

    package let number: Int
    package let language: String
    package let section: String
    package let author: String
    /// As in RFC 3339.
    package let published: String
    package internal(set) var title: String
    package internal(set) var blocks: [Block]
    /// How often it was edited.
    package internal(set) var edition = 0

    /// Number `number` of a site; there are a dozen texts, and from the thirteenth on each is told apart by its number.
    package init(number: Int) {
        let texts = siteTexts + siteTextsOfOtherLanguages
        let lines = texts[number % texts.count].split(separator: "\n").map(String.init)
        let head = lines[0].split(separator: "|").map(String.init)
        self.number = number
        language = head[0]
        section = head[1]
        author = head[2]
        published = head[3]
        let isRepeat = number >= texts.count
        title = isRepeat ? "\(head[4]) (\(number))" : head[4]
        blocks = []
        if isRepeat { blocks.append(.paragraph("\(head[4]), \(number): \(head[2]), \(head[3]).")) }
        for line in lines.dropFirst() { append(line) }
    }

    private mutating func append(_ line: String) {
        let rest = String(line.drop { $0 != " " }.dropFirst())
        switch line.prefix(while: { $0 != " " }) {
        case "##": blocks.append(.heading(rest))
        case ">": blocks.append(.quote(rest))
        case "^": blocks.append(.caption(rest))
        case "-":
            if case .list(let entries) = blocks.last {
                blocks[blocks.count - 1] = .list(entries + [rest])
            } else {
                blocks.append(.list([rest]))
            }
        case "|":
            let row = rest.split(separator: "|").map { String($0.trimmed) }
            if case .table(let rows) = blocks.last {
                blocks[blocks.count - 1] = .table(rows + [row])
            } else {
                blocks.append(.table([row]))
            }
        default: blocks.append(.paragraph(line))
        }
    }

    /// The path of its page on the site.
    package var path: String { "/\(section)/\(number)" }

    /// The beginning of the first paragraph: what a feed shows.
    package var teaser: String {
        guard case .paragraph(let text)? = blocks.first else { return title }
        return String(text.prefix(160)) + "…"
    }

    /// The lines of the article, one a block, entry or row, with `|` between cells. Captions of pictures are not in it.
    package var lines: [String] { blocks.flatMap(Self.lines) }

    private static func lines(_ block: Block) -> [String] {
        switch block {
        case .paragraph(let text), .heading(let text), .quote(let text), .correction(let text): [text]
        case .caption: []
        case .list(let entries): entries
        case .table(let rows): rows.map { $0.joined(separator: " | ") }
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
