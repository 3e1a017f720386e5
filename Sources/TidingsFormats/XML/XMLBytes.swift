import Glibc
import TidingsCore

extension [UInt8] {
    /// The first position of `byte` at or after `start`. It uses memchr, because this finds the end of each run of text
    /// in a feed, and the C library examines 32 bytes at a time.
    func position(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return unsafe withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// The first position in `range` of one of the marks, or of a control character that is neither tab nor line feed;
    /// the end of the range if there is none.
    @inline(__always)
    func positionOfControl(or first: UInt8, _ second: UInt8, _ third: UInt8, in range: Range<Int>) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe withUnsafeBytes { buffer in
            var index = range.lowerBound
            while index < range.upperBound {
                while index + 8 <= range.upperBound {
                    let word = unsafe ByteWord(buffer, at: index)
                    let found = word.bytes(below: 0x20) | word.bytes(first) | word.bytes(second) | word.bytes(third)
                    if found != 0 {
                        index += ByteWord.placeOfFirst(found)
                        break
                    }
                    index += 8
                }
                guard index < range.upperBound else { break }
                let byte = unsafe buffer[index]
                if byte == first || byte == second || byte == third { return index }
                if byte < 0x20, byte != 0x0A, byte != 0x09 { return index }
                index += 1
            }
            return index
        }
    }

    /// The end of the run that can be copied unchanged when white space is folded: words with single spaces between
    /// them, up to a control character (line ends included), U+0080…U+00BF (some of which are spaces), a space that is
    /// not single, or one of the marks. The first byte of `range`, which is not empty, always belongs to the run.
    @inline(__always)
    func endOfFoldedRun(in range: Range<Int>, or mark: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        precondition(range.lowerBound >= 0 && range.lowerBound < range.upperBound && range.upperBound <= count)
        return unsafe withUnsafeBytes { buffer in
            let first = range.lowerBound + 1
            var index = first
            while index < range.upperBound {
                // Each byte is examined together with the next one.
                while index + 9 <= range.upperBound {
                    let word = unsafe ByteWord(buffer, at: index)
                    let next = unsafe ByteWord(buffer, at: index + 1)
                    var found = word.bytes(below: 0x20) | word.bytes(0xC2) | word.places(of: 0x20, alsoIn: next)
                    found |= word.bytes(mark) | word.bytes(second) | word.bytes(third)
                    if found != 0 {
                        index += ByteWord.placeOfFirst(found)
                        break
                    }
                    index += 8
                }
                guard index < range.upperBound else { break }
                let byte = unsafe buffer[index]
                let isDouble = unsafe byte == 0x20 && index + 1 < range.upperBound && buffer[index + 1] == 0x20
                if byte < 0x20 || byte == 0xC2 || isDouble || byte == mark || byte == second || byte == third { break }
                index += 1
            }
            // A space at the end of the run is not between words.
            return unsafe index > first && buffer[index - 1] == 0x20 ? index - 1 : index
        }
    }

    /// The first position of `pattern`, which is not empty, at or after `start`.
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

    /// Whether `pattern`, in lowercase, occurs at `start` in any case of ASCII letters.
    func startsIgnoringCase(with pattern: StaticString, at start: Int) -> Bool {
        guard start + pattern.utf8CodeUnitCount <= count else { return false }
        return pattern.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where unsafe self[start + offset].asciiLowercased != wanted[offset] { return false }
            return true
        }
    }

    /// The first position of `pattern`, in lowercase, within the range, in any case.
    func positionIgnoringCase(of pattern: StaticString, in range: Range<Int>) -> Int? {
        let first = pattern.withUTF8Buffer { unsafe $0[0] }
        guard !first.isASCIILetter else {
            return range.first { self[$0] | 0x20 == first && startsIgnoringCase(with: pattern, at: $0) }
        }
        // A sign has one case, so that the places where it stands are quickly found.
        var index = range.lowerBound
        while let start = position(of: first, from: index), start < range.upperBound {
            if startsIgnoringCase(with: pattern, at: start) { return start }
            index = start + 1
        }
        return nil
    }

    /// The bytes without white space at both ends.
    var trimmed: ArraySlice<UInt8> {
        var slice = self[...]
        while let first = slice.first, first.isXMLSpace { slice.removeFirst() }
        while let last = slice.last, last.isXMLSpace { slice.removeLast() }
        return slice
    }
}

extension String {
    /// `bytes` with ASCII letters in lowercase.
    init(lowercasing bytes: ArraySlice<UInt8>) {
        self = unsafe String(unsafeUninitializedCapacity: bytes.count) { buffer in
            var count = 0
            for byte in bytes {
                unsafe buffer[count] = byte.asciiLowercased
                count += 1
            }
            return count
        }
    }

    /// `bytes` as a string without white space at both ends; nil if nothing is left.
    init?(trimming bytes: [UInt8]) {
        let slice = bytes.trimmed
        guard !slice.isEmpty else { return nil }
        self = String(repairing: slice)
    }

    /// The string without white space at both ends; nil if nothing is left.
    var trimmedOrNil: String? {
        guard let first = utf8.first, let last = utf8.last else { return nil }
        return first.isXMLSpace || last.isXMLSpace ? String(trimming: Array(utf8)) : self
    }
}
