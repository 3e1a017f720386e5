import Crypto

/// A SHA-256 digest (FIPS 180-4), which dedup and change detection compare. Written `sha256:` and 64 hex digits.
package struct ContentHash: Hashable, Sendable {
    // Four words in big-endian order: comparing and hashing them is cheap, and nothing is allocated on the heap.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest of `parts` one after the other. Callers put a separator between parts that could run together.
    package static func of(_ parts: [UInt8]...) -> ContentHash {
        var hasher = SHA256()
        for part in parts { hasher.update(data: part) }
        return ContentHash(hasher.finalize())
    }

    /// The digest of the bytes in `buffer`, which is only read during the call.
    package static func of(_ buffer: UnsafeRawBufferPointer) -> ContentHash {
        var hasher = SHA256()
        unsafe hasher.update(bufferPointer: buffer)
        return ContentHash(hasher.finalize())
    }

    package init(_ digest: SHA256Digest) {
        words = unsafe digest.withUnsafeBytes { bytes in
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
    }

    /// Reads the 32 bytes that `bytes` gave; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        words = (0, 0, 0, 0)
        for (position, byte) in bytes.enumerated() { put(byte, at: position) }
    }

    /// Reads the written form; nil if `text` is not `sha256:` and 64 lowercase hex digits.
    package init?(_ text: String) {
        guard text.hasPrefix("sha256:"), let bytes = hexBytes(text.utf8.dropFirst(7)) else { return nil }
        self.init(bytes: bytes)
    }

    /// Its first 64 bits.
    var firstWord: UInt64 { words.0 }

    /// The 32 bytes, most significant first.
    package var bytes: [UInt8] { (0..<32).map(byte(at:)) }

    private mutating func put(_ byte: UInt8, at position: Int) {
        let shifted = UInt64(byte) << UInt64(8 * (7 - position % 8))
        switch position / 8 {
        case 0: words.0 |= shifted
        case 1: words.1 |= shifted
        case 2: words.2 |= shifted
        default: words.3 |= shifted
        }
    }

    private func byte(at position: Int) -> UInt8 {
        let word = switch position / 8 {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: words.3
        }
        return UInt8(truncatingIfNeeded: word >> UInt64(8 * (7 - position % 8)))
    }

    package static func == (left: ContentHash, right: ContentHash) -> Bool { left.words == right.words }

    package func hash(into hasher: inout Hasher) {
        // The digest is distributed evenly already: one word of it is enough.
        hasher.combine(words.0)
    }
}

extension ContentHash: CustomStringConvertible {
    package var description: String { "sha256:" + hex(bytes) }
}
