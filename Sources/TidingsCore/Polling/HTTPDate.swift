/// Reads an HTTP-date as milliseconds since 1970-01-01T00:00:00Z; nil if `text` is none.
///
/// All three forms of RFC 9110 §5.6.7 are accepted, as it demands of recipients: IMF-fixdate
/// (`Sun, 06 Nov 1994 08:49:37 GMT`), RFC 850 (`Sunday, 06-Nov-94 08:49:37 GMT`) and asctime (`Sun Nov  6 08:49:37 1994`).
/// The day of the week is not checked: a wrong one does not make the instant less clear.
package func httpDate(_ text: String) -> Int64? {
    let words = text.utf8.split { $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "-") }
    switch words.count {
    case 6:
        // RFC 850 writes its year in two digits.
        let year = number(words[3], digits: 4) ?? number(words[3], digits: 2).map(centuryAdded)
        return instant(year: year, month: words[2], day: number(words[1], digits: 2), time: words[4])
    case 5:
        let day = number(words[2], digits: 2) ?? number(words[2], digits: 1)
        return instant(year: number(words[4], digits: 4), month: words[1], day: day, time: words[3])
    default: return nil
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z as an IMF-fixdate (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
package func httpDate(milliseconds: Int64) -> String {
    func name(_ names: [String], _ number: Int) -> String {
        let letters = names[number - 1].prefix(3)
        return letters.prefix(1).uppercased() + letters.dropFirst()
    }
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    let days = Int(quotient) - (remainder < 0 ? 1 : 0)
    let date = CivilDate(days: days)
    let time = rfc3339(milliseconds: milliseconds).dropFirst("1994-11-06T".count).dropLast()
    return "\(name(CalendarNames.weekdays, CivilDate.weekday(ofDay: days))), \(zeroPadded(date.day, digits: 2)) "
        + "\(name(CalendarNames.months, date.month)) \(zeroPadded(date.year, digits: 4)) \(time) GMT"
}

private typealias Word = Substring.UTF8View.SubSequence

private func instant(year: Int?, month: Word, day: Int?, time: Word) -> Int64? {
    let parts = time.split(separator: UInt8(ascii: ":"))
    guard parts.count == 3, let year, let day, let month = monthNumber(month),
        let hour = number(parts[0], digits: 2), let minute = number(parts[1], digits: 2),
        let second = number(parts[2], digits: 2), let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    return ItemDate(date, TimeOfDay(hour: hour, minute: minute, second: second))?.milliseconds
}

/// RFC 9110 §5.6.7 puts a two-digit year that seems more than 50 years ahead into the past. The pivot is fixed here,
/// because the core has no clock.
private func centuryAdded(_ year: Int) -> Int { year < 70 ? 2000 + year : 1900 + year }

private func number(_ word: Word, digits: Int) -> Int? { word.count == digits ? decimalNumber(word) : nil }

private func monthNumber(_ word: Word) -> Int? {
    let letters = Array(word)
    return letters.count == 3 ? CalendarNames.month(letters[0], letters[1], letters[2]) : nil
}
