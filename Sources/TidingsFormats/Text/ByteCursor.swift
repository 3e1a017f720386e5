/// Reads on through a range of bytes; what does not match leaves it where it is.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position >= end }
    var next: UInt8? { position < end ? bytes[position] : nil }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    mutating func skipSpace() {
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

    mutating func digit() -> Int? {
        guard let byte = next, isDigit(byte) else { return nil }
        position += 1
        return Int(byte - UInt8(ascii: "0"))
    }

    /// A number of `digits` digits, no more and no fewer.
    mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while position + count < end, isDigit(bytes[position + count]), count <= digits.upperBound {
            value = value * 10 + Int(bytes[position + count] - UInt8(ascii: "0"))
            count += 1
        }
        guard digits.contains(count) else { return nil }
        position += count
        return value
    }

    /// The ASCII letters from here on, in lowercase; at most `limit` of them.
    mutating func word(limit: Int = 16) -> String? {
        var count = 0
        while position + count < end, isASCIILetter(bytes[position + count]) { count += 1 }
        // A word that goes on in letters past ASCII is another word.
        guard (1...limit).contains(count), position + count == end || bytes[position + count] < 0x80 else { return nil }
        defer { position += count }
        return String(decoding: bytes[position..<position + count].map { $0 | 0x20 }, as: UTF8.self)
    }

    /// `text`, whose ASCII letters are lowercase, in any case.
    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard end - position >= count else { return false }
        let matches = text.withUTF8Buffer { text in
            (0..<count).allSatisfy { unsafe lowercased(bytes[position + $0]) == text[$0] }
        }
        if matches { position += count }
        return matches
    }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
func isUppercase(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
func lowercased(_ byte: UInt8) -> UInt8 { isUppercase(byte) ? byte | 0x20 : byte }
