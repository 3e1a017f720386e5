import TidingsCore
import TidingsStore

extension StoredVersion {
    /// Title and paragraphs as CommonMark, with what would mean more there escaped.
    var markdown: [UInt8] {
        var text = form.title.map { "# \(Self.escaped($0))\n\n" } ?? ""
        for paragraph in form.text.split(separator: "\n", omittingEmptySubsequences: false) {
            text += Self.escaped(paragraph) + "\n\n"
        }
        return Array(text.utf8)
    }

    /// "Any ASCII punctuation character may be backslash-escaped" (CommonMark 0.31, §2.4). Those that mean nothing within a text stay.
    private static func escaped(_ line: some StringProtocol) -> String {
        var escaped: [UInt8] = []
        let special = Set("\\`*_[]<>#&|~".utf8)
        let atStart = Set("+-=".utf8)
        for (index, byte) in line.utf8.enumerated() {
            if special.contains(byte) || index == 0 && atStart.contains(byte) { escaped.append(UInt8(ascii: "\\")) }
            escaped.append(byte)
        }
        // "1." at the start of a line begins a list.
        let digits = line.utf8.prefix(while: \.isASCIIDigit)
        if !digits.isEmpty, let next = line.utf8.dropFirst(digits.count).first, [UInt8(ascii: "."), UInt8(ascii: ")")].contains(next) {
            escaped.insert(UInt8(ascii: "\\"), at: digits.count)
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

extension VersionDifference {
    /// As `diff -u` writes it (POSIX, diff), a paragraph a line; the titles are the first lines, with an empty one behind.
    /// - Parameter context: how many equal paragraphs stand around a difference.
    func unified(context: Int) -> [UInt8] {
        var lines = ["--- \(old.article)@\(old.summary.number)", "+++ \(new.article)@\(new.summary.number)"]
        let oldText = Self.lines(old), newText = Self.lines(new)
        let titles = [DiffLine](title: old.form.title ?? "", new.form.title ?? "")
        // The text stands behind title and empty line.
        let all = titles + paragraphs.map { $0.moved(by: 2) }
        for hunk in hunks(of: all, context: context) {
            lines.append(hunk.header)
            for line in hunk.lines {
                if line.kind == .same {
                    lines += newText[line.new].map { " " + $0 }
                } else {
                    lines += oldText[line.old].map { "-" + $0 }
                    lines += newText[line.new].map { "+" + $0 }
                }
            }
        }
        return Array(lines.joined(separator: "\n").utf8) + [UInt8(ascii: "\n")]
    }

    private static func lines(_ version: StoredVersion) -> [Substring] {
        let text = version.form.text.split(separator: "\n", omittingEmptySubsequences: false)
        return [version.form.title?[...] ?? "", ""] + text
    }
}

extension [DiffLine] {
    /// Two lines: a title and the empty line behind it.
    fileprivate init(title old: String, _ new: String) {
        self = [
            DiffLine(kind: old == new ? .same : .changed, old: 0..<1, new: 0..<1, words: []),
            DiffLine(kind: .same, old: 1..<2, new: 1..<2, words: []),
        ]
    }
}

extension DiffLine {
    fileprivate func moved(by count: Int) -> DiffLine {
        DiffLine(
            kind: kind, old: old.lowerBound + count..<old.upperBound + count, new: new.lowerBound + count..<new.upperBound + count, words: [])
    }
}
