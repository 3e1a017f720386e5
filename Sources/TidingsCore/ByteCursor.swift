/// Reads forward through a range of bytes. A method that finds no match leaves the cursor where it is.
///
/// The short methods are inlinable, because the readers of plain text call them at many positions where nothing
/// matches.
package struct ByteCursor {
    package let bytes: [UInt8]
    package var position: Int
    package let end: Int

    @inlinable
    package init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// A cursor over the whole of `text`.
    package init(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes, 0..<bytes.count)
    }

    @inlinable package var isAtEnd: Bool { position >= end }
    @inlinable package var next: UInt8? { position < end ? bytes[position] : nil }

    @inlinable
    package mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Skips white space: control characters, spaces and no-break spaces.
    package mutating func skipSpace() {
        while let byte = next {
            if byte <= 0x20 {
                position += 1
            } else if byte == 0xC2, position + 1 < end, bytes[position + 1] == 0xA0 {
                position += 2
            } else {
                return
            }
        }
    }

    package mutating func digit() -> Int? {
        guard let digit = next?.digitValue else { return nil }
        position += 1
        return digit
    }

    /// Reads a number; nil if it has more or fewer digits than `digits` allows.
    package mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while position + count < end, let digit = bytes[position + count].digitValue, count <= digits.upperBound {
            value = value * 10 + digit
            count += 1
        }
        guard digits.contains(count) else { return nil }
        position += count
        return value
    }

    /// Reads a word of ASCII letters, in lowercase; nil if there are none or more than `limit`, or if letters beyond
    /// ASCII follow, which make it another word.
    package mutating func word(limit: Int = 16) -> String? {
        var count = 0
        while position + count < end, bytes[position + count].isASCIILetter { count += 1 }
        guard (1...limit).contains(count), position + count == end || bytes[position + count] < 0x80 else { return nil }
        defer { position += count }
        return String(decoding: bytes[position..<position + count].map { $0 | 0x20 }, as: UTF8.self)
    }

    /// Skips `text`, whose ASCII letters are lowercase, in any case.
    @inlinable
    package mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard end - position >= count else { return false }
        let matches = text.withUTF8Buffer { text in
            (0..<count).allSatisfy { unsafe bytes[position + $0].asciiLowercased == text[$0] }
        }
        if matches { position += count }
        return matches
    }

    /// Reads the first three letters of a month's name, as its number 1…12.
    package mutating func shortMonth() -> Int? { shortName(CalendarNames.month) }

    /// Reads the first three letters of a weekday's name, as its number 1…7 from Monday on.
    package mutating func shortWeekday() -> Int? { shortName(CalendarNames.weekday) }

    private mutating func shortName(_ number: (UInt8, UInt8, UInt8) -> Int?) -> Int? {
        guard end - position >= 3, let number = number(bytes[position], bytes[position + 1], bytes[position + 2])
        else { return nil }
        position += 3
        return number
    }
}
