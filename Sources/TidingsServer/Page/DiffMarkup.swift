import TidingsCore

extension MarkupWriter {
    /// Paragraphs of two texts, with the words that went and came.
    /// - Parameter context: how many equal paragraphs stand around a difference; nil for all.
    mutating func difference(_ lines: [DiffLine], form: DiffForm, context: Int?, language: String?) {
        let hunks = hunks(of: lines, context: context)
        element("div", .class("diff \(form.rawValue)"), .named("lang", language)) { html in
            if hunks.isEmpty, !lines.isEmpty {
                html.element("p", .class("gap"), .named("lang", "en"), text: "\(counted(lines.count, "paragraph")) without a difference")
            }
            var next = 0
            for hunk in hunks {
                html.gap(hunk.new.lowerBound - next)
                for line in form == .inline ? Array(hunk.lines) : hunk.lines.paired() { html.line(line, form) }
                next = hunk.new.upperBound
            }
            if let last = lines.last, !hunks.isEmpty { html.gap(last.new.upperBound - next) }
        }
    }

    private mutating func gap(_ count: Int) {
        if count > 0 { element("p", .class("gap"), .named("lang", "en"), text: "\(counted(count, "equal paragraph")) left out") }
    }

    private mutating func line(_ line: DiffLine, _ form: DiffForm) {
        if let note = line.note { element("p", .class("gap"), .named("lang", "en"), text: note) }
        if line.words.isEmpty { return }
        switch form {
        case .inline: element("p", .class(line.kind.rawValue), .named("dir", "auto")) { $0.words(line.words) }
        case .sideBySide: pair(line.kind, line.words.filter { $0.kind != .added }, line.words.filter { $0.kind != .removed })
        }
    }

    private mutating func pair(_ kind: DiffLine.Kind, _ old: [DiffRun], _ new: [DiffRun]) {
        element("div", .class("pair \(kind.rawValue)")) { html in
            html.side(old)
            html.side(new)
        }
    }

    private mutating func side(_ words: [DiffRun]) {
        if words.isEmpty { element("div", .class("none")) { _ in } } else { element("p", .named("dir", "auto")) { $0.words(words) } }
    }

    /// The words in their order; `¶` where a paragraph was divided or joined.
    mutating func words(_ words: [DiffRun]) {
        for run in words {
            switch run.kind {
            case .same: text(run.text)
            case .removed: element("del", text: run.text.replacing("\n", with: " ¶ "))
            case .added: element("ins", text: run.text.replacing("\n", with: " ¶ "))
            }
        }
    }
}

extension DiffLine {
    /// What is said of a paragraph that stands elsewhere in the other text.
    fileprivate var note: String? {
        guard let elsewhere else { return nil }
        return new.isEmpty
            ? "paragraph \(old.lowerBound + 1) moved to \(elsewhere + 1)" : "moved from paragraph \(elsewhere + 1)"
    }
}

extension ArraySlice<DiffLine> {
    /// The same lines, but that paragraphs that went and others that came in their place stand beside each other.
    fileprivate func paired() -> [DiffLine] {
        var list: [DiffLine] = []
        var gone: [DiffLine] = []
        for line in self {
            if line.kind == .removed {
                gone.append(line)
            } else if line.kind == .added, let first = gone.first {
                gone.removeFirst()
                list.append(DiffLine(kind: .changed, old: first.old, new: line.new, words: first.words + line.words))
            } else {
                list += gone
                gone = []
                list.append(line)
            }
        }
        return list + gone
    }
}
