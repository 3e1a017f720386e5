import TidingsCore

// Dates as articles write them. Only unambiguous forms are read: `02/03/2026` is a day of February in one country and
// of March in another, and stays text.

/// The date of an attribute or a field: `2026-02-20` or `2026-02-20T10:00:00+05:00` (ISO 8601, as in HTML's `datetime`
/// and in JSON-LD), or as people write it.
func machineDate(_ text: String) -> ItemDate? {
    let bytes = Array(text.utf8)
    var cursor = ByteCursor(bytes, trimmed(bytes, 0..<bytes.count))
    guard let date = writtenDate(&cursor), cursor.isAtEnd else { return nil }
    return date
}

/// Reads a date: ISO 8601, `20 February 2026`, `Feb. 20, 2026`, `20.02.2026`, `20 февраля 2026 г.`, `2026年2月20日`, with
/// or without a weekday at its ends and a time of day after it. A time without a zone is skipped: it is no instant.
func writtenDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    skipWeekday(&attempt)
    guard
        let date = attempt.isoDate() ?? numberedDate(&attempt) ?? namedDate(&attempt) ?? yearFirstDate(&attempt)
    else { return nil }
    if date.isDay {
        var rest = attempt
        _ = rest.skip(UInt8(ascii: ","))
        rest.skipSpace()
        if rest.position > attempt.position, skipWeekday(&rest) { attempt = rest }
        skipTime(&attempt)
    }
    cursor = attempt
    return date
}

/// `Thursday, `, `Do., `.
@discardableResult
private func skipWeekday(_ cursor: inout ByteCursor) -> Bool {
    var attempt = cursor
    guard let name = attempt.letters(), CalendarNames.isWeekday(name) || WeekdayNames.isWeekday(name) else { return false }
    _ = attempt.skip("-feira")
    _ = attempt.skip(UInt8(ascii: ".")) || attempt.skip("،")
    _ = attempt.skip(UInt8(ascii: ","))
    attempt.skipSpace()
    cursor = attempt
    return true
}

/// `20.02.2026`, `20. 2. 2026`, `2026.02.20`, `2026/02/20`, `25/02/2026`: a slash is read only where no other country
/// would take the day for the month.
private func numberedDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    guard let (first, digits) = attempt.figure(), digits <= 4, let separator = attempt.next,
        separator == UInt8(ascii: ".") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: "-")
    else { return nil }
    attempt.position += 1
    if separator == UInt8(ascii: ".") { _ = attempt.skip(UInt8(ascii: " ")) }
    guard let second = attempt.number(digits: 1...2), attempt.skip(separator) else { return nil }
    if separator == UInt8(ascii: ".") { _ = attempt.skip(UInt8(ascii: " ")) }
    guard let (third, length) = attempt.figure() else { return nil }
    let date: ItemDate?
    switch (digits, length) {
    case (4, 1...2):
        date = ItemDate(year: first, month: second, day: third)
        if separator == UInt8(ascii: ".") { _ = attempt.skip(UInt8(ascii: ".")) }
    case (1...2, 4) where separator == UInt8(ascii: "."): date = ItemDate(year: third, month: second, day: first)
    case (1...2, 4) where first > 12: date = ItemDate(year: third, month: second, day: first)
    case (1...2, 4) where second > 12: date = ItemDate(year: third, month: first, day: second)
    default: date = nil
    }
    guard let date else { return nil }
    cursor = attempt
    return date
}

