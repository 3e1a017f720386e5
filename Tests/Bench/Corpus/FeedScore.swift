/// One stated field of a case, and what a parser gave for it.
struct FieldScore: Sendable {
    /// `feed.title`, `entry.link`, `entry_count` …: what the table counts by.
    let field: String
    /// With the entry's position: `entries[2].link`.
    let place: String
    let expected: String
    let got: String
    let agrees: Bool
}

/// One score for each field that `expected` states.
func score(_ got: FeedReading, against expected: FeedReading) -> [FieldScore] {
    var scores: [FieldScore] = []
    func compare(_ field: String, _ place: String, _ stated: JSONValue, _ value: JSONValue?) {
        let name = String(field.split(separator: ".").last ?? "")
        let rule = FieldRule.of(name)
        let (stated, value) = (rule.canonical(stated), rule.canonical(value ?? .null))
        scores.append(
            FieldScore(field: field, place: place, expected: stated, got: value, agrees: rule.agrees(value, with: stated)))
    }
    func plain(_ field: String, _ stated: String?, _ value: String?) {
        if let stated { compare(field, field, .text(stated), value.map(JSONValue.text)) }
    }

    for (name, stated) in expected.feed.sorted(by: { $0.key < $1.key }) {
        compare("feed.\(name)", "feed.\(name)", stated, got.feed[name])
    }
    for (position, entry) in expected.entries.enumerated() {
        let other = position < got.entries.count ? got.entries[position] : [:]
        for (name, stated) in entry.sorted(by: { $0.key < $1.key }) {
            compare("entry.\(name)", "entries[\(position)].\(name)", stated, other[name] ?? theOneText(of: other, for: name))
        }
    }
    plain("entry_count", expected.entryCount.map(String.init), got.entryCount.map(String.init))
    plain("malformed", expected.isMalformed.map(String.init), got.isMalformed.map(String.init))
    plain("encoding", expected.encoding, got.encoding)
    plain("version", expected.version, got.version)
    return scores
}

/// An entry with one text has it as summary by some parsers and as content by others; neither has lost it.
private func theOneText(of entry: [String: JSONValue], for name: String) -> JSONValue? {
    switch name {
    case "summary": entry["content"]
    case "content": entry["summary"]
    default: nil
    }
}
