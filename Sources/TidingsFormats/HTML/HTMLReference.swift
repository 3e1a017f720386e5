import CMarkup
import TidingsCore

/// A character reference of HTML (WHATWG HTML §13.2.5.72 to §13.2.5.80).
struct HTMLReference {
    /// The position after the reference.
    let end: Int
    /// The characters that it gives: one, or two, or none if its number is that of a control character.
    let scalars: (Unicode.Scalar?, Unicode.Scalar?)
}

extension HTMLReference {
    /// The reference that begins with the `&` at `start`; nil if that is an ordinary character.
    init?(_ html: [UInt8], at start: Int, inAttribute: Bool) {
        let first = start + 1
        guard first < html.count else { return nil }
        if html[first] == UInt8(ascii: "#") {
            self.init(number: html, at: first + 1)
            return
        }
        guard html[first].isASCIILetter else { return nil }
        var scalars: (UInt32, UInt32) = (0, 0)
        let length = unsafe html.withUnsafeBufferPointer {
            unsafe tidings_reference($0.baseAddress! + first, $0.count - first, &scalars.0, &scalars.1)
        }
        guard length > 0 else { return nil }
        let end = first + length
        // `?a=1&copy=2` is an address without a copyright sign.
        if inAttribute, html[end - 1] != UInt8(ascii: ";"), end < html.count,
            html[end] == UInt8(ascii: "=") || html[end].isASCIILetter || html[end].isASCIIDigit
        {
            return nil
        }
        self.init(
            end: end, scalars: (Unicode.Scalar(scalars.0), scalars.1 == 0 ? nil : Unicode.Scalar(scalars.1)))
    }

    private init?(number html: [UInt8], at start: Int) {
        var index = start
        var radix: UInt32 = 10
        if index < html.count, html[index] | 0x20 == UInt8(ascii: "x") {
            radix = 16
            index += 1
        }
        let firstDigit = index
        var value: UInt32 = 0
        while index < html.count, let digit = html[index].hexDigitValue.map(UInt32.init), digit < radix {
            // Large enough to be no character, and far from an overflow.
            value = min(value * radix + digit, 0x11_0000)
            index += 1
        }
        guard index > firstDigit else { return nil }
        let isEnded = index < html.count && html[index] == UInt8(ascii: ";")
        self.init(end: isEnded ? index + 1 : index, scalars: (Self.scalar(value), nil))
    }

    private static func scalar(_ value: UInt32) -> Unicode.Scalar? {
        switch value {
        case 0x09, 0x0A, 0x0D: Unicode.Scalar(value)
        case 1..<0x20, 0xFFFE, 0xFFFF: nil
        // Writers use the numbers of windows-1252.
        case 0x80...0x9F: Charset.windows1252[Int(value - 0x80)]
        default: value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
        }
    }
}

extension HTMLReference {
    /// `html` with each reference replaced by its character, or by a number if that character would be read as markup.
    /// libxml2 needs this: it has only HTML 4's names and no rule for attributes. Raw text (scripts, styles) and
    /// comments stay as they are.
    static func resolved(_ html: [UInt8]) -> [UInt8] {
        guard html.position(of: UInt8(ascii: "&"), from: 0) != nil else { return html }
        var output: [UInt8] = []
        output.reserveCapacity(html.count + html.count / 8)
        let bytes = html.span
        // What is before this is in the output.
        var copied = 0
        var inTag = false
        var quote: UInt8 = 0
        var last: UInt8 = 0  // the last byte that is no white space
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "&") {
                output += html[copied..<index]
                let reference = HTMLReference(html, at: index, inAttribute: inTag)
                if let reference { put(reference, to: &output) } else { output += Array("&#38;".utf8) }
                index = reference?.end ?? index + 1
                copied = index
                last = byte
                continue
            }
            if !inTag {
                if byte == UInt8(ascii: "<"), index + 1 < bytes.count {
                    if let end = endOfOpaque(html, at: index) {
                        index = end
                        continue
                    }
                    inTag = bytes[index + 1].isASCIILetter
                }
            } else if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: ">") {
                inTag = false
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), last == UInt8(ascii: "=") {
                quote = byte
            }
            if !byte.isXMLSpace { last = byte }
            index += 1
        }
        return output + html[copied...]
    }

    /// The end of the part that begins at `start` and holds no references: a comment, a script with its tags, a style.
    private static func endOfOpaque(_ html: [UInt8], at start: Int) -> Int? {
        if html.starts(with: "<!--", at: start) { return html.position(of: "-->", from: start + 4) ?? html.count }
        for (open, close) in [("<script", "</script"), ("<style", "</style")] as [(StaticString, StaticString)]
        where html.startsIgnoringCase(with: open, at: start) {
            return html.positionIgnoringCase(of: close, in: start..<html.count) ?? html.count
        }
        return nil
    }

    private static func put(_ reference: HTMLReference, to output: inout [UInt8]) {
        for case let scalar? in [reference.scalars.0, reference.scalars.1] {
            if scalar.value < 0x80 {
                output += Array("&#\(scalar.value);".utf8)
            } else {
                output += Array(String(scalar).utf8)
            }
        }
    }
}
