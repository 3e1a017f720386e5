import TidingsCore

// Dates as articles write them. Only unambiguous forms are read: `02/03/2026` is a day of February in one country and
// of March in another, and stays text.

/// A line that is only a date, perhaps after a word such as "Published" or "Updated".
struct Dateline: Equatable {
    var date: ItemDate
    /// Whether the line says that the article was changed then: "Updated 20 February 2026".
    var isModification = false

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        guard range.count <= Self.lengthLimit else { return nil }
        var cursor = ByteCursor(bytes, range)
        if let label = Self.label(&cursor) { isModification = label }
        guard let date = writtenDate(&cursor) else { return nil }
        self.date = date
        _ = cursor.skip(UInt8(ascii: "."))
        guard cursor.isAtEnd else { return nil }
    }

    private static let lengthLimit = 80

    /// Reads the word before the date, if there is one: whether it means a change.
    private static func label(_ cursor: inout ByteCursor) -> Bool? {
        let isModification: Bool
        if cursor.skip("last updated") || cursor.skip("last modified") || cursor.skip("updated")
            || cursor.skip("modified")
        {
            isModification = true
        } else if cursor.skip("published") || cursor.skip("posted") || cursor.skip("date") {
            isModification = false
        } else {
            return nil
        }
        if cursor.skip(" on ") { return isModification }
        _ = cursor.skip(UInt8(ascii: ":"))
        cursor.skipSpace()
        return isModification
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

/// The date of "ALMATY, 20 February 2026 – The port …", which stays in the text. Nil if the date has no year, or if no
/// dash or bracket shows that the article itself starts after it.
func placeAndDate(_ bytes: [UInt8], _ range: Range<Int>) -> ItemDate? {
    let limit = min(range.count, 60)
    guard let comma = bytes[range.lowerBound..<range.lowerBound + limit].firstIndex(of: UInt8(ascii: ",")) else {
        return nil
    }
    let place = bytes[range.lowerBound..<comma]
    guard place.count >= 3, place.allSatisfy({ !$0.isASCIILetter || $0.isASCIIUppercase }), !place.contains(where: \.isASCIIDigit)
    else { return nil }
    var cursor = ByteCursor(bytes, comma + 1..<range.upperBound)
    cursor.skipSpace()
    guard let date = writtenDate(&cursor) else { return nil }
    cursor.skipSpace()
    switch cursor.next {
    case UInt8(ascii: "("), UInt8(ascii: "-"): return date
    case 0xE2: return cursor.skip("–") || cursor.skip("—") ? date : nil
    default: return nil
    }
}

/// The date of an attribute or a field: `2026-02-20` or `2026-02-20T10:00:00+05:00` (ISO 8601, as in HTML's `datetime`
/// and in JSON-LD), or as people write it.
func machineDate(_ text: String) -> ItemDate? {
    let bytes = Array(text.utf8)
    var cursor = ByteCursor(bytes, trimmed(bytes, 0..<bytes.count))
    guard let date = writtenDate(&cursor), cursor.isAtEnd else { return nil }
    return date
}

/// Reads a date: ISO 8601, `20 February 2026`, `Feb. 20, 2026`, `20.02.2026`, with or without a weekday before it and a
/// time of day after it. A time without a zone is skipped: it is no instant.
func writtenDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    if let name = attempt.word(), CalendarNames.isWeekday(name) {
        _ = attempt.skip(UInt8(ascii: "."))
        _ = attempt.skip(UInt8(ascii: ","))
        attempt.skipSpace()
    } else {
        attempt = cursor
    }
    guard let date = attempt.isoDate() ?? dottedDate(&attempt) ?? namedDate(&attempt) else { return nil }
    if date.isDay { skipTime(&attempt) }
    cursor = attempt
    return date
}

private func dottedDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    guard let day = attempt.number(digits: 1...2), attempt.skip(UInt8(ascii: ".")),
        let month = attempt.number(digits: 1...2), attempt.skip(UInt8(ascii: ".")),
        let year = attempt.number(digits: 4...4), let date = ItemDate(year: year, month: month, day: day)
    else { return nil }
    cursor = attempt
    return date
}

private func namedDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    var day = dayNumber(&attempt)
    attempt.skipSpace()
    guard let month = attempt.word().flatMap(CalendarNames.month(named:)) else { return nil }
    _ = attempt.skip(UInt8(ascii: "."))
    attempt.skipSpace()
    if day == nil { day = dayNumber(&attempt) }
    _ = attempt.skip(UInt8(ascii: ","))
    attempt.skipSpace()
    guard let day, let year = attempt.number(digits: 4...4), let date = ItemDate(year: year, month: month, day: day)
    else { return nil }
    cursor = attempt
    return date
}

/// `20`, `20.`, `20th`.
private func dayNumber(_ cursor: inout ByteCursor) -> Int? {
    guard let day = cursor.number(digits: 1...2) else { return nil }
    _ = cursor.skip("st") || cursor.skip("nd") || cursor.skip("rd") || cursor.skip("th") || cursor.skip(".")
    return day
}

/// `, 14:35`, ` at 2:35 pm`, `14:35:00 GMT`.
private func skipTime(_ cursor: inout ByteCursor) {
    var attempt = cursor
    _ = attempt.skip(UInt8(ascii: ","))
    attempt.skipSpace()
    if attempt.skip("at ") { attempt.skipSpace() }
    guard attempt.number(digits: 1...2) != nil, attempt.skip(UInt8(ascii: ":")), attempt.number(digits: 2...2) != nil
    else { return }
    if attempt.skip(UInt8(ascii: ":")), attempt.number(digits: 2...2) == nil { return }
    cursor = attempt
    attempt.skipSpace()
    if let word = attempt.word(), ["am", "pm", "utc", "gmt"].contains(word) { cursor = attempt }
}
