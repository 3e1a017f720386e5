/// Eight bytes of a text, examined together, because each byte of a feed is examined several times. Subtracting from
/// each byte borrows into its highest bit if the byte is smaller.
struct ByteWord {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    let word: UInt64

    /// - Precondition: eight bytes lie in `buffer` from `index` on.
    @unsafe @inline(__always)
    init(_ buffer: UnsafeRawBufferPointer, at index: Int) {
        word = UInt64(littleEndian: unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    // Each of these sets the highest bit of every byte that matches. The first mark is exact; later ones may come from
    // the borrowing.

    var notASCII: UInt64 { word & Self.highBits }

    @inline(__always)
    func bytes(below limit: UInt8) -> UInt64 { (word &- Self.ones &* UInt64(limit)) & ~word & Self.highBits }

    @inline(__always)
    func bytes(_ byte: UInt8) -> UInt64 { Self.zeros(word ^ (Self.ones &* UInt64(byte))) }

    /// Marks the positions where `byte` occurs both here and in `other`.
    @inline(__always)
    func places(of byte: UInt8, alsoIn other: ByteWord) -> UInt64 {
        let wanted = Self.ones &* UInt64(byte)
        return Self.zeros((word ^ wanted) | (other.word ^ wanted))
    }

    /// The index, 0…7, of the byte with the first of `marks`. There is at least one mark.
    ///
    /// Callers leave their loop before they call it: if the next position had to wait for this computation, the
    /// processor could not examine several words at the same time.
    @inline(__always)
    static func placeOfFirst(_ marks: UInt64) -> Int { marks.trailingZeroBitCount / 8 }

    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }
}

extension [UInt8] {
    /// The first position from `start` on with a control character, line ends included; `count` if there is none.
    func firstControl(from start: Int) -> Int {
        unsafe withUnsafeBytes { bytes in
            var index = start
            var marks: UInt64 = 0
            while index + 8 <= bytes.count {
                marks = unsafe ByteWord(bytes, at: index).bytes(below: 0x20)
                if marks != 0 { break }
                index += 8
            }
            if marks != 0 { return index + ByteWord.placeOfFirst(marks) }
            while index < bytes.count, unsafe bytes[index] >= 0x20 { index += 1 }
            return index
        }
    }
}
