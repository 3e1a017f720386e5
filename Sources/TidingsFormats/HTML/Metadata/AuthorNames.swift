import TidingsCore

/// The names in a line that names who wrote an article: "By Aigerim Sadykova and Timur Bekov, Reporters".
enum AuthorNames {
    /// The names that a value of the metadata has, where hardly anything else stands.
    /// - Parameter isInverted: whether a single name may have its family name first: "Sadykova, Aigerim".
    static func stated(_ text: String, isInverted: Bool = false) -> [String] {
        guard text.utf8.count <= limitBytes, !isAddress(text) else { return [] }
        if isInverted {
            let parts = text.split(separator: ",").map { foldedSpace(Array($0.utf8)[...]) }
            if parts.count == 2, !text.contains(" and "), !parts[0].contains(" ") { return [parts[1] + " " + parts[0]] }
        }
        return split(withoutLabel(text, orParticle: false).rest).compactMap(name)
    }

    /// The names that an element of the page shows.
    /// - Parameter isSure: whether the element certainly names authors; else only what looks like a name is one.
    static func shown(_ text: String, isSure: Bool) -> [String] {
        let (rest, _) = withoutLabel(text, orParticle: true)
        guard rest.utf8.count <= limitBytes else { return [] }
        var names: [String] = []
        for part in split(untilOther(rest)) {
            guard let name = name(part) else { continue }
            guard isSure ? isShort(name) : isLikeName(name, leastWords: 1) else { return names }
            names.append(name)
        }
        return names
    }

    /// A name that a member of a forum has: one word.
    static func nickname(_ text: String) -> String? {
        let name = foldedSpace(Array(text.utf8)[...])
        return (1...60).contains(name.utf8.count) && !name.utf8.contains(0x20) ? Self.name(name) : nil
    }

    /// The names of a line that begins as a byline does; empty for any other line.
    static func byline(_ text: String) -> [String] {
        let (rest, hasLabel) = withoutLabel(text, orParticle: true)
        guard hasLabel, rest.utf8.count <= limitBytes else { return [] }
        var names: [String] = []
        for part in split(untilOther(rest)) {
            guard let name = name(part) else { continue }
            // "By the sea" and "Von Berlin nach Rom" are no bylines.
            guard isLikeName(name, leastWords: 2) else { return names }
            names.append(name)
        }
        return names
    }

    private static let limitBytes = 400

    // MARK: Labels

    /// The text behind "By", "Written by", "Von", "Автор:", and whether there was such a word.
    /// - Parameter orParticle: whether a word that begins family names too ("Di Maio") counts, if a full name follows it.
    private static func withoutLabel(_ text: String, orParticle: Bool) -> (rest: String, hasLabel: Bool) {
        guard text.utf8.count <= limitBytes else { return (text, false) }
        var bytes = Array(text.utf8)[...]
        var hasLabel = false
        // "Posted by: By A B"
        for _ in 0..<3 {
            let folded = String(decoding: bytes, as: UTF8.self).lowercased()
            guard let label = labels.first(where: { isLabel($0, of: folded) }) else { break }
            if particles.contains(label), !orParticle || wordCount(bytes) < 3 { break }
            hasLabel = true
            // Lowercasing keeps the length of these words.
            bytes = bytes.dropFirst(label.utf8.count)
            bytes = bytes.drop { $0 <= 0x20 || $0 == UInt8(ascii: ":") }
            if bytes.starts(with: "：".utf8) { bytes = bytes.dropFirst(3) }
        }
        return (foldedSpace(bytes), hasLabel)
    }

    private static func isLabel(_ label: String, of text: String) -> Bool {
        guard text.hasPrefix(label) else { return false }
        guard let next = text.utf8.dropFirst(label.utf8.count).first else { return true }
        return next <= 0x20 || next == UInt8(ascii: ":") || next == 0xEF || label.utf8.contains { $0 >= 0xE3 }
    }

