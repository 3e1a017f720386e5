/// When an item says it was published or modified: an instant, or only a day if the source gives no time. Written as
/// RFC 3339 in UTC (`2026-02-20T10:00:00Z`) or as a full-date (`2026-02-20`).
package struct ItemDate: Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds; for a day, its start.
    package let milliseconds: Int64
    package let isDay: Bool

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
        isDay = false
    }

    package init(_ day: CivilDate) {
        milliseconds = Int64(day.days) * dayMilliseconds
        isDay = true
    }

    /// A day of the proleptic Gregorian calendar; nil if there is no such day, or the year is not 1…9999.
    package init?(year: Int, month: Int, day: Int) {
        guard let day = CivilDate(year: year, month: month, day: day) else { return nil }
        self.init(day)
    }

    /// An instant; nil if a part is out of its range. A second of 60 counts as 59 (RFC 3339 §5.7).
    /// - Parameter offsetMinutes: how far local time is ahead of UTC, -1439…1439.
    package init?(_ day: CivilDate, _ time: TimeOfDay, offsetMinutes: Int = 0) {
        guard (0...23).contains(time.hour), (0...59).contains(time.minute), (0...60).contains(time.second),
            (0...999).contains(time.millisecond), (-1439...1439).contains(offsetMinutes)
        else { return nil }
        let minutes = time.hour * 60 + time.minute - offsetMinutes
        let seconds = minutes * 60 + min(time.second, 59)
        milliseconds = Int64(day.days) * dayMilliseconds + Int64(seconds * 1000 + time.millisecond)
        isDay = false
    }
}

/// A time as it is written: its parts may be out of range.
package struct TimeOfDay: Equatable, Sendable {
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var millisecond: Int

    package init(hour: Int, minute: Int = 0, second: Int = 0, millisecond: Int = 0) {
        self.hour = hour
        self.minute = minute
        self.second = second
        self.millisecond = millisecond
    }
}

extension ItemDate: CustomStringConvertible {
    package var description: String {
        if isDay { return String(rfc3339(milliseconds: milliseconds).prefix(10)) }
        return rfc3339(milliseconds: milliseconds, fraction: milliseconds % 1000 != 0)
    }

    /// Reads what `description` writes; nil if `text` is neither a date-time nor a full-date of RFC 3339.
    package init?(_ text: String) {
        var cursor = ByteCursor(text)
        guard let date = cursor.timestamp() ?? cursor.civilDate().map(ItemDate.init), cursor.isAtEnd else { return nil }
        self = date
    }
}
