/// When an item says it was published or modified: an instant, or only a day where the source names no time.
/// Written as RFC 3339 in UTC (`2026-02-20T10:00:00Z`) or as a full-date (`2026-02-20`).
package struct ItemDate: Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds; the start of the day for a day.
    package let milliseconds: Int64
    package let isDay: Bool

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
        isDay = false
    }

    /// A day of the proleptic Gregorian calendar; nil if there is none such, or its year is not 1…9999.
    package init?(year: Int, month: Int, day: Int) {
        guard let days = civilDays(year: year, month: month, day: day) else { return nil }
        milliseconds = Int64(days) * 86_400_000
        isDay = true
    }

    /// An instant; nil if a part is out of its range. A second of 60 counts as 59 (RFC 3339 §5.7).
    /// - Parameter offsetMinutes: what local time is ahead of UTC, -1439…1439.
    package init?(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int = 0, millisecond: Int = 0,
        offsetMinutes: Int = 0
    ) {
        guard let days = civilDays(year: year, month: month, day: day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second), (0...999).contains(millisecond),
            (-1439...1439).contains(offsetMinutes)
        else { return nil }
        let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + min(second, 59) - offsetMinutes * 60)
        milliseconds = seconds * 1000 + Int64(millisecond)
        isDay = false
    }
}

extension ItemDate: CustomStringConvertible {
    package var description: String {
        if isDay { return String(rfc3339(milliseconds: milliseconds).prefix(10)) }
        return rfc3339(milliseconds: milliseconds, fraction: milliseconds % 1000 != 0)
    }

    /// Reads back what `description` wrote.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var number = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return number
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        if bytes.count == 10 {
            self.init(year: year, month: month, day: day)
            return
        }
        guard let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19) else { return nil }
        self.init(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second,
            millisecond: bytes.count == 24 ? number(20..<23) ?? 0 : 0)
    }
}

/// `milliseconds` since 1970 as RFC 3339 in UTC, with three digits of fraction if asked. Years outside 1…9999 are
/// clamped to them: the format has no other, and `ItemDate` reads no other back.
package func rfc3339(milliseconds: Int64, fraction: Bool = false) -> String {
    let clamped = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
    var days = clamped / 86_400_000
    var rest = clamped % 86_400_000
    if rest < 0 {
        rest += 86_400_000
        days -= 1
    }
    let date = civilDate(days: Int(days))
    var text: [UInt8] = []
    text.reserveCapacity(24)
    func put(_ number: Int, digits: Int) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
    put(date.year, digits: 4)
    text.append(UInt8(ascii: "-"))
    put(date.month, digits: 2)
    text.append(UInt8(ascii: "-"))
    put(date.day, digits: 2)
    text.append(UInt8(ascii: "T"))
    put(Int(rest / 3_600_000), digits: 2)
    text.append(UInt8(ascii: ":"))
    put(Int(rest / 60_000 % 60), digits: 2)
    text.append(UInt8(ascii: ":"))
    put(Int(rest / 1000 % 60), digits: 2)
    if fraction {
        text.append(UInt8(ascii: "."))
        put(Int(rest % 1000), digits: 3)
    }
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
}

// Days since 1970-01-01 and back, by counting in eras of 400 years that start on the first of March, so that the leap day
// is the last of its year.

private func civilDays(year: Int, month: Int, day: Int) -> Int? {
    guard (1...9999).contains(year), (1...12).contains(month), (1...daysInMonth(month, year: year)).contains(day)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

private func civilDate(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

private func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}
