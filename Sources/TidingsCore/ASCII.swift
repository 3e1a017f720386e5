// Tests of single bytes, and numbers in digits, for every format that has ASCII marks in UTF-8 text. One-line tests are
// inlinable, because the parsers of other modules call them for each byte.

extension UInt8 {
    @inlinable package var isASCIIDigit: Bool { self &- 0x30 < 10 }
    @inlinable package var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inlinable package var isASCIIUppercase: Bool { self &- 0x41 < 26 }
    @inlinable package var isASCIILowercase: Bool { self &- 0x61 < 26 }
    @inlinable package var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }

    /// White space of XML 1.0 (§2.3, S), which is JSON's too (RFC 8259 §2).
    @inlinable package var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

    /// Optional white space of a header field (RFC 9110 §5.6.3, OWS).
    @inlinable package var isFieldSpace: Bool { self == 0x20 || self == 0x09 }

    /// 0…9 of a decimal digit; nil for any other byte.
    @inlinable package var digitValue: Int? { isASCIIDigit ? Int(self &- 0x30) : nil }

    /// 0…15 of a hexadecimal digit in either case; nil for any other byte.
    @inlinable package var hexDigitValue: UInt8? {
        if isASCIIDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    /// The lowercase digit of `value`, 0…15.
    @inlinable package init(hexDigit value: UInt8) { self = value < 10 ? 0x30 + value : 0x61 - 10 + value }
}

/// The number that `digits` write in base 10; nil if there are none, if one of them is no ASCII digit (a sign
/// included), or if an Int cannot hold the number.
@inlinable
package func decimalNumber(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty else { return nil }
    var number = 0
    for byte in digits {
        guard let digit = byte.digitValue else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: 10)
        let (sum, overflowsToo) = product.addingReportingOverflow(digit)
        guard !overflows, !overflowsToo else { return nil }
        number = sum
    }
    return number
}

extension [UInt8] {
    /// Appends `number` in exactly `digits` digits, with zeros in front.
    /// - Precondition: `number` is not negative and has no more digits; `radix` is 2…16.
    package mutating func append(_ number: Int, digits: Int, radix: Int = 10) {
        let start = count
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits))
        var rest = number
        var position = start + digits
        while rest > 0 {
            position -= 1
            precondition(position >= start, "\(number) has more than \(digits) digits")
            self[position] = UInt8(hexDigit: UInt8(rest % radix))
            rest /= radix
        }
    }
}

/// `number` in exactly `digits` digits, with zeros in front, so that it sorts as text. See `append(_:digits:radix:)`.
package func zeroPadded(_ number: Int, digits: Int, radix: Int = 10) -> String {
    var text: [UInt8] = []
    text.append(number, digits: digits, radix: radix)
    return String(decoding: text, as: UTF8.self)
}

/// `bytes` as lowercase hexadecimal digits, two each.
package func hex(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(UInt8(hexDigit: byte >> 4))
        text.append(UInt8(hexDigit: byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes that `text` writes in lowercase hexadecimal digits, two each; nil if it is anything else.
func hexBytes(_ text: some Collection<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text {
        guard !character.isASCIIUppercase, let digit = character.hexDigitValue else { return nil }
        if let first = high {
            bytes.append(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    return high == nil ? bytes : nil
}
