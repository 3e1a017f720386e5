import TidingsCore

/// Makes names for imported feeds. Names occur in the stream and in article ids, so they should be words that a person would
/// choose: the title, with Latin and Cyrillic letters spelled in ASCII, else the address.
struct SourceNames {
    /// The longest name that is made, without its number. A name is cut after a whole word where possible.
    private static let lengthLimit = 48

    private var taken: Set<String>
    private var lastNumbers: [String: Int] = [:]

    init(taken: Set<String>) { self.taken = taken }

    /// A new, unique name for the feed at `url`. A title that is a valid name is used unchanged, so that an exported feed gets the
    /// same name when it is imported.
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

    /// `url` without its scheme and `www.`.
    private static func bare(_ url: String) -> String {
        let rest = url.utf8.drop { $0 != UInt8(ascii: "/") }.drop { $0 == UInt8(ascii: "/") }
        return String(Substring(rest.starts(with: "www.".utf8) ? rest.dropFirst(4) : rest))
    }

    /// `text` in the characters of names, its words joined by `-`. Nil if it has no words, or a letter without an ASCII spelling:
    /// a part of a title misleads more than the address does.
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

    /// The ASCII spelling of the lowercase `scalar`; empty for combining marks and apostrophes; nil if it has none.
    private static func spelling(of scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII, scalar.properties.isAlphabetic || scalar.properties.numericType != nil { return String(scalar) }
        if scalar == "'" || scalar == "\u{2019}" || scalar.properties.generalCategory == .nonspacingMark { return "" }
        return spellings[scalar] ?? latinBase(of: scalar)
    }

    /// `e` for `é`, `o` for `ø`, `ae` for `æ`: the Unicode name of a Latin letter contains its base letters, "LATIN SMALL LETTER E
    /// WITH ACUTE". A word of more than two letters is the name of a sound, as in "LATIN SMALL LETTER SCHWA".
    private static func latinBase(of scalar: Unicode.Scalar) -> String? {
        let prefix = "LATIN SMALL LETTER "
        guard let name = scalar.properties.name, name.hasPrefix(prefix) else { return nil }
        guard let letters = name.dropFirst(prefix.count).split(separator: " ").first, letters.count <= 2 else { return nil }
        return letters.lowercased()
    }

    /// Cyrillic letters of Russian, Ukrainian, Belarusian, Bulgarian, Kazakh, Kyrgyz and Serbian, spelled as in English newspapers;
    /// and Latin letters whose Unicode name does not contain a base letter.
    private static let spellings: [Unicode.Scalar: String] = [
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o",
        "ұ": "u", "ү": "u", "һ": "h", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
        "ß": "ss", "ı": "i", "ə": "a", "œ": "oe", "þ": "th", "ð": "d",
    ]
}