    private static let labels = [
        "article written by", "article by", "written by", "posted by", "published by", "reported by", "reviewed by", "story by",
        "authored by", "created by", "guest post by", "words by", "text by", "by author", "by", "authors", "author", "byline",
        "von", "text von", "text", "autoren", "autorin", "autor", "geschrieben von", "ein artikel von",
        "publié par", "écrit par", "rédigé par", "par", "auteurs", "auteur",
        "escrito por", "publicado por", "por", "autores", "autora",
        "di", "scritto da", "a cura di", "autore",
        "door", "geschreven door", "av", "af", "skrevet av", "skrevet af", "skriven av", "tekst",
        "kirjoittanut", "kirjoittaja", "toimittaja", "írta", "szerző", "napisał", "napisała", "opracował", "de",
        "автор", "авторы", "текст", "автори", "κείμενο", "του", "της", "yazan", "yazar", "oleh", "penulis",
        "reporter", "tác giả", "بقلم", "كتب", "كتبت", "نویسنده", "מאת", "लेखक", "作者", "记者", "記者", "撰文", "文", "글",
    ].sorted { $0.utf8.count > $1.utf8.count }

    // MARK: Parts

    /// The text before what does not belong to the names: a bar, a dot, a date.
    private static func untilOther(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var position = 0
        while position < bytes.count, !startsOther(bytes, position) { position += 1 }
        let words = bytes[..<position].split { $0 <= 0x20 }
        // "A B December | 3", "A B, Mon 3 May"
        let end = words.lastIndex { word in
            let word = String(decoding: word, as: UTF8.self).lowercased().filter { $0 != "." && $0 != "," }
            return MonthNames.month(word, language: nil) == nil && !CalendarNames.isWeekday(word) && !endings.contains(word)
        }
        guard position < bytes.count, bytes[position].isASCIIDigit else { return foldedSpace(bytes[..<position]) }
        return words[..<((end ?? -1) + 1)].map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    private static func startsOther(_ bytes: [UInt8], _ position: Int) -> Bool {
        // A number is no part of a name, unless a nickname has it.
        if bytes[position].isASCIIDigit { return position == 0 || !bytes[position - 1].isNamePart }
        var cursor = ByteCursor(bytes, position..<bytes.count)
        return cursor.skip("|") || cursor.skip(" •") || cursor.skip(" ·") || cursor.skip(" - ") || cursor.skip(" – ")
            || cursor.skip(" — ") || cursor.skip(" on ") || cursor.skip(" in ") || cursor.skip("(") || cursor.skip(" published")
            || cursor.skip(" updated") || cursor.skip(" last updated") || cursor.skip(" posted") || cursor.skip(" for ")
            || cursor.skip(" @") || cursor.skip("—") || cursor.skip("·")
    }

    /// Words that stand between a name and a date.
    private static let endings: Set<String> = ["last", "on", "the", "sponsored", "am", "um", "le", "el", "il", "den"]

    /// The parts that commas, ampersands and words for "and" separate.
    private static func split(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        var position = 0
        func close(next: Int) {
            let part = foldedSpace(bytes[start..<position])
            if !part.isEmpty { parts.append(part) }
            start = next
            position = next
        }
        while position < bytes.count {
            var cursor = ByteCursor(bytes, position..<bytes.count)
            if isSeparator(&cursor) {
                close(next: cursor.position)
            } else if isShortAnd(&cursor), wordCount(bytes[start..<position]) >= 2, wordCount(bytes[cursor.position...]) >= 2 {
                close(next: cursor.position)
            } else {
                position += 1
            }
        }
        close(next: bytes.count)
        return parts
    }

    private static func isSeparator(_ cursor: inout ByteCursor) -> Bool {
        cursor.skip(", and ") || cursor.skip(" and ") || cursor.skip(" und ") || cursor.skip(", ") || cursor.skip(";")
            || cursor.skip(" & ") || cursor.skip(" / ") || cursor.skip("、") || cursor.skip("，") || cursor.skip("|")
            || cursor.skip(" och ") || cursor.skip(" og ") || cursor.skip(" et ") || cursor.skip(" with ") || cursor.skip("،")
    }

    /// Words that stand in names too: "José Ortega y Gasset".
    private static func isShortAnd(_ cursor: inout ByteCursor) -> Bool {
        cursor.skip(" y ") || cursor.skip(" e ") || cursor.skip(" en ") || cursor.skip(" i ") || cursor.skip(" и ")
            || cursor.skip(" і ") || cursor.skip(" ja ") || cursor.skip(" és ") || cursor.skip(" ve ") || cursor.skip(" dan ")
            || cursor.skip(" și ")
    }

    private static func wordCount(_ bytes: ArraySlice<UInt8>) -> Int {
        // Up to the next separator, roughly: enough to tell a surname from a full name.
        bytes.prefix { $0 != UInt8(ascii: ",") }.split { $0 <= 0x20 }.count
    }

    /// A name without what stands around it; nil for what is none: a role, an address, a placeholder.
    private static func name(_ part: String) -> String? {
        var text = part.drop { quotes.contains($0) }
        while let last = text.last, quotes.contains(last) { text = text.dropLast() }
        for title in titlesBehind where text.hasSuffix(title) && text.count > title.count { text = text.dropLast(title.count) }
        while let last = text.last, last == "." && text.dropLast().last?.isLowercase == true || last == ":" || last == "-" {
            text = text.dropLast()
        }
        // "A B (Reporter)", "A B (CNX)"
        if let open = text.firstIndex(of: "("), open > text.startIndex, hasRole(text[open...]) || text.last != ")" { text = text[..<open] }
        let name = foldedSpace(Array(text.utf8)[...])
        guard name.unicodeScalars.contains(where: \.properties.isAlphabetic), name.utf8.count <= 120, !isAddress(name),
            !name.utf8.contains(UInt8(ascii: "@"))
        else { return nil }
        let folded = name.lowercased()
        guard !placeholders.contains(folded), !folded.utf8.contains(UInt8(ascii: "{")) else { return nil }
        guard !hasRole(name[...]), !degrees.contains(folded.filter { $0 != "." }) else { return nil }
        return name
    }

    private static func hasRole(_ text: Substring) -> Bool {
        text.lowercased().split { !($0.isLetter || $0.isNumber) }.contains { roles.contains(String($0)) }
    }

    private static let quotes: Set<Character> = ["\"", "'", "“", "”", "„", "*", "~", ","]
    /// "Reporter", as it stands behind a name in Korean, Japanese and Chinese.
    private static let titlesBehind = [" 기자", "기자", "記者", "记者"]

    private static func isShort(_ name: String) -> Bool { name.utf8.count <= 60 && name.split(separator: " ").count <= 6 }

    private static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("http://") || text.hasPrefix("https://") || text.hasPrefix("//") || text.hasPrefix("/") || text.hasPrefix("www.")
    }

