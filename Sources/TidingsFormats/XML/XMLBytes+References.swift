extension [UInt8] {
    /// Appends the bytes of `source` in `range` and decodes the references that XML itself predefines. It stops at
    /// another reference, and at a control character that is neither tab nor line feed. Returns where it stopped: the
    /// end of the range if it met none of these.
    ///
    /// Feeds that escape their HTML have such a reference every thirty bytes, and copying from one to the next costs
    /// more to set up than to do. So each word of eight bytes is copied whole while it is examined, and what follows a
    /// mark in it is overwritten.
    mutating func append(decoding source: [UInt8], in range: Range<Int>) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= source.count)
        var index = range.lowerBound
        append(addingCapacity: range.count + MemoryLayout<UInt64>.size) { output in
            unsafe source.withUnsafeBytes { input in
                unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                    // Safe, because no more is written than was read, and the extra capacity holds the last word.
                    let text = UnsafeMutableRawBufferPointer(buffer)
                    unsafe (index, count) = decode(input, range, into: text)
                }
            }
        }
        return index
    }
}

/// - Precondition: `range` lies in `input`, and `output` has room for eight bytes more than it.
/// - Returns: where it stopped, and how many bytes it wrote.
@unsafe private func decode(
    _ input: UnsafeRawBufferPointer, _ range: Range<Int>, into output: UnsafeMutableRawBufferPointer
) -> (index: Int, written: Int) {
    var index = range.lowerBound
    var written = 0
    while index < range.upperBound {
        while index + 8 <= range.upperBound {
            let word = unsafe ByteWord(input, at: index)
            unsafe output.storeBytes(of: word.word.littleEndian, toByteOffset: written, as: UInt64.self)
            let found = word.bytes(below: 0x20) | word.bytes(UInt8(ascii: "&"))
            if found != 0 {
                index += ByteWord.placeOfFirst(found)
                written += ByteWord.placeOfFirst(found)
                break
            }
            index += 8
            written += 8
        }
        guard index < range.upperBound else { break }
        let byte = unsafe input[index]
        if byte == UInt8(ascii: "&") {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: input[index..<range.upperBound])
            guard let reference = unsafe predefinedReference(rest) else { break }
            unsafe output[written] = reference.character
            index += reference.count
        } else {
            if byte < 0x20, byte != 0x0A, byte != 0x09 { break }
            unsafe output[written] = byte
            index += 1
        }
        written += 1
    }
    return (index, written)
}

/// The reference at the start of `text`, if it is one of the five of XML 1.0 §4.6.
@unsafe @inline(__always)
private func predefinedReference(_ text: UnsafeRawBufferPointer) -> (character: UInt8, count: Int)? {
    guard text.count >= 4 else { return nil }
    switch unsafe (text[1], text[2], text[3]) {
    case (UInt8(ascii: "l"), UInt8(ascii: "t"), UInt8(ascii: ";")): return (UInt8(ascii: "<"), 4)
    case (UInt8(ascii: "g"), UInt8(ascii: "t"), UInt8(ascii: ";")): return (UInt8(ascii: ">"), 4)
    case (UInt8(ascii: "a"), UInt8(ascii: "m"), UInt8(ascii: "p")):
        return unsafe text.count >= 5 && text[4] == UInt8(ascii: ";") ? (UInt8(ascii: "&"), 5) : nil
    case (UInt8(ascii: "q"), UInt8(ascii: "u"), UInt8(ascii: "o")):
        let isWhole = unsafe text.count >= 6 && text[4] == UInt8(ascii: "t") && text[5] == UInt8(ascii: ";")
        return isWhole ? (UInt8(ascii: "\""), 6) : nil
    case (UInt8(ascii: "a"), UInt8(ascii: "p"), UInt8(ascii: "o")):
        let isWhole = unsafe text.count >= 6 && text[4] == UInt8(ascii: "s") && text[5] == UInt8(ascii: ";")
        return isWhole ? (UInt8(ascii: "'"), 6) : nil
    default: return nil
    }
}
