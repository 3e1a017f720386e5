/// The lines of a settings file, counted as the YAML reader counts them. Offsets are bytes.
struct SettingsLines {
    /// The line end of the first line, which new lines get too.
    let ending: String

    private let bytes: [UInt8]
    private var starts: [Int] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            starts.append(start)
            while start < bytes.count {
                let length = Self.lineEnd(bytes, at: start)
                start += max(length, 1)
                if length > 0 { break }
            }
        }
        let first = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        ending = first > 0 && bytes[first - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
    }

    var count: Int { starts.count }

    /// The offset of line `index`, from 0; for an index behind the last line, the end of the text.
    func offset(_ index: Int) -> Int { index < starts.count ? starts[index] : bytes.count }

    /// Whether the last line has a line end, so that another line can follow it. True for an empty text.
    var endsWithLineEnd: Bool {
        guard let last = starts.last else { return true }
        return (last..<bytes.count).contains { Self.lineEnd(bytes, at: $0) > 0 }
    }

    func text(_ index: Int) -> String { String(decoding: bytes[offset(index)..<offset(index + 1)], as: UTF8.self) }

    func isBlank(_ index: Int) -> Bool { bytes[offset(index)..<offset(index + 1)].allSatisfy(Self.isSpace) }

    /// Whether the line has only a comment, with less than `column` spaces before it.
    func isComment(_ index: Int, indentedLessThan column: Int) -> Bool {
        let line = bytes[offset(index)..<offset(index + 1)]
        guard let first = line.firstIndex(where: { !Self.isSpace($0) }) else { return false }
        return line[first] == UInt8(ascii: "#") && first - line.startIndex < column
    }

    func offset(of position: SettingsPosition) -> Int {
        let skipped = text(position.line - 1).unicodeScalars.prefix(position.column - 1)
        return min(offset(position.line - 1) + skipped.reduce(0) { $0 + UTF8.width($1) }, bytes.count)
    }

    /// Whether the list or mapping at `position` is written in brackets or braces. Yams 6.2 does not tell.
    func isFlow(at position: SettingsPosition) -> Bool {
        bytes[offset(of: position)...].first.map { "[{".utf8.contains($0) } ?? false
    }

    /// The offset of each `]` at or behind `position`.
    func closingBrackets(from position: SettingsPosition) -> [Int] {
        bytes.indices[offset(of: position)...].filter { bytes[$0] == UInt8(ascii: "]") }
    }

    /// The end of the text before `offset`, without the white space directly before `offset`.
    func endOfContent(before offset: Int) -> Int {
        bytes[..<offset].lastIndex { !Self.isSpace($0) }.map { $0 + 1 } ?? 0
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// The length of the line end at `index` in bytes; 0 if there is none. The line ends are those of YAML 1.1 (§5.4), as in
    /// libyaml.
    private static func lineEnd(_ bytes: [UInt8], at index: Int) -> Int {
        func has(_ end: [UInt8]) -> Bool { bytes[index...].starts(with: end) }
        switch bytes[index] {
        case 0x0A: return 1
        case 0x0D: return has([0x0D, 0x0A]) ? 2 : 1
        case 0xC2: return has([0xC2, 0x85]) ? 2 : 0
        case 0xE2: return has([0xE2, 0x80, 0xA8]) || has([0xE2, 0x80, 0xA9]) ? 3 : 0
        default: return 0
        }
    }
}
