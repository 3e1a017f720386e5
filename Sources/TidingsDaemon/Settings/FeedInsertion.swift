import Yams

/// Finds positions in the text of a settings file at which feeds can be inserted, and makes the text to insert. The existing text
/// never changes, because it has comments, quotes and blank lines that people chose. So the YAML tree only shows where the lists
/// are, and is never written back.
///
/// The tree tells where a value begins but not where it ends, so the layout of the text decides. The caller must read each result
/// again and compare it with what is wanted. Of several positions, the first with the right result is correct.
struct FeedInsertion {
    struct Place: Equatable {
        /// Bytes from the start of the text.
        let offset: Int
        let text: String
    }

    private let lines: SettingsLines
    private let keys: [(key: String, position: SettingsPosition, value: Node)]
    private let isFlow: Bool

    /// - Parameter text: YAML of valid settings.
    init(_ text: String) throws {
        lines = SettingsLines(text)
        let root = try compose(yaml: text)
        keys = root?.mapping?.map { ($0.key.scalar?.string ?? "", $0.key.position, $0.value) } ?? []
        isFlow = root.map { [lines] in lines.isFlow(at: $0.position) } ?? false
    }

    /// The possible insertions of `feeds` at the end of the list; none if the layout does not allow it.
    func places(for feeds: [FeedSettings]) -> [Place] {
        guard let (_, key, value) = keys.first(where: { $0.key == "feeds" }) else { return isFlow ? [] : [newList(of: feeds)] }
        guard let list = value.sequence else { return [firstItems(feeds, below: key)] }
        return lines.isFlow(at: value.position)
            ? itemsInBrackets(feeds, from: list.last ?? value, key: key) : [itemsBehindLast(feeds, of: list)]
    }

    // MARK: Block style

    /// `feeds:` and its items, as the last lines of the file.
    private func newList(of feeds: [FeedSettings]) -> Place {
        let indentation = String(repeating: " ", count: (keys.first?.position.column ?? 1) - 1)
        let end = lines.count
        let separator = end == 0 || lines.isBlank(end - 1) ? "" : lines.ending
        let items = feeds.map { standardStyle(indentation).item($0) }.joined()
        return place(atLine: end, separator + indentation + "feeds:" + lines.ending + items)
    }

    /// The first items of an empty list.
    private func firstItems(_ feeds: [FeedSettings], below key: SettingsPosition) -> Place {
        let indentation = String(repeating: " ", count: key.column - 1)
        return place(atLine: key.line, feeds.map { standardStyle(indentation).item($0) }.joined())
    }

    private func itemsBehindLast(_ feeds: [FeedSettings], of list: Node.Sequence) -> Place {
        let dash = (list.mark?.column ?? 1) - 1
        let first = (list.mark?.line ?? 1) - 1
        let last = (list.last?.position.line ?? 1) - 1
        var end = keys.map { $0.position.line - 1 }.first { $0 > last } ?? lines.count
        // A comment before the next key describes that key, unless it is indented: then it describes the list or its last item.
        while end > last + 1, lines.isBlank(end - 1) || lines.isComment(end - 1, indentedLessThan: max(dash, 1)) { end -= 1 }

        let style = style(of: list) ?? standardStyle(String(repeating: " ", count: dash))
        let separator = (first..<last).contains(where: lines.isBlank) ? lines.ending : ""
        return place(atLine: end, feeds.map { separator + style.item($0) }.joined())
    }

    /// The layout of the items of `list`; nil if it is unusual.
    private func style(of list: Node.Sequence) -> FeedItemStyle? {
        guard let item = list.last else { return nil }
        let start = item.position
        let prefix = String(String.UnicodeScalarView(lines.text(start.line - 1).unicodeScalars.prefix(start.column - 1)))
        guard prefix.utf8.contains(UInt8(ascii: "-")), prefix.utf8.allSatisfy({ $0 == 0x20 || $0 == UInt8(ascii: "-") })
        else { return nil }
        let isQuoted = item.mapping?["url"]?.scalar?.style == .doubleQuoted
        return FeedItemStyle(prefix: prefix, isFlow: lines.isFlow(at: start), isQuoted: isQuoted, ending: lines.ending)
    }

    /// The style of the folder list, if there is one; else the usual style.
    private func standardStyle(_ indentation: String) -> FeedItemStyle {
        if let folders = keys.first(where: { $0.key == "folders" })?.value.sequence, let style = style(of: folders) { return style }
        return FeedItemStyle(prefix: indentation + "  - ", isFlow: false, isQuoted: false, ending: lines.ending)
    }

    private func place(atLine line: Int, _ text: String) -> Place {
        // The last line of a file may lack its end.
        let isOpen = line == lines.count && !lines.endsWithLineEnd
        return Place(offset: lines.offset(line), text: (isOpen ? lines.ending : "") + text)
    }

    // MARK: Flow style

    /// Insertions before each `]` that may end the list; a `]` inside an item, in quotes or in a comment does not. Only the result
    /// shows whether a comma is needed, and where.
    private func itemsInBrackets(_ feeds: [FeedSettings], from start: Node, key: SettingsPosition) -> [Place] {
        let candidatesLimit = 16
        let indentation = String(repeating: " ", count: key.column + 1)
        let items = feeds.map { lines.ending + indentation + FeedItemStyle.inBraces($0) }.joined(separator: ",")
        return lines.closingBrackets(from: start.position).prefix(candidatesLimit).flatMap { bracket in
            let end = lines.endOfContent(before: bracket)
            return [
                Place(offset: end, text: items), Place(offset: end, text: "," + items),
                Place(offset: bracket, text: "," + items + lines.ending),
            ]
        }
    }
}
