import TidingsCore

/// What stands before the text of a Markdown file and says of what article it is: YAML between `---` lines, TOML between
/// `+++` lines, or a JSON object (the three that Hugo reads; most other programs write YAML).
struct FrontMatter {
    let item: Item
    let problem: Problem?
    /// Where the text of the article starts.
    let body: Int

    /// Longer front matter is no description of an article.
    static let limitBytes = 64 << 10

    /// Nil if the text does not start with front matter. What only looks like it is prose, and must not be lost.
    /// - Parameter hash: the raw hash of the whole file, which the item keeps.
    init?(_ utf8: [UInt8], rawHash hash: ContentHash) {
        guard let found = Self.yaml(utf8) ?? Self.toml(utf8) ?? Self.json(utf8) else { return nil }
        item = found.fields.item(rawHash: hash)
        problem = found.problem
        body = found.body
    }

    private typealias Found = (fields: FrontMatterFields, problem: Problem?, body: Int)

    private static func yaml(_ utf8: [UInt8]) -> Found? {
        guard let (range, body) = fenced(utf8, by: ["---"], endedBy: ["---", "..."]) else { return nil }
        guard let yaml = FrontMatterYAML(utf8, range) else { return nil }
        return (yaml.fields, yaml.problem, body)
    }

    private static func toml(_ utf8: [UInt8]) -> Found? {
        guard let (range, body) = fenced(utf8, by: ["+++"], endedBy: ["+++"]) else { return nil }
        var reader = TOMLReader(Array(utf8[range]))
        let values = reader.tables()
        let isEmpty = utf8[range].allSatisfy { $0 <= 0x20 }
        guard isEmpty || !values.isEmpty else { return nil }
        return (FrontMatterFields(values), reader.problem, body)
    }

    private static func json(_ utf8: [UInt8]) -> Found? {
        guard let end = JSONObjectEnd.position(in: utf8, limitBytes: limitBytes) else { return nil }
        // A blank line sets the object off from the text; without it, this is text with braces.
        guard let body = endOfBlankLine(utf8, at: end) else { return nil }
        guard body == utf8.count || endOfBlankLine(utf8, at: body) != nil else { return nil }
        guard case .object(let members)? = JSONTree(Array(utf8[..<end])) else { return nil }
        let values = Dictionary(members.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        guard values.keys.contains(where: FrontMatterFields.isKnown) else { return nil }
        return (FrontMatterFields(values), nil, body)
    }

    /// The range between the line at the start of the text, which must be one of `openings`, and the next that is one of
    /// `closings`; and where the line after that starts.
    private static func fenced(
        _ utf8: [UInt8], by openings: [StaticString], endedBy closings: [StaticString]
    ) -> (Range<Int>, body: Int)? {
        guard let opening = fence(utf8, at: 0, openings) else { return nil }
        var start = opening
        while start < utf8.count, start - opening <= limitBytes {
            if let end = fence(utf8, at: start, closings) { return (opening..<start, end) }
            start = (utf8[start...].firstIndex(of: 0x0A) ?? utf8.count) + 1
        }
        return nil
    }

    /// The end of the line at `start`, if the line is one of `fences`.
    private static func fence(_ utf8: [UInt8], at start: Int, _ fences: [StaticString]) -> Int? {
        guard let fence = fences.first(where: { utf8.starts(with: $0, at: start) }) else { return nil }
        return endOfBlankLine(utf8, at: start + fence.utf8CodeUnitCount)
    }

    /// Where the next line starts, if nothing but white space is left on the line of `start`.
    private static func endOfBlankLine(_ utf8: [UInt8], at start: Int) -> Int? {
        guard start < utf8.count else { return utf8.count }
        let end = utf8[start...].firstIndex(of: 0x0A) ?? utf8.count
        return utf8[start..<end].allSatisfy { $0 <= 0x20 } ? min(end + 1, utf8.count) : nil
    }
}

/// Finds where the JSON object at the start of a text ends.
private enum JSONObjectEnd {
    /// The position after the brace that closes the object; nil if the text does not start with `{`.
    static func position(in utf8: [UInt8], limitBytes: Int) -> Int? {
        guard utf8.first == UInt8(ascii: "{") else { return nil }
        var depth = 0
        var isInString = false
        var index = 0
        while index < min(utf8.count, limitBytes) {
            switch utf8[index] {
            case UInt8(ascii: "\\") where isInString: index += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString:
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return nil
    }
}

/// Whether `url` starts with `http://` or `https://` and a host.
func isAbsoluteURL(_ url: String) -> Bool {
    let bytes = Array(url.utf8)
    var cursor = ByteCursor(bytes, 0..<bytes.count)
    return (cursor.skip("https://") || cursor.skip("http://")) && (cursor.next ?? 0x20) > 0x20
        && !bytes.contains { $0 <= 0x20 }
}