    /// Whether each word is written as in a name: with a capital, or in a script without capitals, apart from particles.
    private static func isLikeName(_ name: String, leastWords: Int) -> Bool {
        let words = name.split(separator: " ")
        guard words.count <= 6, !name.utf8.contains(where: \.isASCIIDigit) else { return false }
        // Names in Chinese, Japanese and Korean are one word.
        guard words.count >= leastWords || name.unicodeScalars.allSatisfy({ $0.value >= 0x2E80 }) else { return false }
        return words.allSatisfy { word in
            guard let first = word.unicodeScalars.first(where: { $0.properties.isAlphabetic }), word.utf8.count <= 60 else { return false }
            return !first.properties.isLowercase || particles.contains(String(word)) || word.contains { $0.isUppercase }
        } && words.contains { !particles.contains(String($0)) }
    }

    private static let particles: Set<String> = [
        "al", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "el", "ibn", "la", "le", "of",
        "ten",
        "ter", "the", "uulu", "van", "von", "y", "zu",
    ]

    private static let placeholders: Set<String> = [
        "admin", "administrator", "anonymous", "author", "autor", "auteur", "editor", "editors", "guest", "none", "null",
        "undefined", "unknown", "user",
        "webmaster", "root", "n/a", "team", "staff", "redaktion", "redazione", "redacción", "rédaction", "redactie", "posted",
        "published", "share", "follow", "by",
        "the author", "facebook", "twitter", "linkedin", "instagram", "email", "whatsapp", "youtube", "pinterest",
        "twitter facebook", "website",
    ]

    private static let roles: Set<String> = [
        "editor", "writer", "reporter", "correspondent", "contributor", "columnist", "producer", "redakteur", "redakteurin",
        "journalist",
        "journaliste", "korrespondent", "korrespondentin", "redactor", "redactora", "corresponsal", "корреспондент", "ceo", "cto",
        "founder", "cofounder",
        "director", "manager", "specialist", "strategist", "president", "professor", "head", "analyst", "expert", "reviewer",
        "posts", "updated", "published", "posted", "minutes", "read", "min",
    ]

    private static let degrees: Set<String> = [
        "md", "phd", "rn", "rd", "rdn", "ms", "ma", "mba", "cfa", "cpa", "cfp", "do", "dds", "jd", "mph", "msc", "bsc", "ldn",
        "esq", "msn", "lcsw", "jr", "sr", "dr",
    ]
}

extension UInt8 {
    fileprivate var isNamePart: Bool { isASCIILetter || isASCIIDigit }
}
