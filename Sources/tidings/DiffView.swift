import TidingsCore
import TidingsStore

// For people: the words that went and came, in place.
extension VersionDifference {
    /// - Parameter context: how many equal paragraphs stand around a difference; nil for all.
    func message(context: Int?) -> String {
        var lines = [Style.red("--- \(heading(old))"), Style.green("+++ \(heading(new))")]
        if !title.isEmpty { lines += [""] + title.map { Style.bold(marked($0.words)) } }
        if !metadata.isEmpty { lines += [""] + metadata.map(Self.line) }
        for hunk in hunks(of: paragraphs, context: context) {
            lines.append("")
            if context != nil { lines.append(Style.cyan(hunk.header)) }
            lines += Self.message(hunk)
        }
        if changed.isEmpty { lines += ["", Style.dim("no difference")] }
        let wrap = LineWrap()
        return lines.map { (wrap?.wrapped($0) ?? $0) + "\n" }.joined()
    }

    private func heading(_ version: StoredVersion) -> String {
        "\(version.article)@\(version.summary.number)  \(localTime(milliseconds: version.summary.committedMilliseconds))"
    }

    private static func message(_ hunk: DiffHunk) -> [String] {
        var lines: [String] = []
        var rest = hunk.lines
        while let line = rest.first {
            // Paragraphs that moved together are told of together.
            let count = line.kind == .moved ? rest.indices.prefix { rest[$0].goesWith(line, at: $0 - rest.startIndex) }.count : 1
            let group = rest.prefix(count)
            if let note = line.note(count: count) { lines.append(note) }
            // Those of a paragraph that was divided are several lines.
            for line in group where !line.words.isEmpty {
                lines += marked(line.words).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            }
            rest = rest.dropFirst(count)
        }
        return lines
    }

    private static func line(_ field: FieldDifference) -> String {
        let removed = field.removed.isEmpty ? [] : [DiffRun(.removed, field.removed.joined(separator: ", "))]
        let added = field.added.isEmpty ? [] : [DiffRun(.added, field.added.joined(separator: ", "))]
        return "\(field.field.rawValue): " + [removed, added].filter { !$0.isEmpty }.map(marked).joined(separator: Style.isColoured ? " " : "")
    }
}

extension DiffLine {
    /// Whether the moved paragraph is the one `distance` after `first`, in both texts.
    fileprivate func goesWith(_ first: DiffLine, at distance: Int) -> Bool {
        guard kind == .moved, let elsewhere, let start = first.elsewhere, elsewhere == start + distance else { return false }
        return new.isEmpty ? first.new.isEmpty && old.lowerBound == first.old.lowerBound + distance
            : !first.new.isEmpty && new.lowerBound == first.new.lowerBound + distance
    }

    /// Of `count` paragraphs that moved, this being the first; nil for a line of another kind.
    fileprivate func note(count: Int) -> String? {
        guard let elsewhere else { return nil }
        let word = count == 1 ? "paragraph" : "paragraphs"
        func numbers(_ first: Int) -> String { count == 1 ? "\(first + 1)" : "\(first + 1)-\(first + count)" }
        let note = new.isEmpty
            ? "\(word) \(numbers(old.lowerBound)) moved to \(numbers(elsewhere))"
            : "moved from \(word) \(numbers(elsewhere)) to \(numbers(new.lowerBound))"
        return Style.isColoured ? Style.yellow(note) : "{>\(note)<}"
    }
}

/// The words in one line; in several, where the paragraph was divided.
private func marked(_ words: [DiffRun]) -> String {
    words.map { run in
        switch run.kind {
        case .same: printable(run.text)
        case .removed: removed(printable(run.text.replacing("\n", with: "¶")))
        case .added:
            printable(run.text.replacing("\n", with: "¶\n"), keepsLines: true).split(separator: "\n", omittingEmptySubsequences: false)
                .map { added(String($0)) }.joined(separator: "\n")
        }
    }.joined()
}

private func removed(_ text: String) -> String { text.isEmpty || Style.isColoured ? Style.red(text) : "[-\(text)-]" }

private func added(_ text: String) -> String { text.isEmpty || Style.isColoured ? Style.green(text) : "{+\(text)+}" }
