import TidingsCore

/// The word before the names in a byline.
struct BylineLabel {
    enum Kind {
        /// "By", "Written by": names follow, or a headline does.
        case sure
        /// "Author:": nothing but names follows.
        case noun
        /// "Von", "Par", "Por": names follow, but so may any sentence.
        case preposition
    }

    var kind: Kind
    /// What comes after the label.
    var rest: Range<Int>

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        var cursor = ByteCursor(bytes, range)
        if Self.skipSure(&cursor) {
            kind = .sure
        } else if Self.skipPreposition(&cursor) {
            kind = .preposition
        } else if Self.skipNoun(&cursor) {
            kind = .noun
        } else {
            return nil
        }
        rest = trimmed(bytes, cursor.position..<range.upperBound)
    }

    private static func skipSure(_ cursor: inout ByteCursor) -> Bool {
        cursor.skip("by ") || cursor.skip("by: ") || cursor.skip("written by ") || cursor.skip("posted by ")
            || cursor.skip("words by ") || cursor.skip("story by ") || cursor.skip("text by ") || cursor.skip("reported by ")
            || cursor.skip("geschrieben von ") || cursor.skip("ein artikel von ") || cursor.skip("escrito por ")
            || cursor.skip("écrit par ") || cursor.skip("napisane przez ")
    }

    private static func skipPreposition(_ cursor: inout ByteCursor) -> Bool {
        cursor.skip("von ") || cursor.skip("par ") || cursor.skip("por ") || cursor.skip("di ") || cursor.skip("door ")
            || cursor.skip("av ") || cursor.skip("af ") || cursor.skip("oleh ") || cursor.skip("από ") || cursor.skip("Από ")
    }

    /// Nouns end with a colon: "Author:", "Автор:", "作者：".
    private static func skipNoun(_ cursor: inout ByteCursor) -> Bool {
        let line = cursor.position..<cursor.end
        guard let label = Boilerplate.label(cursor.bytes, line, limit: 40), !label.value.isEmpty else { return false }
        guard nouns.contains(String(decoding: cursor.bytes[label.name], as: UTF8.self).lowercased()) else { return false }
        cursor.position = label.value.lowerBound
        return true
    }

    private static let nouns: Set<String> = [
        "author", "authors", "autor", "autorin", "autoren", "autora", "autores", "auteur", "auteure", "auteurs",
        "autrice", "autore", "autori", "autorka", "autorzy", "auteur(s)", "author(s)", "forfatter", "författare", "kirjoittaja",
        "szerző", "írta", "yazar", "müəllif", "muallif", "penulis", "tác giả", "автор", "авторы", "автор текста", "текст", "text", "texto", "texte", "testo", "tekst", "автори",
        "автор(ы)", "аўтар", "мәтін", "авторлар", "συντάκτης", "ავტორი", "بقلم", "كتب", "كتبت", "الكاتب", "نویسنده", "מאת",
        "लेखक", "作者", "撰文", "文", "记者", "記者", "執筆", "筆者", "글", "기자",
    ]
}
