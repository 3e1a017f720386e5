import Foundation

/// What a scalar is to the search index, and what it is folded to: lower case, without the marks that people leave out when they type.
///
/// SQLite's own tokenizers are not used for that: `unicode61` takes vowel signs of Devanagari for spaces between words, keeps `ё` and
/// Arabic points apart from what is typed, and `trigram` finds no word of two characters, as most Chinese words are.
struct SearchFolding {
    enum Kind: UInt8 {
        /// Between words.
        case separator
        /// Of a word.
        case word
        /// Left out: joiners, points, the Arabic tatweel.
        case ignored
        /// Of a script without spaces between words, whose pairs of characters are indexed: Han, kana.
        case pairs
        /// … whose letters are so few that pairs would be everywhere, so that three are indexed: Thai to Myanmar, Khmer.
        case triples

        /// How many characters are indexed together; 0 for a script with spaces.
        var gramLength: Int { self == .pairs ? 2 : self == .triples ? 3 : 0 }
    }

    /// 256 scalars. Made when the first of them is met: most texts need three or four pages.
    struct Page {
        var kinds: [Kind] = []
        /// UTF-8; empty where a scalar stays as it is.
        var folds: [[UInt8]] = []
    }

    private var pages: [Page?] = Array(repeating: nil, count: 0x1100)

    mutating func page(of scalar: UInt32) -> Page {
        let number = Int(scalar >> 8)
        if let page = pages[number] { return page }
        var page = Page()
        for value in UInt32(number) << 8..<UInt32(number + 1) << 8 {
            let scalar = Unicode.Scalar(value)
            let kind = scalar.map(Self.kind) ?? .separator
            page.kinds.append(kind)
            page.folds.append(kind == .word ? scalar.map(Self.fold) ?? [] : [])
        }
        pages[number] = page
        return page
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        if isIgnored(scalar.value) { return .ignored }
        let properties = scalar.properties
        let isOfWord =
            properties.isAlphabetic || properties.numericType != nil
            || [.nonspacingMark, .spacingMark].contains(properties.generalCategory)
        guard isOfWord else { return .separator }
        switch scalar.value {
        case 0x2E80...0x312F, 0x31A0...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFD: return .pairs
        case 0x0E00...0x109F, 0x1780...0x17FF: return .triples
        default: return .word
        }
    }

    private static func isIgnored(_ value: UInt32) -> Bool {
        switch value {
        // The soft hyphen, joiners, variation selectors, tatweel.
        case 0xAD, 0x200B...0x200D, 0x2060, 0xFEFF, 0xFE00...0xFE0F, 0x0640: true
        default: isPoint(value)
        }
    }

    /// Marks that change no letter for who looks for it: diacritics, and the points of Cyrillic, Hebrew and Arabic. The vowel signs of
    /// Indic scripts are none of them.
    private static func isPoint(_ value: UInt32) -> Bool {
        switch value {
        case 0x0300...0x036F, 0x0483...0x0489, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        case 0x0591...0x05BD, 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7: true
        case 0x0610...0x061A, 0x064B...0x065F, 0x0670, 0x06D6...0x06DC, 0x06DF...0x06E4, 0x06E7, 0x06E8, 0x06EA...0x06ED: true
        default: false
        }
    }

    /// Letters that no decomposition leads to their plain form, and letters whose mark is a part of them.
    private static let special: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ς": "σ",
        "й": "й", "ї": "ї", "ў": "ў",
    ]

    /// - Returns: empty if `scalar` stays as it is.
    private static func fold(_ scalar: Unicode.Scalar) -> [UInt8] {
        // Fullwidth ASCII.
        let narrow = (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        let lower = narrow.properties.lowercaseMapping
        var folded = ""
        for scalar in lower.unicodeScalars {
            if let plain = special[scalar] {
                folded += plain
            } else if (0xAC00...0xD7A3).contains(scalar.value) {
                folded.unicodeScalars.append(scalar)
            } else {
                let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.filter { !isPoint($0.value) }
                folded.unicodeScalars.append(contentsOf: parts)
            }
        }
        return folded == String(scalar) ? [] : Array(folded.utf8)
    }
}