/// `20 February 2026`, `Feb. 20th, 2026`, `20 de febrero de 2026`, `5-mart 2026`, `ngày 5 tháng 3 năm 2026`.
private func namedDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    _ = attempt.skipWord(articles)
    var day = dayNumber(&attempt)
    attempt.skipSpace()
    _ = attempt.skipWord(monthPrepositions)
    let month = attempt.skipWord(vietnameseMonth) ? attempt.number(digits: 1...2) : attempt.month()
    guard let month else { return nil }
    _ = attempt.skip(UInt8(ascii: "."))
    attempt.skipSpace()
    if day == nil { day = dayNumber(&attempt) }
    _ = attempt.skip(UInt8(ascii: ",")) || attempt.skip("،")
    attempt.skipSpace()
    _ = attempt.skipWord(yearPrepositions)
    guard let day, var year = attempt.number(digits: 4...4) else { return nil }
    // Thailand counts from the Buddha's death, 543 years before our era.
    if year > 2400 { year -= 543 }
    guard let date = ItemDate(year: year, month: month, day: day) else { return nil }
    cursor = attempt
    skipYearSign(&cursor)
    return date
}

/// `2026年2月20日`, `2026년 2월 20일`, `2026. február 20.`, `2026 жылғы 20 ақпан`, `2026-yil 20-fevral`.
private func yearFirstDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    guard let year = attempt.number(digits: 4...4) else { return nil }
    if attempt.skip("年") || attempt.skip("년") {
        attempt.skipSpace()
        guard let month = attempt.number(digits: 1...2), attempt.skip("月") || attempt.skip("월") else { return nil }
        attempt.skipSpace()
        guard let day = attempt.number(digits: 1...2), attempt.skip("日") || attempt.skip("일"),
            let date = ItemDate(year: year, month: month, day: day)
        else { return nil }
        cursor = attempt
        return date
    }
    _ = attempt.skip(UInt8(ascii: ".")) || attempt.skip(UInt8(ascii: "-"))
    attempt.skipSpace()
    if attempt.skipWord(yearNouns) { _ = attempt.skip(UInt8(ascii: ".")) }
    attempt.skipSpace()
    var day = dayNumber(&attempt)
    attempt.skipSpace()
    guard let month = attempt.month() else { return nil }
    _ = attempt.skip(UInt8(ascii: "."))
    attempt.skipSpace()
    if day == nil { day = dayNumber(&attempt) }
    guard let day, let date = ItemDate(year: year, month: month, day: day) else { return nil }
    cursor = attempt
    return date
}

/// `20`, `20.`, `20th`, `1er`, `5-`.
private func dayNumber(_ cursor: inout ByteCursor) -> Int? {
    guard let day = cursor.number(digits: 1...2) else { return nil }
    _ = cursor.skip("st") || cursor.skip("nd") || cursor.skip("rd") || cursor.skip("th") || cursor.skip("er")
        || cursor.skip(".") || cursor.skip("-")
    return day
}

/// ` г.`, ` года`, ` р.`, ` y.`: "of the year".
private func skipYearSign(_ cursor: inout ByteCursor) {
    var attempt = cursor
    attempt.skipSpace()
    guard let word = attempt.letters(), yearSigns.contains(word) else {
        return
    }
    if word.unicodeScalars.count == 1 { _ = attempt.skip(UInt8(ascii: ".")) }
    cursor = attempt
}

/// `, 14:35`, ` at 2:35 pm`, `14:35:00 GMT`, ` à 14h30`, ` um 14.35 Uhr`, ` 14時35分`.
private func skipTime(_ cursor: inout ByteCursor) {
    var attempt = cursor
    _ = attempt.skip(UInt8(ascii: ",")) || attempt.skip(".,") || attempt.skip("،")
    attempt.skipSpace()
    let connected = attempt.skipWord(clockPrepositions)
    if connected {
        _ = attempt.skip(UInt8(ascii: "."))
        attempt.skipSpace()
        _ = attempt.skipWord(spanishHour)
    }
    guard attempt.number(digits: 1...2) != nil else { return }
    if attempt.skip("時") || attempt.skip("时") || attempt.skip("시") {
        attempt.skipSpace()
        if attempt.number(digits: 1...2) != nil { _ = attempt.skip("分") || attempt.skip("분") }
        cursor = attempt
        return
    }
    let isColon = attempt.skip(UInt8(ascii: ":")) || attempt.skip(UInt8(ascii: ".")) || attempt.skip(UInt8(ascii: "h"))
    guard isColon || attempt.skip(" h ") else { return }
    guard attempt.number(digits: 2...2) != nil else { return }
    if attempt.skip(UInt8(ascii: ":")), attempt.number(digits: 2...2) == nil { return }
    cursor = attempt
    attempt.skipSpace()
    if let word = attempt.letters(), clockWords.contains(word) {
        cursor = attempt
        attempt.skipSpace()
        if let word = attempt.letters(), clockWords.contains(word) { cursor = attempt }
    }
}

