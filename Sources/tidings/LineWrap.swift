import Glibc

/// Puts prose into the width of a terminal: broken at spaces, and beside wide characters; lines after the first are indented, so that a
/// paragraph's beginning is seen.
struct LineWrap {
    /// Longer lines are hard to read.
    private static let readableWidth = 100

    private let width: Int

    private let indent: String

    /// Nil where nothing is known of a width: the text stays as it is.
    /// - Parameter indent: of the lines after the first.
    init?(indent: Int = 2, of descriptor: Int32 = STDOUT_FILENO) {
        guard let columns = terminalWidth(of: descriptor), columns > 2 * indent else { return nil }
        width = min(columns, Self.readableWidth)
        self.indent = String(repeating: " ", count: indent)
    }

    /// `line` may have escape sequences of `Style`, and no others. They end before a break and begin again after it, because pagers
    /// take each line for itself.
    func wrapped(_ line: String) -> String {
        var wrapping = Wrapping(width: width, indent: indent)
        var rest = line[...]
        while let character = rest.first {
            if character == "\u{1B}", let end = rest.firstIndex(of: "m") {
                wrapping.style(rest[...end])
                rest = rest[rest.index(after: end)...]
            } else {
                wrapping.put(character)
                rest.removeFirst()
            }
        }
        return wrapping.finish()
    }
}

/// `line` in the width of the terminal, if standard output is one: broken at spaces, and what has none where it would have to be broken
/// is cut, with `…`. Styled words must be short.
/// - Parameter indent: of the lines after the first.
func inTerminal(_ line: String, indent: Int) -> String {
    guard let width = terminalWidth(), let wrap = LineWrap(indent: indent) else { return line }
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map { word in
        word.utf8.first == 0x1B ? String(word) : fitted(String(word), to: width - indent)
    }
    return wrap.wrapped(words.joined(separator: " "))
}

private struct Wrapping {
    let width: Int
    let indent: String
    private var lines = ""
    private var column = 0
    private var spaces = 0
    private var word = ""
    private var wordWidth = 0
    /// The sequences that hold at the end of `lines`, and those that `word` has.
    private var styles: [Substring] = []
    private var wordStyles: [Substring] = []

    init(width: Int, indent: String) {
        self.width = width
        self.indent = indent
    }

    mutating func style(_ sequence: Substring) {
        word += sequence
        wordStyles.append(sequence)
    }

    mutating func put(_ character: Character) {
        let columns = displayWidth(String(character))
        if character == " " {
            endWord()
            spaces += 1
        } else {
            if columns > 1 { endWord() }
            word.append(character)
            wordWidth += columns
        }
    }

    mutating func finish() -> String {
        endWord()
        return lines
    }

    private mutating func endWord() {
        guard !word.isEmpty else { return }
        if wordWidth > 0, column + spaces + wordWidth > width, column > indent.utf8.count {
            if !styles.isEmpty { lines += "\u{1B}[0m" }
            lines += "\n" + indent + styles.joined()
            column = indent.utf8.count
            spaces = 0
        }
        lines += String(repeating: " ", count: spaces) + word
        column += spaces + wordWidth
        for style in wordStyles {
            if style == "\u{1B}[0m" { styles = [] } else { styles.append(style) }
        }
        (spaces, word, wordWidth, wordStyles) = (0, "", 0, [])
    }
}
