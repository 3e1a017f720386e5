import Glibc

extension UInt8 {
    /// White space of XML 1.0 (§2.3, S).
    var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

    var isASCIILetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }

    var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var asciiLowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}

extension [UInt8] {
    /// The first place of `byte` at or after `start`. Through memchr, since this finds the end of each run of text in a
    /// feed, and the C library looks at 32 bytes at a time.
    func position(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return unsafe withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// The first place of `pattern`, which is not empty, at or after `start`.
    func position(of pattern: StaticString, from start: Int) -> Int? {
        guard let first = pattern.description.utf8.first else { return nil }
        var candidate = position(of: first, from: start)
        while let here = candidate {
            if starts(with: pattern, at: here) { return here }
            candidate = position(of: first, from: here + 1)
        }
        return nil
    }

    func starts(with pattern: [UInt8], at start: Int) -> Bool {
        guard start + pattern.count <= count else { return false }
        for offset in pattern.indices where self[start + offset] != pattern[offset] { return false }
        return true
    }

    func starts(with pattern: StaticString, at start: Int) -> Bool {
        guard start + pattern.utf8CodeUnitCount <= count else { return false }
        return pattern.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where unsafe self[start + offset] != wanted[offset] { return false }
            return true
        }
    }

    /// Whether `pattern`, in lowercase, stands at `start` in any case of ASCII letters.
    func startsIgnoringCase(with pattern: StaticString, at start: Int) -> Bool {
        guard start + pattern.utf8CodeUnitCount <= count else { return false }
        return pattern.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where unsafe self[start + offset].asciiLowercased != wanted[offset] { return false }
            return true
        }
    }

    /// The first place of `pattern`, in lowercase, within the range in any case.
    func positionIgnoringCase(of pattern: StaticString, in range: Range<Int>) -> Int? {
        range.first { startsIgnoringCase(with: pattern, at: $0) }
    }

    /// Without white space at both ends.
    var trimmed: ArraySlice<UInt8> {
        var slice = self[...]
        while let first = slice.first, first.isXMLSpace { slice.removeFirst() }
        while let last = slice.last, last.isXMLSpace { slice.removeLast() }
        return slice
    }
}

extension String {
    /// `bytes` as a string without white space at both ends; nil if nothing is left.
    init?(trimming bytes: [UInt8]) {
        let slice = bytes.trimmed
        guard !slice.isEmpty else { return nil }
        self = String(decoding: slice, as: UTF8.self)
    }

    /// Without white space at both ends; nil if nothing is left.
    var trimmedOrNil: String? { String(trimming: Array(utf8)) }
}
