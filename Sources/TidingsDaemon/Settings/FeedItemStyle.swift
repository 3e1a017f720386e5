import TidingsCore

/// How one feed of a list is written.
struct FeedItemStyle {
    /// What stands before the item on its first line: `  - `.
    let prefix: String
    let isFlow: Bool
    /// Whether URLs are in quotes although they need none.
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

/// Text as YAML writes it in one line.
enum YAMLScalar {
    /// Without quotes where it is plain words or a plain URL; such mean the same in block and flow style.
    static func shortest(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last, isAlphanumeric(first) else { return quoted(text) }
        let isWords = last != UInt8(ascii: " ") && consists(text, of: "._- ")
        // A colon in front of white space ends a key, also at the end of a line.
        let isURL = last != UInt8(ascii: ":") && consists(text, of: "._-/?=&%+~:")
        // YAML's words for nothing (§10.3.2), which are no text.
        return (isWords || isURL) && !["null", "Null", "NULL"].contains(text) ? text : quoted(text)
    }

    private static func consists(_ text: String, of marks: String) -> Bool {
        text.utf8.allSatisfy { isAlphanumeric($0) || marks.utf8.contains($0) }
    }

    /// In double quotes, where what cannot be seen is escaped (§5.7).
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
