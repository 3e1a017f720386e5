import CBenchXML
import TidingsCore

/// `text` without tags, character references and runs of white space. All readers' texts are folded alike, because one gives a
/// title as HTML and another as text; so a `<` that was meant as text is lost to all of them.
func folded(_ text: String) -> String {
    var bytes = Array(text.utf8)
    // Twice and again: the references of escaped HTML hide tags, and its tags references.
    for _ in 0..<4 {
        let next = withoutTags(withoutReferences(bytes))
        if next == bytes { break }
        bytes = next
    }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

private func withoutTags(_ bytes: [UInt8]) -> [UInt8] {
    var rest = bytes[...]
    var kept: [UInt8] = []
    while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
        kept += rest[..<open]
        rest = rest[open...]
        let opensTag = rest.dropFirst().first.map { $0.isASCIILetter || [0x21, 0x2F, 0x3F].contains($0) } ?? false
        guard opensTag, let end = endOfTag(rest) else {
            kept.append(rest.removeFirst())
            continue
        }
        rest = rest[end...]
        // A break between paragraphs is one between words.
        kept.append(UInt8(ascii: " "))
    }
    return kept + rest
}

/// The index after the tag or comment that `bytes` start with; nil if it has no end.
private func endOfTag(_ bytes: ArraySlice<UInt8>) -> Int? {
    if bytes.starts(with: "<!--".utf8) {
        var index = bytes.startIndex + 4
        while index + 3 <= bytes.endIndex {
            if bytes[index...].starts(with: "-->".utf8) { return index + 3 }
            index += 1
        }
    }
    return bytes.firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
}

private func withoutReferences(_ bytes: [UInt8]) -> [UInt8] {
    var rest = bytes[...]
    var decoded: [UInt8] = []
    while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
        decoded += rest[..<start]
        rest = rest[start...]
        let longestName = 10
        guard let end = rest.prefix(longestName).firstIndex(of: UInt8(ascii: ";")),
            let scalar = scalar(named: rest[(start + 1)..<end])
        else {
            decoded.append(rest.removeFirst())
            continue
        }
        decoded += Array(String(Character(scalar)).utf8)
        rest = rest[(end + 1)...]
    }
    return decoded + rest
}

private func scalar(named bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let name = String(decoding: bytes, as: UTF8.self)
    if name.hasPrefix("#x") || name.hasPrefix("#X") { return UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init) }
    if name.hasPrefix("#") { return UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init) }
    if name == "apos" { return "'" }
    let code = unsafe name.withCString { unsafe bench_entity($0) }
    return code == 0 ? nil : Unicode.Scalar(code)
}
