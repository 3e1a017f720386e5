import TidingsCore

/// The layout of the feeds of one list.
struct FeedItemStyle {
    /// The text before the item on its first line: `  - `.
    let prefix: String
    let isFlow: Bool
    /// Whether URLs are always quoted, even where YAML does not need it.
    let isQuoted: Bool
    let ending: String

    func item(_ feed: FeedSettings) -> String {
        if isFlow { return prefix + Self.inBraces(feed) + ending }
        let indentation = String(repeating: " ", count: prefix.utf8.count)
        let url = isQuoted ? YAMLScalar.quoted(feed.url) : YAMLScalar.shortest(feed.url)
        var lines = ["\(prefix)name: \(YAMLScalar.shortest(feed.name))", "\(indentation)url: \(url)"]
        if !feed.tags.isEmpty { lines.append("\(indentation)tags: \(Self.list(feed.tags))") }
        return lines.map { $0 + ending }.joined()
    }

    static func inBraces(_ feed: FeedSettings) -> String {
        let tags = feed.tags.isEmpty ? "" : ", tags: \(list(feed.tags))"
        return "{ name: \(YAMLScalar.shortest(feed.name)), url: \(YAMLScalar.quoted(feed.url))\(tags) }"
    }

    private static func list(_ tags: [String]) -> String {
        "[" + tags.map { YAMLScalar.shortest($0) }.joined(separator: ", ") + "]"
    }
}

/// Writes a text as a YAML scalar on one line.
enum YAMLScalar {
    /// Without quotes if `text` is plain words or a plain URL, which mean the same in block and flow style; else quoted.
    static func shortest(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last, isAlphanumeric(first) else { return quoted(text) }
        let isWords = last != UInt8(ascii: " ") && consists(text, of: "._- ")
        // A colon before white space ends a key, and so does one at the end of a line.
        let isURL = last != UInt8(ascii: ":") && consists(text, of: "._-/?=&%+~:")
        // Without quotes these mean null (YAML 1.2 §10.3.2).
        return (isWords || isURL) && !["null", "Null", "NULL"].contains(text) ? text : quoted(text)
    }

    private static func consists(_ text: String, of marks: String) -> Bool {
        text.utf8.allSatisfy { isAlphanumeric($0) || marks.utf8.contains($0) }
    }

    /// In double quotes, with invisible characters escaped (§5.7).
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case _ where scalar == "\"" || scalar == "\\": result += "\\\(scalar)"
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                result += "\\U" + zeroPadded(Int(scalar.value), digits: 8, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit
    }
}
