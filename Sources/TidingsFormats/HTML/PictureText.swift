import CMarkup
import TidingsCore

/// The text of pictures that stand for characters: an emoji, a smiley, a formula that a program has drawn. The
/// description of any other picture is not what the article says.
enum PictureText {
    /// Nil if the picture is a picture.
    static func text(of image: Int, in nodes: HTMLNodes) -> String? {
        guard let alternative = nodes.attribute("alt", of: image)?.trimmedOrNil,
            alternative.utf8.count <= formulaLimitBytes
        else { return nil }
        let names = NameWords.names(Array((nodes.attribute("class", of: image) ?? "").utf8)[...])
        if isFormula(names, source: nodes.attribute("src", of: image)) {
            let holder = nodes.parent(image)
            let isFallback = nodes.holds(TIDINGS_HTML_MATH, below: holder) && names.contains { contains(Array($0), "fallback") }
            return isFallback ? nil : FormulaText.tex(alternative)
        }
        guard alternative.utf8.count <= emojiLimitBytes else { return nil }
        if isEmoji(alternative) { return alternative }
        let isNamed = names.contains { NameWords.words($0).contains(where: emojiNames.contains) }
        return isNamed && (isCode(alternative) || isSmiley(alternative)) ? alternative : nil
    }

    /// Whether `SimpleHTML` must leave a picture with this attribute to the parser.
    static func mayBeText(_ html: [UInt8], name: Range<Int>, value: Range<Int>) -> Bool {
        if html.startsIgnoringCase(with: "alt", at: name.lowerBound), name.count == 3 {
            guard let first = value.first(where: { !html[$0].isXMLSpace }) else { return false }
            return mayStartEmoji(html[first], first + 1 < html.count ? html[first + 1] : 0)
        }
        let isName = html.startsIgnoringCase(with: "class", at: name.lowerBound) && name.count == 5
        let isSource = html.startsIgnoringCase(with: "src", at: name.lowerBound) && name.count == 3
        guard isName || isSource else { return false }
        return value.contains { position in
            switch html[position].asciiLowercased {
            case UInt8(ascii: "l"): html.startsIgnoringCase(with: "latex", at: position)
            case UInt8(ascii: "e"): isName && html.startsIgnoringCase(with: "emo", at: position)
            case UInt8(ascii: "s"): isName && html.startsIgnoringCase(with: "smil", at: position)
            case UInt8(ascii: "j"): isName && html.startsIgnoringCase(with: "joypixels", at: position)
            case UInt8(ascii: "m"): isName && html.startsIgnoringCase(with: "math", at: position)
            case UInt8(ascii: "t"): isName && html.startsIgnoringCase(with: "tex", at: position)
            case UInt8(ascii: "i"), UInt8(ascii: "d"): isName && html.startsIgnoringCase(with: "inline-formula", at: position)
                || isName && html.startsIgnoringCase(with: "displayed-formula", at: position)
            default: false
            }
        }
    }

    private static func mayStartEmoji(_ byte: UInt8, _ next: UInt8) -> Bool {
        switch byte {
        case 0xE2, 0xF0: true
        // U+3030, U+303D, U+3297, U+3299: the other characters with this byte are Japanese.
        case 0xE3: next == 0x80 || next == 0x8A
        // A keycap, a reference.
        case UInt8(ascii: "#"), UInt8(ascii: "*"), UInt8(ascii: "&"): true
        default: byte.isASCIIDigit
        }
    }

    private static let formulaLimitBytes = 1024
    private static let emojiLimitBytes = 48

    private static let emojiNames: Set<String> = [
        "emoji", "emojis", "emojione", "emoticon", "emoticons", "joypixels", "smilie", "smilies", "smiley", "smileys", "twemoji",
    ]

    // MARK: Formulas

    private static func isFormula(_ names: [ArraySlice<UInt8>], source: String?) -> Bool {
        if names.contains(where: { formulaNames.contains(String(lowercasing: $0)) }) { return true }
        return source.map { $0.contains("latex.codecogs.com/") || $0.contains("/latex.php?") } ?? false
    }

    private static let formulaNames: Set<String> = [
        "latex", "math", "math-tex", "mathtex", "tex", "tex-image", "math-image", "mwe-math-fallback-image-inline",
        "mwe-math-fallback-image-display", "ql-img-inline-formula", "ql-img-displayed-formula",
    ]

    // MARK: Emoji

    private static func isEmoji(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        // A digit is an emoji only under U+20E3, the keycap.
        let isKeycap = scalars.contains("\u{20E3}")
        var hasEmoji = isKeycap
        for scalar in scalars {
            switch scalar.value {
            case 0x200D, 0xFE0F, 0x20E3, 0xE0020...0xE007F, 0x1F3FB...0x1F3FF: break
            case 0x23, 0x2A, 0x30...0x39: if !isKeycap { return false }
            default:
                guard scalar.value > 0xFF, scalar.properties.isEmoji else { return false }
                hasEmoji = true
            }
        }
        return hasEmoji
    }

    /// `:bell:`
    private static func isCode(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count > 2, bytes.first == UInt8(ascii: ":"), bytes.last == UInt8(ascii: ":") else { return false }
        return bytes.dropFirst().dropLast().allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
            default: byte.isASCIILetter || byte.isASCIIDigit
            }
        }
    }

    /// `:-)`, `8)`, `<3`, `XD`
    private static func isSmiley(_ text: String) -> Bool {
        let longest = 6
        guard (2...longest).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 }) else { return false }
        return text == "XD" || text == "xD" || text.utf8.contains { !$0.isASCIILetter && !$0.isASCIIDigit }
    }
}
