import CMarkup

extension HTMLNodes {
    /// The text of an element as one line, with spaces between its parts, which a style sheet may set apart; nil if it has
    /// more nodes or bytes than a name or a date.
    func shortText(of node: Int) -> String? {
        guard subtree(node).count <= Self.shortNodes else { return nil }
        var text: [UInt8] = []
        for index in subtree(node) where tag(index) == TIDINGS_HTML_TEXT {
            let range = textRange(index)
            guard text.count + range.count <= Self.shortBytes else { return nil }
            text += bytes[range]
            text.append(0x20)
        }
        return foldedSpace(text[...])
    }

    private static let shortNodes = 60
    private static let shortBytes = 1000
}
