import Testing

@testable import TidingsCore

@Suite("ASCII bytes and numbers in digits") struct ASCIITests {
    @Test("each of the 256 bytes is told as the standard library tells its character")
    func bytes() {
        for byte in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(byte))
            let isASCII = byte < 0x80
            #expect(byte.isASCIIDigit == (isASCII && character.isNumber), "\(byte)")
            #expect(byte.isASCIILetter == (isASCII && character.isLetter), "\(byte)")
            #expect(byte.isASCIIUppercase == (isASCII && character.isUppercase), "\(byte)")
            #expect(byte.isASCIILowercase == (isASCII && character.isLowercase), "\(byte)")
            #expect(byte.isXMLSpace == " \t\n\r".utf8.contains(byte), "\(byte)")
            #expect(byte.isFieldSpace == " \t".utf8.contains(byte), "\(byte)")
            #expect(byte.digitValue == (isASCII ? character.wholeNumberValue : nil), "\(byte)")
            #expect(byte.hexDigitValue.map(Int.init) == (isASCII ? character.hexDigitValue : nil), "\(byte)")
            #expect(byte.asciiLowercased == (isASCII ? Array(character.lowercased().utf8)[0] : byte), "\(byte)")
        }
    }

    @Test("a number has digits only, and fits", arguments: [
        ("0", 0), ("007", 7), ("9223372036854775807", .max), ("9223372036854775808", nil), ("10000000000000000000", nil), ("", nil),
        ("+1", nil), ("-1", nil), (" 1", nil), ("1x", nil), ("١", nil),
    ] as [(String, Int?)])
    func decimal(text: String, number: Int?) { #expect(decimalNumber(text.utf8) == number) }

    @Test("a number has zeros in front of it", arguments: [
        (0, 2, 10, "00"), (7, 2, 10, "07"), (2026, 4, 10, "2026"), (0x1F600, 8, 16, "0001f600"), (.max, 19, 10, "9223372036854775807"),
        (1042, 19, 10, "0000000000000001042"),
    ])
    func padded(number: Int, digits: Int, radix: Int, text: String) { #expect(zeroPadded(number, digits: digits, radix: radix) == text) }

    @Test("bytes are written in hex and read back; capitals and halves are not ours")
    func hexadecimal() {
        let bytes = [UInt8](UInt8.min...UInt8.max)
        #expect(hex([0x00, 0x0A, 0x9F, 0xFF]) == "000a9fff")
        #expect(hexBytes(hex(bytes).utf8) == bytes)
        for text in ["0A", "0", "0g", "000", "+1", " 1"] { #expect(hexBytes(text.utf8) == nil, "\(text)") }
    }
}