// The words that stand in a date besides its names.
private let articles: Set<String> = ["ngày", "le", "den", "am", "el"]
private let monthPrepositions: Set<String> = ["de", "of"]
private let vietnameseMonth: Set<String> = ["tháng"]
private let yearPrepositions: Set<String> = ["de", "del", "năm"]
private let yearNouns: Set<String> = ["жылғы", "ж", "жыл", "yil", "m", "gada"]
private let spanishHour: Set<String> = ["las"]
private let yearSigns: Set<String> = ["г", "года", "год", "р", "року", "ж", "жыл", "r", "roku"]
private let clockPrepositions: Set<String> = [
    "at", "um", "à", "a", "alle", "ore", "às", "as", "las", "в", "о", "kl", "klo", "saat", "om", "o",
]
private let clockWords: Set<String> = [
    "am", "pm", "utc", "gmt", "cet", "cest", "est", "edt", "et", "pst", "pdt", "ist", "bst", "msk", "мск", "uhr", "h", "hrs",
    "wib", "jst", "kst",
]

extension ByteCursor {
    /// Reads a run of letters of any script, in lowercase; nil if there are none or too many.
    fileprivate mutating func letters() -> String? {
        var count = 0
        while position + count < end, isLetterByte(at: position + count) { count += 1 }
        guard (1...60).contains(count) else { return nil }
        let word = bytes[position..<position + count]
        position += count
        if word.allSatisfy({ $0 < 0x80 }) { return String(decoding: word.map(\.asciiLowercased), as: UTF8.self) }
        return String(decoding: word, as: UTF8.self).lowercased()
    }

    /// A byte beyond ASCII is part of a letter unless it begins a sign or a space: U+0080…U+00BF, U+2000…U+2FFF (but
    /// the apostrophe), U+3000…U+30FF, the full-width forms, the Arabic comma.
    private func isLetterByte(at index: Int) -> Bool {
        let byte = bytes[index]
        let next = index + 1 < end ? bytes[index + 1] : 0
        switch byte {
        case 0..<0x80: return byte.isASCIILetter
        case 0xC2, 0xEF: return false
        case 0xE2: return next == 0x80 && index + 2 < end && bytes[index + 2] == 0x99
        case 0xE3: return next > 0x83
        case 0xD8: return next != 0x8C
        default: return true
        }
    }

    /// Skips one of `words` and the space behind it.
    fileprivate mutating func skipWord(_ words: Set<String>) -> Bool {
        guard let next, next.isASCIILetter || next >= 0x80 else { return false }
        var attempt = self
        guard let word = attempt.letters(), words.contains(word) else { return false }
        attempt.skipSpace()
        self = attempt
        return true
    }

    /// Reads the name of a month, in any language.
    fileprivate mutating func month() -> Int? {
        var attempt = self
        guard let name = attempt.letters(), let month = CalendarNames.month(named: name) ?? MonthNames.month(name) else {
            return nil
        }
        self = attempt
        return month
    }

    /// Reads a number of one to four digits, and says how many there were.
    fileprivate mutating func figure() -> (value: Int, digits: Int)? {
        let start = position
        guard let value = number(digits: 1...4) else { return nil }
        return (value, position - start)
    }
}
