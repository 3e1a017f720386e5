import CMarkup
import TidingsCore

/// The numbers of an ordered list that says which ones they are (`start`, `value`, `reversed`, letters): the text around
/// it refers to them. Numbers that only count the items from 1 are not written, as the dots of other lists are not.
struct ListNumbers {
    private var number: Int
    private let step: Int
    private let style: UInt8

    /// Nil if the list only counts.
    init?(_ list: Int, _ nodes: HTMLNodes) {
        let items = nodes.children(of: list).filter { nodes.tag($0) == TIDINGS_HTML_LI }
        let isReversed = nodes.hasAttribute("reversed", of: list)
        let start = Self.number(nodes.attribute("start", of: list))
        style = nodes.attribute("type", of: list)?.utf8.first ?? UInt8(ascii: "1")
        step = isReversed ? -1 : 1
        number = start ?? (isReversed ? items.count : 1)
        let isLettered = [UInt8(ascii: "a"), UInt8(ascii: "A"), UInt8(ascii: "i"), UInt8(ascii: "I")].contains(style)
        let hasValues = items.contains { Self.number(nodes.attribute("value", of: $0)) != nil }
        guard isReversed || isLettered || hasValues || start ?? 1 != 1 else { return nil }
    }

    /// The number of the next item, with its full stop.
    mutating func next(_ item: Int, _ nodes: HTMLNodes) -> String {
        if let value = Self.number(nodes.attribute("value", of: item)) { number = value }
        defer { number += step }
        let text =
            switch style {
            case UInt8(ascii: "a"): Self.letters(number)
            case UInt8(ascii: "A"): Self.letters(number)?.uppercased()
            case UInt8(ascii: "i"): Self.roman(number)
            case UInt8(ascii: "I"): Self.roman(number)?.uppercased()
            default: nil as String?
            }
        return "\(text ?? String(number))."
    }

    /// The largest number that a browser counts to is larger; no text refers to it.
    private static let limit = 1_000_000_000

    private static func number(_ text: String?) -> Int? {
        guard let text = text?.trimmedOrNil, let number = Int(text), abs(number) <= limit else { return nil }
        return number
    }

    private static func letters(_ number: Int) -> String? {
        guard number > 0 else { return nil }
        var rest = number
        var letters: [UInt8] = []
        while rest > 0 {
            letters.append(UInt8(ascii: "a") + UInt8((rest - 1) % 26))
            rest = (rest - 1) / 26
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    private static func roman(_ number: Int) -> String? {
        guard (1..<4000).contains(number) else { return nil }
        let steps = [
            (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
            (5, "v"), (4, "iv"), (1, "i"),
        ]
        var rest = number
        return steps.reduce(into: "") { text, step in
            while rest >= step.0 {
                text += step.1
                rest -= step.0
            }
        }
    }
}
