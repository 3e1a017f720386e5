import Yams

/// Where feeds can be put into the text of a settings file, and how they are written there. Nothing that is in the text
/// changes: comments, quotes and blank lines are people's work, so the tree that the YAML reader makes only says where the
/// lists are, and is never written back.
///
/// The reader says where a value begins and not where it ends, so a place is found by layout. Whoever uses one must read the
/// result and see that it says what it should; where several places are given, the first that does is right.
struct FeedInsertion {
    struct Place: Equatable {
        /// In bytes from the start of the text.
        let offset: Int
        let text: String
    }

    private let lines: SettingsLines
    private let keys: [(key: String, position: SettingsPosition, value: Node)]
    private let isFlow: Bool

    /// - Parameter text: YAML that could be read as settings.
    init(_ text: String) throws {
        lines = SettingsLines(text)
        let root = try compose(yaml: text)
        keys = root?.mapping?.map { ($0.key.scalar?.string ?? "", $0.key.position, $0.value) } ?? []
        isFlow = root.map { [lines] in lines.isFlow(at: $0.position) } ?? false
    }

    /// The places for `feeds` as the last ones of the list; none if the layout has no room for them.
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

    /// Items of a list that is empty so far.
    private func firstItems(_ feeds: [FeedSettings], below key: SettingsPosition) -> Place {
        let indentation = String(repeating: " ", count: key.column - 1)
        return place(atLine: key.line, feeds.map { standardStyle(indentation).item($0) }.joined())
    }

    private func itemsBehindLast(_ feeds: [FeedSettings], of list: Node.Sequence) -> Place {
        let dash = (list.mark?.column ?? 1) - 1
        let first = (list.mark?.line ?? 1) - 1
        let last = (list.last?.position.line ?? 1) - 1
        var end = keys.map { $0.position.line - 1 }.first { $0 > last } ?? lines.count
        // Comments in front of the next key are about that; those that are indented are about the list or its last item.
        while end > last + 1, lines.isBlank(end - 1) || lines.isComment(end - 1, indentedLessThan: max(dash, 1)) { end -= 1 }

        let style = style(of: list) ?? standardStyle(String(repeating: " ", count: dash))
        let separator = (first..<last).contains(where: lines.isBlank) ? lines.ending : ""
        return place(atLine: end, feeds.map { separator + style.item($0) }.joined())
    }

    /// How the items of `list` are laid out; nil if they are in no usual way.
    private func style(of list: Node.Sequence) -> FeedItemStyle? {
        guard let item = list.last else { return nil }
        let place = item.position
        let prefix = String(String.UnicodeScalarView(lines.text(place.line - 1).unicodeScalars.prefix(place.column - 1)))
        guard prefix.utf8.contains(UInt8(ascii: "-")), prefix.utf8.allSatisfy({ $0 == 0x20 || $0 == UInt8(ascii: "-") })
        else { return nil }
        let isQuoted = item.mapping?["url"]?.scalar?.style == .doubleQuoted
        return FeedItemStyle(prefix: prefix, isFlow: lines.isFlow(at: place), isQuoted: isQuoted, ending: lines.ending)
    }

    /// That of the folders, if there are any.
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

    /// Before each `]` that could be the list's own: one inside an item, in quotes or in a comment does not end it. Whether a
    /// comma is needed, and where, shows in the result only.
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
