// Two readers of ISO 8601 dates. `timestamp` accepts RFC 3339's date-time and nothing else, as our own records and
// well-made feeds write it. `isoDate` also accepts what HTML's `datetime`, JSON-LD and people write: a day alone, a
// space for the T, no seconds, no zone. A time without a zone is no instant: then only the day is read.

extension ByteCursor {
    /// Reads a date: an instant if a time and a zone follow the day, else the day.
    package mutating func isoDate() -> ItemDate? {
        guard let day = civilDate() else { return nil }
        guard let time = time(isStrict: false) else { return ItemDate(day) }
        let endOfTime = position
        guard let offset = offset(isStrict: false), let instant = ItemDate(day, time, offsetMinutes: offset) else {
            position = endOfTime
            return ItemDate(day)
        }
        return instant
    }

    /// Reads a date-time of RFC 3339 §5.6: `2026-02-20T10:00:00.25+05:00`.
    package mutating func timestamp() -> ItemDate? {
        let start = position
        guard let day = civilDate(), let time = time(isStrict: true), let offset = offset(isStrict: true),
            let instant = ItemDate(day, time, offsetMinutes: offset)
        else {
            position = start
            return nil
        }
        return instant
    }

    /// Reads a full-date of RFC 3339 §5.6: `2026-02-20`.
    mutating func civilDate() -> CivilDate? {
        let start = position
        guard let year = number(digits: 4...4), skip(UInt8(ascii: "-")), let month = number(digits: 2...2),
            skip(UInt8(ascii: "-")), let day = number(digits: 2...2),
            let date = CivilDate(year: year, month: month, day: day)
        else {
            position = start
            return nil
        }
        return date
    }

    /// Reads a T and the time of day. Digits of the second beyond the third are dropped.
    /// - Parameter isStrict: the T must be a capital, seconds must be present, and their fraction must have 1…9 digits.
    private mutating func time(isStrict: Bool) -> TimeOfDay? {
        let start = position
        guard skip(UInt8(ascii: "T")) || !isStrict && (skip(UInt8(ascii: "t")) || skip(UInt8(ascii: " "))),
            let hour = number(digits: 2...2), skip(UInt8(ascii: ":")), let minute = number(digits: 2...2)
        else {
            position = start
            return nil
        }
        var time = TimeOfDay(hour: hour, minute: minute)
        guard skip(UInt8(ascii: ":")) else {
            if isStrict { position = start }
            return isStrict ? nil : time
        }
        guard let second = number(digits: 2...2) else {
            position = start
            return nil
        }
        time.second = second
        guard skip(UInt8(ascii: ".")) else { return time }
        var digits = 0
        var weight = 100
        while let digit = digit() {
            time.millisecond += digit * weight
            weight /= 10
            digits += 1
        }
        guard !isStrict || (1...9).contains(digits) else {
            position = start
            return nil
        }
        return time
    }

    /// How many minutes the zone is ahead of UTC.
    /// - Parameter isStrict: accepts `Z` and `+05:00`, but not `z`, `+0500` or `+05`.
    private mutating func offset(isStrict: Bool) -> Int? {
        if skip(UInt8(ascii: "Z")) || !isStrict && skip(UInt8(ascii: "z")) { return 0 }
        let start = position
        guard let minutes = offsetMinutes(isStrict: isStrict) else {
            position = start
            return nil
        }
        return minutes
    }

    private mutating func offsetMinutes(isStrict: Bool) -> Int? {
        let isBehind = skip(UInt8(ascii: "-"))
        guard isBehind || skip(UInt8(ascii: "+")) else { return nil }
        let sign = isBehind ? -1 : 1
        if !isStrict, let both = number(digits: 4...4) { return sign * (both / 100 * 60 + both % 100) }
        guard let hours = number(digits: 2...2) else { return nil }
        guard skip(UInt8(ascii: ":")) else { return isStrict ? nil : sign * hours * 60 }
        guard let minutes = number(digits: 2...2) else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

/// `milliseconds` since 1970 as RFC 3339 in UTC, with three digits of fraction if asked. Years outside 1…9999 are
/// clamped, because neither the format nor `ItemDate` has others.
package func rfc3339(milliseconds: Int64, fraction: Bool = false) -> String {
    let clamped = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
    var (days, rest) = clamped.quotientAndRemainder(dividingBy: dayMilliseconds)
    if rest < 0 {
        rest += dayMilliseconds
        days -= 1
    }
    let date = CivilDate(days: Int(days))
    let time = Int(rest)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    text.append(date.year, digits: 4)
    text.append(UInt8(ascii: "-"))
    text.append(date.month, digits: 2)
    text.append(UInt8(ascii: "-"))
    text.append(date.day, digits: 2)
    text.append(UInt8(ascii: "T"))
    text.append(time / 3_600_000, digits: 2)
    text.append(UInt8(ascii: ":"))
    text.append(time / 60_000 % 60, digits: 2)
    text.append(UInt8(ascii: ":"))
    text.append(time / 1000 % 60, digits: 2)
    if fraction {
        text.append(UInt8(ascii: "."))
        text.append(time % 1000, digits: 3)
    }
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
}
