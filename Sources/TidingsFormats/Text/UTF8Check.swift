import TidingsCore

/// Whether some bytes are UTF-8 (RFC 3629), and whether they are ASCII.
///
/// The standard library checks letter by letter as soon as a text is not all ASCII, and hardly any news text is: that
/// was a tenth of the time that a feed takes. This check reads eight bytes of ASCII at a time wherever there are so
/// many together. A test compares the two.
struct UTF8Check {
    private(set) var isValid = true
    private(set) var isASCII = true

    init(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count {
            while index + 8 <= bytes.count {
                let word = unsafe ByteWord(bytes, at: index)
                if word.notASCII != 0 {
                    index += ByteWord.placeOfFirst(word.notASCII)
                    break
                }
                index += 8
            }
            guard index < bytes.count else { break }
            if unsafe bytes[index] < 0x80 {
                index += 1
                continue
            }
            isASCII = false
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[index...])
            let count = unsafe Self.sequence(rest)
            if count == 0 {
                isValid = false
                return
            }
            index += count
        }
    }

    /// The length of the sequence of two to four bytes at the start of `bytes`, which are not empty; 0 if there is none
    /// (RFC 3629 §4: the shortest form only, no surrogates, nothing beyond U+10FFFF).
    @unsafe @inline(__always)
    private static func sequence(_ bytes: UnsafeRawBufferPointer) -> Int {
        func continues(_ index: Int, from low: UInt8 = 0x80, to high: UInt8 = 0xBF) -> Bool {
            unsafe index < bytes.count && bytes[index] >= low && bytes[index] <= high
        }
        switch unsafe bytes[0] {
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0: return continues(1, from: 0xA0) && continues(2) ? 3 : 0
        case 0xED: return continues(1, to: 0x9F) && continues(2) ? 3 : 0
        case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
        case 0xF0: return continues(1, from: 0x90) && continues(2) && continues(3) ? 4 : 0
        case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        case 0xF4: return continues(1, to: 0x8F) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }
}

extension String {
    /// The text of `bytes` in UTF-8; invalid sequences are replaced by U+FFFD.
    init(repairing bytes: ArraySlice<UInt8>) {
        let check = unsafe bytes.withUnsafeBytes { unsafe UTF8Check($0) }
        guard check.isValid else {
            self = String(decoding: bytes, as: UTF8.self)
            return
        }
        // Safe, because the check has just proved what is claimed here.
        self = unsafe String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: check.isASCII))
    }

    init(repairing bytes: [UInt8]) { self.init(repairing: bytes[...]) }
}
