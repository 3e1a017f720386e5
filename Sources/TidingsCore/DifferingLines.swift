/// What two texts differ in, in whole lines: most edits change one paragraph, and only that has to be looked at closely.
struct DifferingLines {
    /// Bytes of the lines that both texts begin with.
    private(set) var prefix: Int
    /// Bytes of the lines that both texts end with, and that are not among those.
    private(set) var suffix: Int

    init(_ old: String, _ new: String) {
        var (old, new) = (old, new)
        (prefix, suffix) = old.withUTF8 { old in
            new.withUTF8 { new in
                var same = unsafe equalBytes(atStartOf: old, new, limit: min(old.count, new.count))
                while same > 0, unsafe old[same - 1] != 0x0A { same -= 1 }
                var rest = unsafe equalBytes(atEndOf: old, new, limit: min(old.count, new.count) - same)
                while rest > 0, unsafe !Self.beginsLine(old, old.count - rest) || !Self.beginsLine(new, new.count - rest) {
                    rest -= 1
                }
                return (same, rest)
            }
        }
    }

    private static func beginsLine(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        unsafe position == 0 || text[position - 1] == 0x0A
    }

    /// The lines of `text`, which is one of the two, that the other does not have there.
    func middle(of text: String) -> Substring {
        let utf8 = text.utf8
        return text[utf8.index(utf8.startIndex, offsetBy: prefix)..<utf8.index(utf8.endIndex, offsetBy: -suffix)]
    }

    /// The lines of either text that both begin with, and those that both end with.
    func around(_ text: String) -> (before: Substring, after: Substring) {
        let middle = middle(of: text)
        return (text[..<middle.startIndex], text[middle.endIndex...])
    }
}

/// The texts without the words that both begin with, and those that both end with. A cut lies before the last letter or digit of a word,
/// which stays: then the two sides of the cut fold, and are cut into words, as the whole is.
func differingWords(_ old: Substring, _ new: Substring) -> (old: Substring, new: Substring) {
    var (copy, other) = (old, new)
    let (start, rest) = copy.withUTF8 { old in
        other.withUTF8 { new in
            let shorter = min(old.count, new.count)
            let same = unsafe equalBytes(atStartOf: old, new, limit: shorter)
            let start = (1..<max(same, 1)).reversed().lazy.compactMap { unsafe lastLetter(old[..<$0], before: old[$0]) }.first ?? 0
            let rest = unsafe equalBytes(atEndOf: old, new, limit: shorter - start - 1)
            let end = (old.count - rest..<old.count).first { unsafe lastLetter(old[(old.count - rest)..<$0], before: old[$0]) != nil }
            return (start, end.map { old.count - $0 } ?? 0)
        }
    }
    func middle(of text: Substring) -> Substring {
        text[text.utf8.index(text.startIndex, offsetBy: start)..<text.utf8.index(text.endIndex, offsetBy: -rest)]
    }
    return (middle(of: old), middle(of: new))
}

/// Where the last letter or digit of a word begins; nil if `text` does not end with one, or `next` is neither a space nor a line end.
private func lastLetter(_ text: Slice<UnsafeBufferPointer<UInt8>>, before next: UInt8) -> Int? {
    guard next == 0x20 || next == 0x0A, let last = unsafe text.last else { return nil }
    if last < 0x80 { return unsafe last.isASCIILetter || last.isASCIIDigit ? text.endIndex - 1 : nil }
    // A scalar has four bytes at most, and all but the first are 10xxxxxx.
    guard let start = unsafe text.indices.suffix(4).last(where: { unsafe text[$0] & 0xC0 != 0x80 }),
        let scalar = unsafe String(decoding: text[start...], as: UTF8.self).unicodeScalars.first
    else { return nil }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .otherLetter: start
    default: nil
    }
}

/// How many of the first `limit` bytes, which both have, are equal up to the first that differ.
private func equalBytes(atStartOf one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
    let (first, second) = (UnsafeRawBufferPointer(one), UnsafeRawBufferPointer(other))
    var count = 0
    while count + 8 <= limit {
        let left = unsafe first.loadUnaligned(fromByteOffset: count, as: UInt64.self)
        let right = unsafe second.loadUnaligned(fromByteOffset: count, as: UInt64.self)
        if left != right { return count + UInt64(littleEndian: left ^ right).trailingZeroBitCount / 8 }
        count += 8
    }
    while count < limit, unsafe one[count] == other[count] { count += 1 }
    return count
}

/// The same of the last bytes, from the end.
private func equalBytes(atEndOf one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
    let (first, second) = (UnsafeRawBufferPointer(one), UnsafeRawBufferPointer(other))
    var count = 0
    while count + 8 <= limit {
        let left = unsafe first.loadUnaligned(fromByteOffset: one.count - count - 8, as: UInt64.self)
        let right = unsafe second.loadUnaligned(fromByteOffset: other.count - count - 8, as: UInt64.self)
        if left != right { return count + UInt64(littleEndian: left ^ right).leadingZeroBitCount / 8 }
        count += 8
    }
    while count < limit, unsafe one[one.count - 1 - count] == other[other.count - 1 - count] { count += 1 }
    return count
}
