extension ChangeLine {
    /// `line` with `content_text` as the last field of `data.item`; all other bytes stay what they are. A line without an item is
    /// given back as it is.
    package static func adding(text: String, to line: [UInt8]) -> [UInt8] {
        // Within a JSON string the quotes would be escaped, so that these bytes can only be the key itself.
        let key = Array(#","item":{"#.utf8)
        guard let start = line.indices.first(where: { line[$0] == key[0] && line[$0...].starts(with: key) }) else { return line }
        let first = start + key.count
        guard let end = endOfObject(line, from: first) else { return line }
        var json = JSONWriter(capacity: text.utf8.count + 64)
        json.object { $0.field("content_text", text) }
        let field = json.bytes.dropFirst().dropLast()
        return Array(line[..<end]) + (end > first ? [UInt8(ascii: ",")] : []) + field + line[end...]
    }

    /// Where the brace stands that closes the object whose first member begins at `start`.
    private static func endOfObject(_ line: [UInt8], from start: Int) -> Int? {
        var depth = 1
        var isInString = false
        var isEscaped = false
        for index in start..<line.count {
            let byte = line[index]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}
