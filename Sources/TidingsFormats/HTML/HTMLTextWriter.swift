import CMarkup

/// The nodes whose text is one line.
struct LineOrigin: Equatable {
    /// Where the line starts in the text.
    var start: Int
    /// The first and the last node of the page that gave text to it.
    var first: Int
    var last: Int
    /// How many of its bytes are in links.
    var linkedBytes = 0
}

/// Assembles text as a browser lays it out: white space folds to one space, and blocks are on lines of their own.
struct HTMLTextWriter {
    private var text: [UInt8] = []
    private var space = false
    private var cellEnded = false
    private var preDepth = 0
    /// The number of a list item, until its text comes.
    private var marker: [UInt8] = []
    /// Where each line came from, if somebody asks.
    private var origins: [LineOrigin] = []
    private var notesOrigins = false
    /// The node whose text is written now, and whether it is part of a link.
    private var node = 0
    private var isLinked = false

    /// - Parameter capacity: bytes of text to expect.
    init(capacity: Int = 0) { text.reserveCapacity(capacity) }

    /// Notes from now on where each line comes from. The caller names each node before it writes it.
    mutating func noteOrigins() { notesOrigins = true }

    mutating func name(_ node: Int, isLinked: Bool) {
        self.node = node
        self.isLinked = isLinked
    }

    private var atLineStart: Bool { text.isEmpty || text.last == 0x0A }

    mutating func open(_ tag: HTMLNodes.Tag) {
        switch tag {
        case TIDINGS_HTML_BR: endLine()
        case TIDINGS_HTML_TD, TIDINGS_HTML_TH: startCell()
        case TIDINGS_HTML_PRE:
            endLine()
            preDepth += 1
        default: if isBlock(tag) { endLine() }
        }
    }

    mutating func close(_ tag: HTMLNodes.Tag) {
        if tag == TIDINGS_HTML_PRE { preDepth -= 1 }
        if tag == TIDINGS_HTML_LI { marker = [] }
        if isBlock(tag) { endLine() }
    }

    /// Puts `marker` before the text that comes next.
    mutating func mark(_ marker: String) { self.marker = Array(marker.utf8) }

    /// The last byte of the text, if what is written now will directly follow it.
    var adjacentByte: UInt8? { space || cellEnded || atLineStart ? nil : text.last }

    mutating func endLine() {
        space = false
        cellEnded = false
        if !atLineStart { text.append(0x0A) }
    }

    mutating func startCell() { cellEnded = !atLineStart }

    /// Writes the text at `range`, which holds whole characters only.
    mutating func put(_ bytes: [UInt8], _ range: Range<Int>) {
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            if byte == 0x0A, preDepth > 0 {
                endLine()
            } else if byte <= 0x20 {
                space = true
            } else if byte == 0xC2, position + 1 < range.upperBound, bytes[position + 1] & 0xC0 == 0x80 {
                position += 1
                putLatin(bytes[position])
            } else {
                // A run ends at 0xC2 in any case, so all three marks may be 0xC2.
                let end = bytes.endOfFoldedRun(in: position..<range.upperBound, or: 0xC2, 0xC2, 0xC2)
                putRun(bytes, position..<end)
                position = end
                continue
            }
            position += 1
        }
    }

    mutating func putSpace() { space = true }

    /// Writes text that is no markup.
    mutating func put(_ string: String) {
        let bytes = Array(string.utf8)
        put(bytes, 0..<bytes.count)
    }

    /// Writes bytes in which there is nothing to fold.
    mutating func putRun(_ bytes: [UInt8], _ range: Range<Int>) {
        flushSpace()
        if isLinked, notesOrigins { origins[origins.count - 1].linkedBytes += range.count }
        text += bytes[range]
    }

    /// Writes a character that a reference in the markup gives.
    mutating func put(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x80..<0xC0: putLatin(UInt8(scalar.value))
        case 0...0x20: put([UInt8(scalar.value)], 0..<1)
        default:
            flushSpace()
            text.append(contentsOf: scalar.utf8)
        }
    }

    /// Writes U+0080…U+00BF, which end with `byte` in UTF-8. U+00A0 is a space. Pages that write the C1 controls mean
    /// windows-1252, and HTML reads their numbers like that (WHATWG HTML §13.2.5.80).
    mutating func putLatin(_ byte: UInt8) {
        if byte == 0xA0 {
            space = true
            return
        }
        flushSpace()
        if byte < 0xA0 {
            text.append(contentsOf: String(Charset.windows1252[Int(byte) - 0x80]).utf8)
        } else {
            text.append(0xC2)
            text.append(byte)
        }
    }

    private mutating func flushSpace() {
        if notesOrigins { noteOrigin() }
        if cellEnded {
            text.append(contentsOf: " | ".utf8)
        } else if space, !atLineStart {
            text.append(0x20)
        }
        cellEnded = false
        space = false
        guard !marker.isEmpty else { return }
        text += marker
        text.append(0x20)
        marker = []
    }

    private mutating func noteOrigin() {
        if atLineStart {
            origins.append(LineOrigin(start: text.count, first: node, last: node))
        } else {
            origins[origins.count - 1].last = node
        }
    }

    /// The text, and where each of its lines came from.
    consuming func finishLines() -> (text: [UInt8], lines: [LineOrigin]) {
        if text.last == 0x0A { text.removeLast() }
        return (text, origins)
    }

    consuming func finish() -> String {
        if text.last == 0x0A { text.removeLast() }
        return String(repairing: text)
    }
}
