extension ChangeLine {
    /// `line` with `content_text` added as the last field of `data.item`; all other bytes stay the same. A line without an
    /// item is returned unchanged.
    package static func adding(text: String, to line: [UInt8]) -> [UInt8] {
        // Inside a JSON string the quotes would be escaped, so these bytes can only be the key itself.
        guard let key = line.firstRange(of: #","item":{"#.utf8), let item = jsonMembers(of: line, from: key.upperBound - 1)
        else { return line }
        var json = JSONWriter(capacity: text.utf8.count + 64)
        json.object { $0.field("content_text", text) }
        let field = json.bytes.dropFirst().dropLast()
        let brace = item.end - 1
        return Array(line[..<brace]) + (item.members.isEmpty ? [] : [UInt8(ascii: ",")]) + field + line[brace...]
    }
}
