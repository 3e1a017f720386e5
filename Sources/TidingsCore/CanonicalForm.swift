import Foundation

/// Canonical form v1 of an article: title, blank line, paragraphs joined by one newline; UTF-8 in NFC (Unicode Standard
/// Annex #15). It is hashed, compared and stored: two captures that say the same have the same bytes.
///
/// A run of Unicode space becomes one space; in a title, so does a line end. Soft hyphens, zero-width spaces, word
/// joiners and byte order marks are removed. Zero-width joiner and non-joiner stay, because Persian, the Indic scripts
/// and emoji spell with them. Letters, digits, punctuation and case count; dates, authors, tags and URLs are not part
/// of it.
package struct CanonicalForm: Hashable, Sendable {
    /// Hashed with every form, so that a later form never compares equal by accident.
    package static let version = 1
    private static let hashPrefix = Array("tidings-canonical-v1\n".utf8)

    /// Title, `\n\n`, paragraphs separated by `\n`. An article without a title starts with `\n\n`.
    package let bytes: [UInt8]
    package let hash: ContentHash

    package init(title: String?, text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((title?.utf8.count ?? 0) + text.utf8.count + 2)
        var need = Composition.none
        if let title { need = Self.fold(title, asOneLine: true, into: &bytes) }
        bytes.append(contentsOf: [0x0A, 0x0A])
        need = max(need, Self.fold(text, asOneLine: false, into: &bytes))
        self.bytes = need.apply(to: bytes)
        hash = ContentHash.of(Self.hashPrefix, self.bytes)
    }

    /// A form from the store. Its hash is computed again, so that damaged bytes do not count as content.
    package init(stored bytes: [UInt8]) {
        self.bytes = bytes
        hash = ContentHash.of(Self.hashPrefix, bytes)
    }

    /// Whether title and text are empty. All such forms are equal, which does not prove that two articles are one.
    package var isEmpty: Bool { bytes.count == 2 }

    package var title: String? {
        let end = titleEnd
        return end == 0 ? nil : String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// The paragraphs, separated by `\n`.
    package var text: String { String(decoding: textBytes, as: UTF8.self) }

    /// Unicode scalars of the text.
    package var characters: Int {
        unsafe textBytes.withUnsafeBytes { utf8 in
            var continuations = 0
            var index = 0
            while index + 8 <= utf8.count {
                // Of each byte that is 10xxxxxx, one bit.
                let word = unsafe utf8.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                continuations += ((word >> 7) & ~(word >> 6) & 0x0101_0101_0101_0101).nonzeroBitCount
                index += 8
            }
            while index < utf8.count {
                continuations += unsafe utf8[index] & 0xC0 == 0x80 ? 1 : 0
                index += 1
            }
            return utf8.count - continuations
        }
    }

    // A stored form may be damaged and shorter than any form that is made here.
    private var textBytes: ArraySlice<UInt8> { bytes.dropFirst(titleEnd + 2) }

    private var titleEnd: Int { bytes.firstIndex(of: 0x0A) ?? 0 }

    /// Appends the folded `text`. Returns what is still to be done for NFC.
    private static func fold(_ text: String, asOneLine: Bool, into bytes: inout [UInt8]) -> Composition {
        var folding = Folding(asOneLine: asOneLine, start: bytes.count)
        var text = text
        text.withUTF8 { utf8 in
            var scalar: UInt32 = 0
            var pending = 0
            var position = 0
            while position < utf8.count {
                let byte = unsafe utf8[position]
                if isVisibleASCII(byte) {
                    // Most of a typical text consists of these runs, which stay as they are.
                    let end = unsafe endOfRun(in: utf8, from: position)
                    unsafe folding.put(run: UnsafeBufferPointer(rebasing: utf8[position..<end]), into: &bytes)
                    position = end
                    continue
                }
                position += 1
                if byte < 0x80 {
                    folding.putSeparator(byte)
                } else if byte >= 0xC0 {
                    pending = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1
                    scalar = UInt32(byte) & (0x3F >> UInt32(pending))
                } else {
                    scalar = scalar << 6 | UInt32(byte & 0x3F)
                    pending -= 1
                    if pending == 0 { folding.put(scalar, into: &bytes) }
                }
            }
        }
        return folding.need
    }
}

/// The end of the run of visible ASCII that begins at `start`, including single spaces inside it.
private func endOfRun(in utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start + 1
    // Eight bytes at once, each together with the next one, as long as they all belong to the run.
    let bytes = UnsafeRawBufferPointer(utf8)
    while end + 9 <= bytes.count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)
        let next = unsafe bytes.loadUnaligned(fromByteOffset: end + 1, as: UInt64.self)
        if notASCII(word, orBelow: 0x20) | (spaces(word) & notASCII(next, orBelow: 0x21)) != 0 { break }
        end += 8
    }
    while end < utf8.count {
        let byte = unsafe utf8[end]
        let isSpaceInside = unsafe byte == 0x20 && end + 1 < utf8.count && isVisibleASCII(utf8[end + 1])
        guard isVisibleASCII(byte) || isSpaceInside else { break }
        end += 1
    }
    return end
}

