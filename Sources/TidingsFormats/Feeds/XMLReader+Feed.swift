import TidingsCore

/// Readers of elements that several vocabularies of feeds share.
extension XMLReader {
    func attribute(_ local: String, in namespace: XMLNamespace = .rss) -> String? {
        attributes.first { $0.name.local == local && $0.name.namespace == namespace }.map { CDATAMarkers.without($0.value) }
    }

    /// The element's text, trimmed; nil if it is blank.
    mutating func readString() -> String? {
        let text = readText()
        return String(trimming: CDATAMarkers.without(text) ?? text)
    }

    /// Whether the element that has just started is an item, in whatever namespace.
    var isItem: Bool { frames.last?.role == .item }

    /// What text is in the Atom element that has just started if it does not give a type. In Atom 1.0 it is no markup (RFC
    /// 4287 §3.1.1); elsewhere nobody knows.
    var untypedAtomText: FeedText.Kind {
        if let untypedText { return untypedText }
        return name.namespace == .atom && !namespaceURI.hasSuffix("/ns#") ? .plain : .undeclared
    }

    /// Reads text of a format that does not say whether it is HTML.
    mutating func readUndeclared() -> FeedText {
        let base = base
        let (bytes, hasElements) = readMarkup()
        return FeedText(bytes: bytes, kind: hasElements ? .html : .undeclared, base: base)
    }

    /// Reads a category of any vocabulary. Atom's term identifies it; its label is for display and may change (RFC 4287
    /// §4.2.2).
    mutating func readCategory() -> String? {
        let label = attribute("label")?.trimmedOrNil
        let term = attribute("term")?.trimmedOrNil
        return term ?? readString() ?? label
    }

    /// The file that the element which has just started gives, with its type and size; nil without an address.
    func file(at reference: String?, sizeName: String) -> Attachment? {
        guard let reference = reference?.trimmedOrNil else { return nil }
        let size = (attribute(sizeName)?.trimmedOrNil).flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 }
        return Attachment(
            url: URI.resolve(reference, against: base), mimeType: attribute("type")?.trimmedOrNil, sizeBytes: size)
    }

    /// Reads `itunes:category`, with the categories inside it.
    mutating func readITunesCategories() -> [String] {
        var names = [attribute("text")].compactMap { $0?.trimmedOrNil }
        let depth = depth
        while nextChild(of: depth) {
            if name.local == "category", let text = attribute("text")?.trimmedOrNil { names.append(text) }
        }
        return names
    }

    /// Reads names that are separated by commas.
    mutating func readKeywords() -> [String] {
        guard let text = readString() else { return [] }
        return text.split(separator: ",").compactMap { String($0).trimmedOrNil }
    }

    /// Reads the address that an element gives in an attribute or as its text.
    mutating func readImageReference() -> String? {
        if name.local == "link", attribute("rel") != "image" { return nil }
        let reference = attribute("href") ?? attribute("url")
        return reference?.trimmedOrNil ?? readString()
    }
}

/// A language tag as BCP 47 writes it: programs write `en_US` for `en-US`. A text that is no tag stays as it is.
func languageTag(_ text: String?) -> String? {
    guard let text = text?.trimmedOrNil else { return nil }
    let isTag = text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    guard isTag, text.utf8.contains(UInt8(ascii: "_")) else { return text }
    return String(decoding: text.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
}
