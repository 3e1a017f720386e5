import TidingsCore

// How the parts of a comparison are written for programs. Keys are a contract: fields may be added, none is renamed. Paragraphs are
// counted from 1.

extension DiffRun {
    func write(into json: inout JSONWriter) {
        json.object { json in
            switch kind {
            case .same: json.field("kind", "same")
            case .added: json.field("kind", "added")
            case .removed: json.field("kind", "removed")
            }
            json.field("text", text)
        }
    }
}

extension FieldDifference {
    func write(into json: inout JSONWriter) {
        json.object { json in
            json.field("name", field.rawValue)
            json.array("removed", removed) { $0.string($1) }
            json.array("added", added) { $0.string($1) }
        }
    }
}

extension DiffHunk {
    func write(into json: inout JSONWriter) {
        json.object { json in
            json.field("old", old.isEmpty ? nil : old.lowerBound + 1)
            json.field("old_count", old.count)
            json.field("new", new.isEmpty ? nil : new.lowerBound + 1)
            json.field("new_count", new.count)
            json.array("lines", Array(lines)) { $1.write(into: &$0) }
        }
    }
}

extension DiffLine {
    fileprivate func write(into json: inout JSONWriter) {
        json.object { json in
            json.field("kind", kind.rawValue)
            json.field("old", old.isEmpty ? nil : old.lowerBound + 1)
            json.field("old_count", old.count > 1 ? old.count : nil)
            json.field("new", new.isEmpty ? nil : new.lowerBound + 1)
            json.field("new_count", new.count > 1 ? new.count : nil)
            json.field(new.isEmpty ? "moved_to" : "moved_from", elsewhere.map { $0 + 1 })
            json.array("words", words) { $1.write(into: &$0) }
        }
    }
}
