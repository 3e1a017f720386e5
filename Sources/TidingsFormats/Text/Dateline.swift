import TidingsCore

/// A line that says only when the article was published or changed: "5 March 2026", "Published: 5 March 2026 | Updated:
/// 6 March 2026, 14:35", "March 5, 2026 · 4 min read".
struct Dateline: Equatable {
    var published: ItemDate?
    var modified: ItemDate?

    /// The date that stands for the line.
    var date: ItemDate? { published ?? modified }

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        guard let line = Self.folded(bytes, range) else { return nil }
        var cursor = ByteCursor(line, 0..<line.count)
        self.init(&cursor)
        guard date != nil, cursor.isAtEnd else { return nil }
    }

    /// Reads dates up to what is none. Without any, both are nil.
    private init(_ cursor: inout ByteCursor) {
        while true {
            let start = cursor.position
            let isModification = Self.label(&cursor)
            if let date = writtenDate(&cursor) {
                if isModification == true { modified = modified ?? date } else { published = published ?? date }
                _ = cursor.skip(UInt8(ascii: "."))
            } else {
                cursor.position = start
                guard Self.readingTime(&cursor) else { return }
            }
            let end = cursor.position
            guard Self.separator(&cursor), !cursor.isAtEnd else {
                cursor.position = end
                return
            }
        }
    }

    private static let lengthLimit = 160

    /// The line in lowercase, with digits of ASCII; nil if it is too long for a date line, or has no figure.
    private static func folded(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
        guard range.count <= lengthLimit else { return nil }
        if bytes[range].allSatisfy({ $0 < 0x80 }) {
            return bytes[range].contains(where: \.isASCIIDigit) ? bytes[range].map(\.asciiLowercased) : nil
        }
        var hasDigit = false
        var line: [UInt8] = []
        for scalar in String(decoding: bytes[range], as: UTF8.self).lowercased().unicodeScalars {
            if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
                hasDigit = true
                line.append(UInt8(ascii: "0") + UInt8(value))
            } else {
                line += Array(String(scalar).utf8)
            }
        }
        return hasDigit ? line : nil
    }

    /// Reads the words before the date, if there are any: whether they mean a change.
    private static func label(_ cursor: inout ByteCursor) -> Bool? {
        let start = cursor.position
        guard let first = cursor.next, let candidates = labels[first] else { return nil }
        for (words, isModification) in candidates where cursor.bytes[start..<cursor.end].starts(with: words) {
            cursor.position = start + words.count
            if let next = cursor.next, next.isASCIILetter { continue }
            cursor.skipSpace()
            _ = cursor.skip(UInt8(ascii: ":")) || cursor.skip("：")
            cursor.skipSpace()
            for word in linkWords where cursor.skip(word) { break }
            return isModification
        }
        cursor.position = start
        return nil
    }

    private static let linkWords: [StaticString] = ["on ", "am ", "le ", "el ", "em ", "il ", "op ", "den "]

    /// By their first byte; a longer label stands before one that it begins with.
    private static let labels: [UInt8: [(words: [UInt8], isModification: Bool)]] = {
        let modified = [
            "last updated", "last modified", "updated", "modified", "zuletzt aktualisiert", "aktualisiert", "stand",
            "dernière mise à jour", "mis à jour", "mise à jour", "modifié", "última actualización", "actualizado",
            "atualizado", "ultimo aggiornamento", "aggiornato", "bijgewerkt", "laatst bijgewerkt", "uppdaterad",
            "oppdatert", "opdateret", "päivitetty", "zaktualizowano", "aktualizacja", "aktualizováno", "frissítve",
            "frissült", "güncelleme", "güncellendi", "son güncelleme", "обновлено", "изменено", "оновлено", "жаңартылды",
            "cập nhật", "diperbarui", "actualizat", "ενημερώθηκε", "تحديث", "آخر تحديث", "עודכן", "更新时间", "更新時間", "更新",
            "最終更新", "수정",
        ]
        let published = [
            "published", "publication date", "posted", "date", "veröffentlicht", "erstellt", "datum", "publié", "date de publication",
            "publicado", "fecha", "publicación", "data", "pubblicato", "gepubliceerd", "publicerad", "publisert",
            "udgivet", "julkaistu", "opublikowano", "publikováno", "megjelent", "közzétéve", "dátum", "yayınlanma tarihi",
            "yayınlanma", "yayın tarihi", "tarih", "опубликовано", "дата публикации", "дата", "опубліковано", "жарияланды",
            "күні", "ngày đăng", "diterbitkan", "dipublikasikan", "publicat", "δημοσιεύθηκε", "نشر", "تاريخ النشر", "نشر في",
            "פורסם", "发布时间", "發布時間", "发表时间", "日期", "公開", "公開日", "配信", "입력", "प्रकाशित",
        ]
        let all = modified.map { (Array($0.utf8), true) } + published.map { (Array($0.utf8), false) }
        return Dictionary(grouping: all.sorted { $0.0.count > $1.0.count }) { $0.0.first ?? 0 }
    }()

    /// `4 min read`, `reading time: 4 minutes`, `14:35`: what stands beside a date and says nothing of the article.
    private static func readingTime(_ cursor: inout ByteCursor) -> Bool {
        var attempt = cursor
        for word in readingWords where attempt.skip(word) { break }
        _ = attempt.skip(UInt8(ascii: ":"))
        attempt.skipSpace()
        guard attempt.number(digits: 1...2) != nil else { return false }
        if attempt.skip(UInt8(ascii: ":")) {
            guard attempt.number(digits: 2...2) != nil else { return false }
            attempt.skipSpace()
            _ = attempt.skip("am") || attempt.skip("pm") || attempt.skip("uhr")
        } else {
            attempt.skipSpace()
            guard attempt.skip("min") else { return false }
            _ = attempt.skip("utes") || attempt.skip("ute") || attempt.skip("uten") || attempt.skip("s")
            _ = attempt.skip(UInt8(ascii: "."))
            attempt.skipSpace()
            _ = attempt.skip("read") || attempt.skip("reading") || attempt.skip("de lecture") || attempt.skip("lesezeit")
        }
        cursor = attempt
        return true
    }

    private static let readingWords: [StaticString] = [
        "reading time", "read time", "lesezeit", "temps de lecture", "estimated reading time",
    ]

    /// ` | `, ` • `, ` · `, ` – `, `, `, ` / `.
    private static func separator(_ cursor: inout ByteCursor) -> Bool {
        let start = cursor.position
        cursor.skipSpace()
        let isSign =
            cursor.skip("|") || cursor.skip("•") || cursor.skip("·") || cursor.skip("–") || cursor.skip("—")
            || cursor.skip(",") || cursor.skip(";") || cursor.skip("/") || cursor.skip("-")
        cursor.skipSpace()
        return isSign || cursor.position > start
    }
}

