import TidingsCore

extension FeedDate {
    /// The two forms that nearly all feeds write, each byte where it belongs: `Fri, 20 Feb 2026 10:00:00 +0100` (RFC 5322
    /// §3.3) and `2026-02-20T10:00:00Z` (RFC 3339). Nil for any other, and for what is no date: that `parseAny` tells.
    static func parsePlain(_ text: String) -> ItemDate? {
        var reading = PlainDateReading(bytes: Array(text.utf8))
        return text.utf8.dropFirst(4).first == UInt8(ascii: "-") ? reading.timestamp() : reading.mailDate()
    }
}

private struct PlainDateReading {
    let bytes: [UInt8]
    private var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func timestamp() -> ItemDate? {
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2), skip("T"),
            let hour = number(2), skip(":"), let minute = number(2), skip(":"), let second = number(2),
            let millisecond = fraction(), let offset = skip("Z") ? 0 : offset(separator: ":"), index == bytes.count
        else { return nil }
        return ItemDate(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: millisecond,
            offsetMinutes: offset)
    }

    mutating func mailDate() -> ItemDate? {
        if let first = bytes.first, first.isASCIILetter {
            guard word(of: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]) != nil, skip(","), skip(" ") else { return nil }
        }
        guard let day = number(2) ?? number(1), skip(" "),
            let month = word(of: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
            skip(" "), let year = number(4), skip(" "), let hour = number(2), skip(":"), let minute = number(2), skip(":"),
            let second = number(2), skip(" "), let offset = word(of: ["gmt", "utc"]) != nil ? 0 : offset(separator: nil),
            index == bytes.count
        else { return nil }
        return ItemDate(
            year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second, offsetMinutes: offset)
    }

    private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    /// A number of just so many digits.
    private mutating func number(_ digits: Int) -> Int? {
        guard index + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + digits] {
            guard byte.isASCIIDigit else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        if index + digits < bytes.count, bytes[index + digits].isASCIIDigit { return nil }
        index += digits
        return value
    }

    /// Which of `words`, of three letters each, comes next.
    private mutating func word(of words: [StaticString]) -> Int? {
        guard let found = words.firstIndex(where: { bytes.startsIgnoringCase(with: $0, at: index) }) else { return nil }
        index += 3
        return found
    }

    /// The milliseconds after a `.`; 0 without one.
    private mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        for digits in 1...9 {
            guard let value = number(digits) else { continue }
            return (0..<9 - digits).reduce(value) { scaled, _ in scaled * 10 } / 1_000_000
        }
        return nil
    }

    /// Minutes ahead of UTC: `+0100`, or with a separator.
    private mutating func offset(separator: Unicode.Scalar?) -> Int? {
        let isBehind = skip("-")
        guard isBehind || skip("+") else { return nil }
        let hours: Int
        let minutes: Int
        if let separator {
            guard let first = number(2), skip(separator), let second = number(2) else { return nil }
            (hours, minutes) = (first, second)
        } else {
            guard let value = number(4) else { return nil }
            (hours, minutes) = (value / 100, value % 100)
        }
        return isBehind ? -(hours * 60 + minutes) : hours * 60 + minutes
    }
}
