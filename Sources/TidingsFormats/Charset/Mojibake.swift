import TidingsCore

/// UTF-8 that somebody read as windows-1252 (or Latin-1) and wrote again as UTF-8: "Ã©" for "é", "â€™" for "’".
///
/// Such a text is marked and left as it is. To mend it would be a guess about each sign: an article may be about such
/// texts, and a page that mixes both kinds would change its whole text whenever one sign tipped the balance.
enum Mojibake {
    /// How many sequences in `utf8` are such; those that may also be a letter before a quotation mark or a dash
    /// ("CAFÉ”") do not count.
    static func count(_ utf8: [UInt8]) -> Int {
        var found = 0
        var index = 0
        // The first of such signs is always one of U+00C2…U+00F4.
        while let start = utf8.position(of: 0xC3, from: index) {
            if let end = sequence(utf8, at: start) {
                found += 1
                index = end
            } else {
                index = start + 2
            }
        }
        return found
    }

    /// Where the sequence at `start` ends; nil if there is none.
    private static func sequence(_ utf8: [UInt8], at start: Int) -> Int? {
        guard start + 1 < utf8.count else { return nil }
        let lead = utf8[start + 1] &+ 0x40
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 1
        case 0xE0...0xEF: length = 2
        case 0xF0...0xF4: length = 3
        default: return nil
        }
        var position = start + 2
        var isSure = false
        for index in 0..<length {
            guard let (byte, end) = sign(utf8, at: position) else { return nil }
            // RFC 3629 §4: the shortest form only, no surrogates.
            if index == 0, lead == 0xE0 && byte < 0xA0 || lead == 0xED && byte > 0x9F || lead == 0xF0 && byte < 0x90 { return nil }
            // A control character of Latin-1 is in no text; "â€" begins the quotation marks and dashes of such texts.
            let isControl = utf8[position] == 0xC2 && utf8[position + 1] < 0xA0
            if isControl || !mayFollowLetters.contains(byte) || index == 0 && lead == 0xE2 && byte == 0x80 { isSure = true }
            position = end
        }
        return isSure ? position : nil
    }

    /// The byte 0x80…0xBF of windows-1252 (a control character of Latin-1 stands for itself) that the character at
    /// `start` was, and where the character ends.
    private static func sign(_ utf8: [UInt8], at start: Int) -> (UInt8, end: Int)? {
        guard start + 1 < utf8.count else { return nil }
        switch utf8[start] {
        case 0xC2: return (utf8[start + 1], start + 2)
        case 0xC5, 0xC6, 0xCB:
            let value = UInt32(utf8[start] & 0x1F) << 6 | UInt32(utf8[start + 1] & 0x3F)
            return byte(of: value).map { ($0, start + 2) }
        case 0xE2 where start + 2 < utf8.count:
            let value = 0x2000 | UInt32(utf8[start + 1] & 0x3F) << 6 | UInt32(utf8[start + 2] & 0x3F)
            return byte(of: value).map { ($0, start + 3) }
        default: return nil
        }
    }

    private static func byte(of value: UInt32) -> UInt8? {
        Charset.windows1252.firstIndex { $0.value == value }.map { 0x80 + UInt8($0) }
    }

    /// In windows-1252: quotation marks, dashes, the ellipsis, the bullet, €, ™, ®, °, the no-break space, and letters.
    private static let mayFollowLetters: Set<UInt8> = [
        0x80, 0x82, 0x84, 0x85, 0x8A, 0x8B, 0x8C, 0x8E, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9E, 0x9F,
        0xA0, 0xAA, 0xAB, 0xAD, 0xAE, 0xB0, 0xB4, 0xB7, 0xBA, 0xBB,
    ]
}
