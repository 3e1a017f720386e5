/// What two texts differ in, in whole lines: most edits change one paragraph, and only that has to be looked at closely.
struct DifferingLines {
    /// Bytes of the lines that both texts begin with.
    private(set) var prefix: Int
    /// Bytes of the lines that both texts end with, and that are not among those.
    private(set) var suffix: Int

    init(_ old: String, _ new: String) {
        var (old, new) = (old, new)
        (prefix, suffix) = old.withUTF8 { old in
            new.withUTF8 { new in
                let shorter = min(old.count, new.count)
                var same = 0
                while same < shorter, unsafe old[same] == new[same] { same += 1 }
                while same > 0, unsafe old[same - 1] != 0x0A { same -= 1 }
                var rest = 0
                while rest < shorter - same, unsafe old[old.count - 1 - rest] == new[new.count - 1 - rest] { rest += 1 }
                while rest > 0, unsafe !Self.beginsLine(old, old.count - rest) || !Self.beginsLine(new, new.count - rest) {
                    rest -= 1
                }
                return (same, rest)
            }
        }
    }

    private static func beginsLine(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        unsafe position == 0 || text[position - 1] == 0x0A
    }

    /// The lines of `text`, which is one of the two, that the other does not have there.
    func middle(of text: String) -> Substring {
        let utf8 = text.utf8
        return text[utf8.index(utf8.startIndex, offsetBy: prefix)..<utf8.index(utf8.endIndex, offsetBy: -suffix)]
    }

    /// The lines of either text that both begin with, and those that both end with.
    func around(_ text: String) -> (before: Substring, after: Substring) {
        let middle = middle(of: text)
        return (text[..<middle.startIndex], text[middle.endIndex...])
    }
}