private func isVisibleASCII(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

private let eachByte: UInt64 = 0x0101_0101_0101_0101
private let eachHighestBit: UInt64 = 0x8080_8080_8080_8080

// Each of these sets the highest bit of every byte that matches. Above the first match, others may have it too: a difference borrows
// from the next byte, a sum carries into it.

/// The bytes that are below `limit`, U+007F, or not ASCII.
private func notASCII(_ word: UInt64, orBelow limit: UInt64) -> UInt64 {
    ((word &- eachByte &* limit) | word | (word &+ eachByte)) & eachHighestBit
}

private func spaces(_ word: UInt64) -> UInt64 {
    let difference = word ^ (eachByte &* 0x20)
    return (difference &- eachByte) & ~difference & eachHighestBit
}

/// What a text still needs in order to be in NFC.
private enum Composition: Int, Comparable {
    case none, compose, decomposeFirst

    static func of(_ scalar: UInt32) -> Composition {
        // Foundation composes U+D558 U+11AB to U+D55C only at the start of a text, but composes single jamo everywhere.
        (0x11A8...0x11C2).contains(scalar) ? .decomposeFirst : .compose
    }

    static func < (left: Composition, right: Composition) -> Bool { left.rawValue < right.rawValue }

    func apply(to bytes: [UInt8]) -> [UInt8] {
        guard self != .none else { return bytes }
        var text = String(decoding: bytes, as: UTF8.self)
        if self == .decomposeFirst { text = text.decomposedStringWithCanonicalMapping }
        return Array(text.precomposedStringWithCanonicalMapping.utf8)
    }
}

/// The state of folding one text: which separator to write before the next visible character.
private struct Folding {
    let asOneLine: Bool
    /// Where the text starts in `bytes`: no separator is written before its first character.
    let start: Int
    var owesSpace = false
    var owesNewline = false
    var need = Composition.none

    init(asOneLine: Bool, start: Int) {
        self.asOneLine = asOneLine
        self.start = start
    }

    /// Appends a run of visible ASCII, with single spaces inside it.
    mutating func put(run: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        paySeparator(into: &bytes)
        unsafe bytes.append(contentsOf: run)
    }

    /// Reads a byte of ASCII that is not visible.
    mutating func putSeparator(_ byte: UInt8) {
        switch byte {
        case 0x20, 0x09, 0x0B, 0x0C: owesSpace = true
        case 0x0A, 0x0D: endLine()
        default: break  // control characters are removed
        }
    }

    mutating func put(_ scalar: UInt32, into bytes: inout [UInt8]) {
        switch scalar {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: owesSpace = true
        case 0x85, 0x2028, 0x2029: endLine()
        case 0x80...0x9F, 0xAD, 0x180E, 0x200B, 0x2060, 0xFEFF: break
        default:
            if scalar >= 0x300, !isSurelyComposed(scalar) { need = max(need, .of(scalar)) }
            paySeparator(into: &bytes)
            appendUTF8(scalar, to: &bytes)
        }
    }

    private mutating func endLine() {
        if asOneLine { owesSpace = true } else { owesNewline = true }
    }

    private mutating func paySeparator(into bytes: inout [UInt8]) {
        guard owesSpace || owesNewline else { return }
        if bytes.count > start { bytes.append(owesNewline ? 0x0A : 0x20) }
        owesSpace = false
        owesNewline = false
    }

    /// Blocks without combining marks and without characters that NFC changes (NFC_Quick_Check=Yes, ccc=0). A scalar
    /// outside them only costs a call of the Unicode library; the result is the same.
    private func isSurelyComposed(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0400...0x0482, 0x048A...0x052F: true  // Cyrillic
        case 0x0388...0x03FF: true  // Greek
        case 0x0531...0x058F, 0x10A0...0x10FF: true  // Armenian, Georgian
        case 0x2010...0x2027, 0x2030...0x205E, 0x20A0...0x20BF: true  // punctuation, currency
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x4E00...0x9FFF, 0xAC00...0xD7A3: true  // kana, Han, Hangul
        default: false
        }
    }
}

private func appendUTF8(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x800 {
        bytes.append(0xC0 | UInt8(scalar >> 6))
    } else {
        if scalar < 0x10000 {
            bytes.append(0xE0 | UInt8(scalar >> 12))
        } else {
            bytes.append(0xF0 | UInt8(scalar >> 18))
            bytes.append(0x80 | UInt8(scalar >> 12 & 0x3F))
        }
        bytes.append(0x80 | UInt8(scalar >> 6 & 0x3F))
    }
    bytes.append(0x80 | UInt8(scalar & 0x3F))
}

/// Version of all rules that derive an item's title, text and metadata from raw bytes. It rises when a rule changes;
/// what changes only for that reason is stored silently and never announced.
package let textRulesVersion = 5
