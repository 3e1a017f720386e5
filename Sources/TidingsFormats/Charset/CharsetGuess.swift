import TidingsCore

/// What to try when a page is not in UTF-8 and does not say what it is in: the charset that software long used for the
/// page's language (WHATWG HTML §13.2.3.2, the table of its last step). The standard means the reader's language; a
/// daemon has none, but many pages give their own.
///
/// A text without any mark is read as windows-1252. To guess from the letters would need the statistics of a library.
enum CharsetGuess {
    /// The charsets to try in turn for `language`, "ru" or "zh-TW"; none for languages that windows-1252 is for.
    static func charsets(for language: String) -> [String] {
        let parts = language.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" })
        guard let first = parts.first else { return [] }
        if first == "zh" {
            return parts.dropFirst().contains(where: { ["tw", "hk", "mo", "hant"].contains($0) }) ? ["big5"] : ["gb18030"]
        }
        return byLanguage[String(first)] ?? []
    }

    private static let byLanguage: [String: [String]] = {
        let table = [
            "windows-1251": "ba be bg kk ky mk mn ru sah sr tg tt uk",
            "windows-1256": "ar fa ur", "windows-1254": "az ku tr", "windows-1250": "cs hr sk bs", "iso-8859-7": "el",
            "windows-1257": "et lt lv", "windows-1255": "he iw", "windows-874": "th", "windows-1258": "vi", "euc-kr": "ko",
        ]
        var charsets: [String: [String]] = [:]
        for (charset, languages) in table {
            for language in languages.split(separator: " ") { charsets[String(language)] = [charset] }
        }
        // Bytes of EUC-JP are nearly always valid in Shift_JIS too, but not the other way round.
        charsets["ja"] = ["euc-jp", "shift_jis"]
        // The two differ in the quotation marks, which windows-1250 has where ISO 8859 has control characters.
        for language in ["hu", "pl", "ro", "sl"] { charsets[language] = ["iso-8859-2", "windows-1250"] }
        return charsets
    }()

    /// The value of `lang` in the tag `<html …>`, if it stands near the start.
    static func language(ofPage bytes: [UInt8]) -> String? {
        let head = bytes.count > CharsetDeclaration.prescanBytes ? Array(bytes[..<CharsetDeclaration.prescanBytes]) : bytes
        guard let tag = head.positionIgnoringCase(of: "<html", in: 0..<head.count) else { return nil }
        var index = tag + 5
        let attributes = CharsetDeclaration.attributes(head, from: &index)
        return attributes.first { $0.name == "lang" || $0.name == "xml:lang" }.flatMap { String(trimming: $0.value) }
    }

    /// Whether a text decoded as `charset` has control characters where another charset has letters or quotation marks.
    static func hasControls(_ utf8: [UInt8]) -> Bool {
        var index = 0
        while let start = utf8.position(of: 0xC2, from: index) {
            if start + 1 < utf8.count, utf8[start + 1] < 0xA0 { return true }
            index = start + 2
        }
        return false
    }
}
