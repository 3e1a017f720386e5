/// The marks `<![CDATA[` and `]]>` in a value. Programs that wrap a text in them and then escape the whole make them part of
/// the text, of which they are none.
enum CDATAMarkers {
    /// `bytes` without the marks around it, and without the white space around these; nil if there are none. One that has
    /// lost its counterpart goes too. Marks between other words are what a text about XML says, and stay.
    static func without(_ bytes: [UInt8]) -> [UInt8]? {
        guard mayHaveMarks(bytes) else { return nil }
        var text = bytes.trimmed
        var isFound = false
        while let inner = unwrapped(text) {
            text = Array(inner).trimmed
            isFound = true
        }
        return isFound ? Array(text) : nil
    }

    static func without(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "]")) || text.utf8.contains(UInt8(ascii: "[")) else { return text }
        return without(Array(text.utf8)).map { String(repairing: $0) } ?? text
    }

    /// `html` without the marks anywhere in it; nil if there are none. A parser of HTML would drop the text after the first.
    static func withoutAll(_ html: [UInt8]) -> [UInt8]? {
        guard var open = positionOfOpening(in: html, from: 0) else { return nil }
        var text: [UInt8] = []
        var copied = 0
        while true {
            text += html[copied..<open]
            copied = open + opening.count
            let next = positionOfOpening(in: html, from: copied) ?? html.count
            if let close = html.position(of: "]]>", from: copied), close < next {
                text += html[copied..<close]
                copied = close + closing.count
            }
            guard next < html.count else { return text + html[copied...] }
            open = next
        }
    }

    private static let opening = Array("<![cdata[".utf8)
    private static let closing = Array("]]>".utf8)
    private static let escapedOpening = Array("&lt;![cdata[".utf8)
    private static let escapedClosing = Array("]]&gt;".utf8)

    /// Whether it begins or ends as a mark may. Nearly all texts do not.
    private static func mayHaveMarks(_ bytes: [UInt8]) -> Bool {
        guard let last = bytes.last(where: { !$0.isXMLSpace }), let first = bytes.first(where: { !$0.isXMLSpace }) else {
            return false
        }
        return first == UInt8(ascii: "<") || first == UInt8(ascii: "&") || last == UInt8(ascii: ">") || last == UInt8(ascii: ";")
    }

    private static func unwrapped(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let isOpened = starts(text, with: opening)
        let isClosed = text.count >= closing.count && text.suffix(closing.count).elementsEqual(closing)
        switch (isOpened, isClosed) {
        case (true, true) where text.count >= opening.count + closing.count:
            return text.dropFirst(opening.count).dropLast(closing.count)
        case (true, false) where !contains(text, closing): return text.dropFirst(opening.count)
        case (false, true) where !contains(text, Array("[".utf8)): return text.dropLast(closing.count)
        default: break
        }
        guard starts(text, with: escapedOpening), text.suffix(escapedClosing.count).elementsEqual(escapedClosing) else { return nil }
        return text.dropFirst(escapedOpening.count).dropLast(escapedClosing.count)
    }

    private static func starts(_ text: ArraySlice<UInt8>, with mark: [UInt8]) -> Bool {
        text.count >= mark.count && zip(text, mark).allSatisfy { $0.asciiLowercased == $1 }
    }

    private static func contains(_ text: ArraySlice<UInt8>, _ mark: [UInt8]) -> Bool {
        Array(text).firstRange(of: mark) != nil
    }

    private static func positionOfOpening(in html: [UInt8], from start: Int) -> Int? {
        // A bracket is rarer than a tag.
        var bracket = html.position(of: UInt8(ascii: "["), from: start + 2)
        while let found = bracket {
            if html.startsIgnoringCase(with: "<![cdata[", at: found - 2) { return found - 2 }
            bracket = html.position(of: UInt8(ascii: "["), from: found + 1)
        }
        return nil
    }
}
