import TidingsCore

extension FeedDate {
    /// Reads the two forms that nearly all feeds write, byte by byte: `Fri, 20 Feb 2026 10:00:00 +0100` (RFC 5322 §3.3)
    /// and `2026-02-20T10:00:00Z` (RFC 3339). Nil for any other text; then `parseAny` decides whether it is a date.
    static func parsePlain(_ text: String) -> ItemDate? {
        var cursor = ByteCursor(text)
        let date = text.utf8.dropFirst(4).first == UInt8(ascii: "-") ? cursor.timestamp() : cursor.mailDate()
        return cursor.isAtEnd ? date : nil
    }
}

extension ByteCursor {
    fileprivate mutating func mailDate() -> ItemDate? {
        if next?.isASCIILetter == true {
            guard shortWeekday() != nil, skip(UInt8(ascii: ",")), skip(UInt8(ascii: " ")) else { return nil }
        }
        guard let day = number(digits: 1...2), skip(UInt8(ascii: " ")), let month = shortMonth(), skip(UInt8(ascii: " ")),
            let year = number(digits: 4...4), skip(UInt8(ascii: " ")), let hour = number(digits: 2...2),
            skip(UInt8(ascii: ":")), let minute = number(digits: 2...2), skip(UInt8(ascii: ":")),
            let second = number(digits: 2...2), skip(UInt8(ascii: " ")), let offset = mailZone(),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        return ItemDate(date, TimeOfDay(hour: hour, minute: minute, second: second), offsetMinutes: offset)
    }

    /// How far the zone is ahead of UTC, in minutes: `GMT`, `UTC`, `+0100`.
    private mutating func mailZone() -> Int? {
        if skip("gmt") || skip("utc") { return 0 }
        let isBehind = skip(UInt8(ascii: "-"))
        guard isBehind || skip(UInt8(ascii: "+")), let value = number(digits: 4...4) else { return nil }
        let minutes = value / 100 * 60 + value % 100
        return isBehind ? -minutes : minutes
    }
}
