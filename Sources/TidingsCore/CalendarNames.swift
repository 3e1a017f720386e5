/// The English names of months and of days of the week, in lowercase, as RSS, HTTP, mail and people write them.
package enum CalendarNames {
    package static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    /// From Monday on, as ISO 8601 counts them.
    package static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// The number, 1…12, of the month `name`, in full or abbreviated as people do.
    package static func month(named name: String) -> Int? { monthNumbers[name] }

    /// Whether `name` is a day of the week, in full or abbreviated as people do.
    package static func isWeekday(_ name: String) -> Bool { weekdayNames.contains(name) }

    private static let monthNumbers: [String: Int] = {
        var numbers = ["sept": 9]
        for (index, name) in months.enumerated() {
            numbers[name] = index + 1
            numbers[String(name.prefix(3))] = index + 1
        }
        return numbers
    }()

    private static let weekdayNames = Set(weekdays + weekdays.map { String($0.prefix(3)) } + ["tues", "thur", "thurs"])

    /// The number, 1…12, of the month whose name begins with these letters, in any case (RFC 5322 §3.3, RFC 9110 §5.6.7).
    static func month(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int? {
        monthKeys.firstIndex(of: key(first, second, third)).map { $0 + 1 }
    }

    /// The number, 1…7 from Monday on, of the day of the week whose name begins with these letters, in any case.
    static func weekday(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int? {
        weekdayKeys.firstIndex(of: key(first, second, third)).map { $0 + 1 }
    }

    private static let monthKeys = months.map(key)
    private static let weekdayKeys = weekdays.map(key)

    private static func key(_ name: String) -> UInt32 {
        let letters = Array(name.utf8.prefix(3))
        return key(letters[0], letters[1], letters[2])
    }

    /// Setting the bit turns a capital into a small letter, and turns nothing but letters into a letter.
    private static func key(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt32 {
        UInt32(first | 0x20) << 16 | UInt32(second | 0x20) << 8 | UInt32(third | 0x20)
    }
}
