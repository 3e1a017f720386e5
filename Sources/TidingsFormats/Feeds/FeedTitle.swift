/// The text of a title that may have formatting in it. Titles speak of elements: "Why <script> tags block the page". So only
/// what is certainly formatting is markup: an element that is closed, or that has no end tag. All else are words, and none
/// is lost.
enum FeedTitle {
    /// The words of `bytes`, their references decoded once.
    static func text(of bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "<")) else { return FeedMarkup.decoded(bytes) }
        var text: [UInt8] = []
        var copied = 0
        for piece in markup(in: bytes) where piece.range.lowerBound >= copied {
            text += FeedMarkup.decoded(Array(bytes[copied..<piece.range.lowerBound]))
            text += piece.replacement
            copied = piece.range.upperBound
        }
        return text + FeedMarkup.decoded(Array(bytes[copied...]))
    }

    /// A piece of markup, and what stands in its place.
    private struct Piece {
        var range: Range<Int>
        var replacement: [UInt8] = []
    }

    /// The pieces of markup, in order. One may lie in another.
    private static func markup(in bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        // The start tags of each name that have no end tag yet.
        var open: [String: [FeedTag]] = [:]
        var index = 0
        while let mark = bytes.position(of: UInt8(ascii: "<"), from: index) {
            index = mark + 1
            guard let tag = FeedTag(bytes, at: mark), tag.isWhole else { continue }
            index = tag.range.upperBound
            if tag.isEnd {
                guard let start = open[tag.name]?.popLast() else { continue }
                pieces += element(from: start, to: tag)
            } else if let piece = standing(tag, bytes) {
                pieces.append(piece)
            } else {
                open[tag.name, default: []].append(tag)
            }
        }
        return pieces.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// An element that has no end tag: a line break, or a picture, of which its description stays.
    private static func standing(_ tag: FeedTag, _ bytes: [UInt8]) -> Piece? {
        switch tag.name {
        case "br": Piece(range: tag.range, replacement: space)
        case "wbr": Piece(range: tag.range)
        case "img":
            tag.attribute("src", in: bytes) == nil ? nil : Piece(range: tag.range, replacement: tag.attribute("alt", in: bytes) ?? [])
        default: nil
        }
    }

    private static func element(from start: FeedTag, to end: FeedTag) -> [Piece] {
        if hidden.contains(start.name) || embedded.contains(start.name) && start.hasAttributes {
            return [Piece(range: start.range.lowerBound..<end.range.upperBound)]
        }
        let isBlock = FeedMarkup.blocks.contains(start.name)
        guard isBlock || inline.contains(start.name) else { return [] }
        let gap = isBlock ? space : []
        return [Piece(range: start.range, replacement: gap), Piece(range: end.range, replacement: gap)]
    }

    private static let space: [UInt8] = [0x20]
    private static let hidden: Set<String> = ["script", "style"]
    private static let embedded: Set<String> = ["iframe", "video", "audio", "object", "svg", "noscript"]
    private static let inline: Set<String> = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
        "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    ]
}
