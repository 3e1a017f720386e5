import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsSystem

/// A point in time as people write it: a day, a day and a time, a time of today, all in the local time zone; RFC 3339 with a zone; or a
/// duration back from now.
struct Moment: ExpressibleByArgument {
    let milliseconds: Int64

    init?(argument: String) { self.init(argument, now: wallClockMilliseconds()) }

    init?(_ text: String, now: Int64) {
        if let back = Quantity.duration(text) {
            let (milliseconds, overflows) = now.subtractingReportingOverflow(Int64(back / .milliseconds(1)))
            guard !overflows else { return nil }
            self.milliseconds = milliseconds
        } else if let date = ItemDate(text), !date.isDay {
            milliseconds = date.milliseconds
        } else if let local = Self.local(text, now: now) {
            milliseconds = local
        } else {
            return nil
        }
    }

    private static func local(_ text: String, now: Int64) -> Int64? {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        guard let first = parts.first else { return nil }
        var time = unsafe tm()
        if let day = ItemDate(String(first)), day.isDay {
            let date = CivilDate(days: Int(day.milliseconds / dayMilliseconds))
            unsafe time.tm_year = Int32(date.year - 1900)
            unsafe time.tm_mon = Int32(date.month - 1)
            unsafe time.tm_mday = Int32(date.day)
        } else if parts.count == 1 {
            var seconds = time_t(now / 1000)
            guard unsafe localtime_r(&seconds, &time) != nil else { return nil }
            (unsafe time.tm_hour, unsafe time.tm_min, unsafe time.tm_sec) = (0, 0, 0)
        } else {
            return nil
        }
        if parts.count == 2 || first.contains(":") {
            guard let (hour, minute, second) = timeOfDay(parts[parts.count - 1]) else { return nil }
            (unsafe time.tm_hour, unsafe time.tm_min, unsafe time.tm_sec) = (hour, minute, second)
        } else if ItemDate(String(first)) == nil {
            return nil
        }
        // "A negative value means that mktime() should [...] attempt to determine whether DST is in effect" (mktime(3)).
        unsafe time.tm_isdst = -1
        return Int64(unsafe mktime(&time)) * 1000
    }

    /// `10:00` or `10:00:30`.
    private static func timeOfDay(_ text: Substring) -> (hour: Int32, minute: Int32, second: Int32)? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = fields.compactMap { $0.utf8.count == 2 ? decimalNumber($0.utf8).map(Int32.init) : nil }
        guard (2...3).contains(fields.count), numbers.count == fields.count, numbers[0] < 24, numbers.allSatisfy({ $0 < 60 })
        else { return nil }
        return (numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : 0)
    }
}
