/// What a Cache-Control field says to a private cache (RFC 9111 §5.2.2), as far as a poller acts on it.
package struct CacheControl: Equatable, Sendable {
    /// How long the response is fresh; nil if absent, malformed or given twice with different values.
    package var maxAgeSeconds: Int64?
    /// `no-cache` or `no-store`: the response's age says nothing about when to ask again.
    package var forbidsReuse = false

    package init(maxAgeSeconds: Int64? = nil, forbidsReuse: Bool = false) {
        self.maxAgeSeconds = maxAgeSeconds
        self.forbidsReuse = forbidsReuse
    }

    /// Reads a field's value. Unknown directives are ignored, as §5.2.3 demands.
    package init(_ field: String) {
        var ages: Set<Int64?> = []
        for directive in field.utf8.split(separator: UInt8(ascii: ",")) {
            let parts = directive.split(separator: UInt8(ascii: "="), maxSplits: 1)
            let name = String(decoding: (parts.first.map(trimmed) ?? []).map { $0 | 0x20 }, as: UTF8.self)
            switch name {
            case "max-age": ages.insert(parts.count == 2 ? deltaSeconds(unquoted(parts[1])) : nil)
            // `no-cache="Set-Cookie"` is about that field alone (§5.2.2.4).
            case "no-cache": forbidsReuse = forbidsReuse || parts.count == 1
            case "no-store": forbidsReuse = true
            default: break
            }
        }
        // §4.2.1: with conflicting values "either the first occurrence should be used or the response should be
        // considered stale". Stale is chosen: it asks too early rather than too late.
        if ages.count == 1 { maxAgeSeconds = ages.removeFirst() }
    }
}

/// Delta-seconds of RFC 9111 §1.2.2 (`Cache-Control`, `Retry-After`): digits only. A number beyond 2^31 becomes 2^31,
/// as the RFC demands. Nil for anything else, a sign included.
package func deltaSeconds(_ text: some Collection<UInt8>) -> Int64? {
    let limit = 1 << 31
    guard !text.isEmpty, text.allSatisfy(\.isASCIIDigit) else { return nil }
    // Digits that do not fit an Int make a number beyond the limit.
    return Int64(min(decimalNumber(text) ?? limit, limit))
}

/// `text` without the optional white space of RFC 9110 §5.6.3 around it.
package func trimmed(_ text: some BidirectionalCollection<UInt8>) -> [UInt8] {
    guard let end = text.lastIndex(where: { !$0.isFieldSpace }) else { return [] }
    return Array(text[...end].drop(while: \.isFieldSpace))
}

private func unquoted(_ text: some BidirectionalCollection<UInt8>) -> [UInt8] {
    let text = trimmed(text)
    let quote = UInt8(ascii: "\"")
    guard text.count >= 2, text.first == quote, text.last == quote else { return text }
    return Array(text[1..<(text.count - 1)])
}
