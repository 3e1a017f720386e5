@testable import TidingsFormats

func checkPage(_ bytes: [UInt8]) {
    let page = checkedDocument(bytes, DocumentHints(fileName: "page.html"))
    if let page, let memory = page.blockMemory {
        let again = checkedDocument(bytes, DocumentHints(fileName: "page.html", blockMemory: memory))
        requireEqual(again?.items.map(\.text), page.items.map(\.text), "a second look decides nothing anew")
    }
    // A damaged memory may change what is kept, and nothing else.
    _ = checkedDocument(bytes, DocumentHints(fileName: "page.html", blockMemory: BlockMemory(bytes: bytes)))
    checkText(HTMLText.text(ofFragment: bytes))
    // Documents are decoded before; what is no UTF-8 the parser takes for Latin-1.
    let decoded = Array(String(decoding: bytes, as: UTF8.self).utf8)
    if let text = SimpleHTML.text(of: decoded) {
        requireEqual(text, HTMLText.parsedText(of: decoded), "both ways lead to the same text")
    }
}

func checkSafeHTML(_ bytes: [UInt8]) {
    for base in [nil, "https://harbour.example/ships/list?page=2"] {
        let safe = SafeHTML.html(ofFragment: bytes, base: base)
        checkIsSafe(safe)
        let again = SafeHTML.html(ofFragment: Array(safe.utf8), base: base)
        requireEqual(withoutEndTags(again), withoutEndTags(safe), "what is safe stays as it is")
    }
}

/// Without an element that is not kept, the parser may end the one around it earlier.
private func withoutEndTags(_ html: String) -> String {
    var kept: [UInt8] = []
    var rest = Array(html.utf8)[...]
    while let tag = rest.firstRange(of: "</".utf8) {
        kept += rest[..<tag.lowerBound]
        rest = rest[tag.upperBound...].drop { $0 != UInt8(ascii: ">") }.dropFirst()
    }
    return String(decoding: kept + rest, as: UTF8.self)
}

/// Reads the markup in the simplest way there is, not by the parser that made it.
func checkIsSafe(_ html: String) {
    var rest = html.utf8[...]
    while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
        rest = rest[rest.index(after: open)...]
        guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { fatalError("a tag has no end") }
        checkTag(String(Substring(rest[..<close])))
        rest = rest[rest.index(after: close)...]
    }
}

/// `tag` is what stands between `<` and `>`; its values stand in double quotes and have none inside.
private func checkTag(_ tag: String) {
    let parts = tag.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).map { String(Substring($0)) }
    require(parts.count % 2 == 1, "each value has two quotes: <\(tag)>")
    let name = parts[0].utf8.prefix { $0 > 0x20 }.drop { $0 == UInt8(ascii: "/") }
    require(!dangerousElements.contains(String(Substring(name))), "an element that acts: <\(tag)>")
    for index in stride(from: 0, to: parts.count - 1, by: 2) {
        let attribute = parts[index].utf8.split(separator: 0x20).last.map { String(Substring($0)) } ?? ""
        require(attribute.hasSuffix("="), "a name stands before its value: <\(tag)>")
        require(!attribute.hasPrefix("on") && !attribute.hasPrefix("style"), "an attribute that acts: <\(tag)>")
        let value = String(decoding: parts[index + 1].utf8.filter { $0 > 0x20 }, as: UTF8.self).lowercased()
        guard ["href=", "src=", "cite=", "poster=", "srcset="].contains(attribute) else { continue }
        for scheme in ["javascript:", "vbscript:", "data:text", "data:image/svg", "file:"] {
            require(!value.hasPrefix(scheme), "an address that acts: <\(tag)>")
        }
    }
}

private let dangerousElements: Set<String> = [
    "script", "style", "iframe", "frame", "object", "embed", "applet", "svg", "math", "form", "input", "button", "link",
    "meta", "base", "template", "noscript", "textarea", "select",
]
