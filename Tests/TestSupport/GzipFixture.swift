/// Gzip members (RFC 1952), made here so that no tool is needed.
package enum GzipFixture {
    /// `body` in stored blocks (RFC 1951 §3.2.4).
    package static func stored(_ body: [UInt8]) -> [UInt8] {
        var deflated: [UInt8] = []
        var rest = body[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            deflated.append(rest.isEmpty ? 1 : 0)
            deflated += littleEndian(length) + littleEndian(~length) + block
        } while !rest.isEmpty
        return header + deflated + littleEndian(crc32(body)) + littleEndian(UInt32(body.count))
    }

    /// A bomb: 1 + 258 × `runs` zeros in 13 bits a run, with the fixed Huffman codes (RFC 1951 §3.2.6).
    /// Its checksum is wrong; nobody should get that far.
    package static func bomb(runs: Int) -> [UInt8] {
        var bits = Bits()
        bits.append(0b1, count: 1)  // the last block
        bits.append(0b01, count: 2)  // fixed codes
        bits.append(reversed: 0b0011_0000, count: 8)  // a literal 0
        for _ in 0..<runs {
            bits.append(reversed: 0b1100_0101, count: 8)  // length 258 …
            bits.append(reversed: 0, count: 5)  // … from distance 1
        }
        bits.append(reversed: 0, count: 7)  // end of block
        return header + bits.bytes + [UInt8](repeating: 0, count: 8)
    }

    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]

    private struct Bits {
        var bytes: [UInt8] = []
        private var used = 8

        /// The lowest bit first, as numbers go.
        mutating func append(_ value: UInt, count: Int) {
            for position in 0..<count {
                if used == 8 {
                    bytes.append(0)
                    used = 0
                }
                bytes[bytes.count - 1] |= UInt8(value >> position & 1) << used
                used += 1
            }
        }

        /// The highest bit first, as Huffman codes go.
        mutating func append(reversed value: UInt, count: Int) {
            for position in (0..<count).reversed() { append(value >> position & 1, count: 1) }
        }
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