/// The date in `date 2026-02-20 …`, which some exports put before the first words, and the start of those words.
func datePrefix(_ bytes: [UInt8], _ range: Range<Int>) -> (date: ItemDate, rest: Int)? {
    var cursor = ByteCursor(bytes, range)
    guard cursor.skip("date") else { return nil }
    _ = cursor.skip(UInt8(ascii: ":"))
    guard let space = cursor.next, space <= 0x20 else { return nil }
    cursor.skipSpace()
    guard let date = cursor.isoDate(), let next = cursor.next, next <= 0x20 else { return nil }
    cursor.skipSpace()
    return cursor.isAtEnd ? nil : (date, cursor.position)
}

/// The date of "ALMATY, 20 February 2026 – The port …" or "MARSEILLE, France, March 3, 2026 (…) — …", which stays in the
/// text. Nil if the date has no year, or if no dash or bracket shows that the article itself starts after it.
func placeAndDate(_ bytes: [UInt8], _ range: Range<Int>) -> ItemDate? {
    let start = bytes[range.lowerBound..<range.lowerBound + min(range.count, 80)]
    var commas = start.indices.filter { start[$0] == UInt8(ascii: ",") }.prefix(2)
    guard let first = commas.first else { return nil }
    let place = bytes[range.lowerBound..<first]
    guard place.count >= 3, place.allSatisfy({ !$0.isASCIILetter || $0.isASCIIUppercase }), !place.contains(where: \.isASCIIDigit)
    else { return nil }
    while let comma = commas.popFirst() {
        // A country or a state may stand between the place and the date.
        guard !bytes[range.lowerBound..<comma].contains(where: \.isASCIIDigit) else { return nil }
        var cursor = ByteCursor(bytes, comma + 1..<range.upperBound)
        cursor.skipSpace()
        guard let date = writtenDate(&cursor) else { continue }
        cursor.skipSpace()
        switch cursor.next {
        case UInt8(ascii: "("), UInt8(ascii: "-"): return date
        case 0xE2: return cursor.skip("–") || cursor.skip("—") ? date : nil
        default: return nil
        }
    }
    return nil
}
