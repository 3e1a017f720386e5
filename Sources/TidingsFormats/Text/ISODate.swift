import TidingsCore

/// The date of an attribute or a field, `2026-02-20` or `2026-02-20T10:00:00+05:00` (ISO 8601, as in HTML's `datetime`
/// and in JSON-LD), or as people write it. A time without a zone names no instant: the day is what is known.
func machineDate(_ text: String) -> ItemDate? {
    let bytes = Array(text.utf8)
    var cursor = ByteCursor(bytes, trimmed(bytes, 0..<bytes.count))
    guard let date = writtenDate(&cursor), cursor.isAtEnd else { return nil }
    return date
}

/// An ISO 8601 date from here on, with a time where one follows that names an instant.
func isoDate(_ cursor: inout ByteCursor) -> ItemDate? {
    var attempt = cursor
    guard let year = attempt.number(digits: 4...4), attempt.skip(UInt8(ascii: "-")),
        let month = attempt.number(digits: 2...2), attempt.skip(UInt8(ascii: "-")),
        let day = attempt.number(digits: 2...2), let date = ItemDate(year: year, month: month, day: day)
    else { return nil }
    cursor = attempt
    guard let time = isoTime(&attempt) else { return date }
    cursor = attempt
    guard let offset = isoOffset(&attempt) else { return date }
    guard
        let instant = ItemDate(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second,
            millisecond: time.millisecond, offsetMinutes: offset)
    else { return date }
    cursor = attempt
    return instant
}

private func isoTime(_ cursor: inout ByteCursor) -> (hour: Int, minute: Int, second: Int, millisecond: Int)? {
    guard cursor.skip("t") || cursor.skip(" ") else { return nil }
    guard let hour = cursor.number(digits: 2...2), cursor.skip(UInt8(ascii: ":")),
        let minute = cursor.number(digits: 2...2)
    else { return nil }
    guard cursor.skip(UInt8(ascii: ":")) else { return (hour, minute, 0, 0) }
    guard let second = cursor.number(digits: 2...2) else { return nil }
    guard cursor.skip(UInt8(ascii: ".")) else { return (hour, minute, second, 0) }
    var millisecond = 0
    var weight = 100
    while let digit = cursor.digit() {
        millisecond += digit * weight
        weight /= 10
    }
    return (hour, minute, second, millisecond)
}

private func isoOffset(_ cursor: inout ByteCursor) -> Int? {
    if cursor.skip("z") { return 0 }
    let sign: Int
    if cursor.skip(UInt8(ascii: "+")) {
        sign = 1
    } else if cursor.skip(UInt8(ascii: "-")) {
        sign = -1
    } else {
        return nil
    }
    if let both = cursor.number(digits: 4...4) { return sign * (both / 100 * 60 + both % 100) }
    guard let hours = cursor.number(digits: 2...2) else { return nil }
    guard cursor.skip(UInt8(ascii: ":")) else { return sign * hours * 60 }
    guard let minutes = cursor.number(digits: 2...2) else { return nil }
    return sign * (hours * 60 + minutes)
}
