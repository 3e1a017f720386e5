import TidingsCore

/// How the values of a field are compared.
enum FieldRule {
    /// What people read: folded.
    case text
    /// Ids: byte for byte, trimmed.
    case exact
    /// Addresses: byte for byte, trimmed; a path that is missing is `/` (RFC 3986 §6.2.3), which some parsers write out.
    case address
    /// Languages, mail addresses: whatever their case.
    case token
    case charset
    case date
    /// Each of them once, in any order: parsers differ in whether a category that is repeated counts twice.
    case texts
    case enclosures

    static func of(_ field: String) -> FieldRule {
        switch field {
        case "id", "image", "comments": .exact
        case "link": .address
        case "language", "author_email", "version": .token
        case "encoding": .charset
        case "updated", "published": .date
        case "categories": .texts
        case "enclosures": .enclosures
        default: .text
        }
    }

    /// A value as it is compared and shown; empty for an absent one.
    func canonical(_ value: JSONValue) -> String {
        switch self {
        case .text: folded(value.text ?? "")
        case .exact: trimmed(value.text ?? "")
        case .address: withPath(trimmed(value.text ?? ""))
        case .token: trimmed(value.text ?? "").lowercased()
        case .charset: charsetName(trimmed(value.text ?? "").lowercased())
        case .date: instant(trimmed(value.text ?? ""))
        case .texts: Set(value.list.map { folded($0.text ?? "") }).sorted().joined(separator: " | ")
        case .enclosures:
            value.list.map { enclosure in
                // A blank type is one that is not stated.
                ["url", "type", "length"].map { trimmed(enclosure[$0].text?.lowercased() ?? "") }
                    .map { $0.isEmpty ? "-" : $0 }.joined(separator: "\t")
            }.joined(separator: " | ")
        }
    }

    func agrees(_ got: String, with expected: String) -> Bool {
        guard case .enclosures = self else { return got == expected }
        let (ours, stated) = (got.split(separator: " | "), expected.split(separator: " | "))
        // What a case leaves open of an enclosure may be anything.
        return ours.count == stated.count
            && zip(ours, stated).allSatisfy { one, other in
                let (our, their) = (one.split(separator: "\t"), other.split(separator: "\t"))
                return our.count == their.count && zip(our, their).allSatisfy { $0 == $1 || $1 == "-" }
            }
    }
}

private func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}

private func withPath(_ address: String) -> String {
    let parts = address.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0].hasSuffix(":") && parts[1].isEmpty ? address + "/" : address
}

/// The second that a date names; a day is its start in UTC. Text that is no date is compared as it stands.
private func instant(_ text: String) -> String {
    // Two cases state their dates otherwise than all others: as HTTP does, and with an offset.
    if let date = httpDate(text) { return rfc3339(milliseconds: date) }
    let (local, offset) = text.hasSuffix("Z") || text.count < 20 ? (text, "") : (String(text.dropLast(6)), String(text.suffix(6)))
    guard let date = ItemDate(local) else { return text }
    let parts = offset.dropFirst().split(separator: ":").compactMap { Int64($0) }
    let minutes = parts.count == 2 ? parts[0] * 60 + parts[1] : 0
    let seconds = date.milliseconds / 1000 - (offset.hasPrefix("-") ? -minutes : minutes) * 60
    return rfc3339(milliseconds: seconds * 1000)
}

/// Names of one charset that the cases and the parsers use for each other (WHATWG Encoding Standard §4.2).
private func charsetName(_ label: String) -> String {
    switch label {
    case "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1": "windows-1252"
    case "gb2312", "gbk": "gb18030"
    case "utf_8", "utf8": "utf-8"
    case "x-sjis", "shift-jis": "shift_jis"
    default: label
    }
}
