import TidingsCore

/// Names for sources that come without one, from what people call them. They stand in the stream and in article ids, so that
/// they should be words a person would have chosen: a title in Latin or Cyrillic letters as those are spelt in ASCII, else
/// the address.
struct SourceNames {
    /// Of a name that is made; what is beyond the last whole word is cut off.
    private static let lengthLimit = 48

    private var taken: Set<String>
    private var lastNumbers: [String: Int] = [:]

    init(taken: Set<String>) { self.taken = taken }

    /// A name for the feed at `url` that no source has, and that is taken from now on. A title that is a name already is kept,
    /// so that what was exported comes back under the same name.
    mutating func name(title: String?, url: String) -> String {
        let base = title.flatMap { SourceChecks.isName($0) ? $0 : Self.spelled($0) } ?? Self.spelled(Self.bare(url)) ?? "feed"
        var name = base
        var number = lastNumbers[base] ?? 1
        while taken.contains(name) {
            number += 1
            name = String(base.prefix(SourceChecks.nameLimitBytes - "-\(number)".utf8.count)) + "-\(number)"
        }
        lastNumbers[base] = number
        taken.insert(name)
        return name
    }

    /// `url` without its scheme and the `www.` that says nothing.
    private static func bare(_ url: String) -> String {
        let rest = url.utf8.drop { $0 != UInt8(ascii: "/") }.drop { $0 == UInt8(ascii: "/") }
        return String(Substring(rest.starts(with: "www.".utf8) ? rest.dropFirst(4) : rest))
    }

    /// `text` in the letters of names, its words joined by `-`. Nil if there is nothing to spell, or a letter without a
    /// spelling: half a title misleads more than an address does.
    static func spelled(_ text: String) -> String? {
        var words: [String] = [""]
        for scalar in text.lowercased().unicodeScalars {
            if let spelling = spelling(of: scalar) {
                words[words.count - 1] += spelling
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                return nil
            } else if words.last != "" {
                words.append("")
            }
        }
        var name = ""
        for word in words where !word.isEmpty {
            let longer = name.isEmpty ? String(word.prefix(lengthLimit)) : name + "-" + word
            if longer.utf8.count > lengthLimit { break }
            name = longer
        }
        return name.isEmpty ? nil : name
    }

    /// What stands for `scalar`, which is lowercase, in ASCII; nothing for marks over letters and for apostrophes. Nil for
    /// what has no such spelling.
    private static func spelling(of scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII, scalar.properties.isAlphabetic || scalar.properties.numericType != nil { return String(scalar) }
        if scalar == "'" || scalar == "\u{2019}" || scalar.properties.generalCategory == .nonspacingMark { return "" }
        return spellings[scalar] ?? latinBase(of: scalar)
    }

    /// `e` for `é`, `o` for `ø`, `ae` for `æ`: Unicode's name of a Latin letter says which letters it is made of, "LATIN SMALL
    /// LETTER E WITH ACUTE". Ligatures apart, words of more than two letters name a sound, not a letter.
    private static func latinBase(of scalar: Unicode.Scalar) -> String? {
        let prefix = "LATIN SMALL LETTER "
        guard let name = scalar.properties.name, name.hasPrefix(prefix) else { return nil }
        guard let letters = name.dropFirst(prefix.count).split(separator: " ").first, letters.count <= 2 else { return nil }
        return letters.lowercased()
    }

    /// Cyrillic letters of Russian, Ukrainian, Belarusian, Bulgarian, Kazakh, Kyrgyz and Serbian as English newspapers spell
    /// them, and Latin letters that are not named by their looks.
    private static let spellings: [Unicode.Scalar: String] = [
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o",
        "ұ": "u", "ү": "u", "һ": "h", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
        "ß": "ss", "ı": "i", "ə": "a", "œ": "oe", "þ": "th", "ð": "d",
    ]
}
