/// Patterns of robots.txt, and the paths that they are compared with (RFC 9309 §2.2.2, §2.2.3).
///
/// Both are brought into one normal form first, so that octets can be compared. In it all is percent-encoded that an address may not
/// have as it is, and nothing is that need not be. A reserved character and its encoded form mean different things (RFC 3986 §2.2):
/// `/` and `%2F` stay different. Not so in a query, where the RFC's own example makes `:` and `/` equal to `%3A` and `%2F`.
enum RobotsPattern {
    /// The normal form of a pattern, or of a path with its query.
    ///
    /// A pattern keeps `*`, and a `$` at its end; anywhere else, and in a path, these two are encoded, so that a pattern can name
    /// them by `%2A` and `%24` (§2.2.3).
    static func normal(_ text: ArraySlice<UInt8>, isPattern: Bool) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count)
        var isInQuery = false
        var index = text.startIndex
        while index < text.endIndex {
            let encoded = encodedOctet(in: text, at: index)
            let octet = encoded ?? text[index]
            index += encoded == nil ? 1 : 3
            if encoded == nil, octet == UInt8(ascii: "?") { isInQuery = true }
            if encoded == nil, isPattern, octet == UInt8(ascii: "*") {
                // Two stars match what one does.
                if octets.last != octet { octets.append(octet) }
            } else if encoded == nil, isPattern, octet == UInt8(ascii: "$"), index == text.endIndex {
                octets.append(octet)
            } else if isUnreserved(octet) || (isInQuery && isPlainInQuery(octet)) || (encoded == nil && isPlain(octet)) {
                octets.append(octet)
            } else {
                octets.append(UInt8(ascii: "%"))
                octets.append(upperHexDigit(octet >> 4))
                octets.append(upperHexDigit(octet & 15))
            }
        }
        return octets
    }

    /// Whether `pattern` matches the beginning of `path`, or all of it if the pattern ends with `$`. Both are in the normal form.
    ///
    /// What stands between two stars is searched from left to right, and the first place where it is found is as good as any other:
    /// so nothing is ever tried again, however many stars there are.
    static func matches(_ pattern: ArraySlice<UInt8>, _ path: [UInt8]) -> Bool {
        let mustEnd = pattern.last == UInt8(ascii: "$")
        var rest = mustEnd ? pattern.dropLast() : pattern
        let start = rest.prefix { $0 != UInt8(ascii: "*") }
        guard path.starts(with: start) else { return false }
        var position = start.count
        rest = rest.dropFirst(start.count)
        while !rest.isEmpty {
            let piece = rest.dropFirst().prefix { $0 != UInt8(ascii: "*") }
            rest = rest.dropFirst(piece.count + 1)
            if mustEnd, rest.isEmpty { return path.count - position >= piece.count && path.suffix(piece.count) == piece }
            guard let found = firstPosition(of: Array(piece), in: path, from: position) else { return false }
            position = found + piece.count
        }
        return !mustEnd || position == path.count
    }

    /// The first position of `piece` at or after `start`. Knuth, Morris and Pratt's search, because both may come from someone who
    /// wants it to take long.
    private static func firstPosition(of piece: [UInt8], in path: [UInt8], from start: Int) -> Int? {
        if piece.isEmpty { return start }
        guard path.count - start >= piece.count else { return nil }
        // For each beginning of the piece: the length of the longest shorter one that it ends with.
        var borders = [0]
        var border = 0
        for octet in piece.dropFirst() {
            while border > 0, piece[border] != octet { border = borders[border - 1] }
            if piece[border] == octet { border += 1 }
            borders.append(border)
        }
        var matched = 0
        for index in start..<path.count {
            while matched > 0, piece[matched] != path[index] { matched = borders[matched - 1] }
            if piece[matched] == path[index] { matched += 1 }
            if matched == piece.count { return index + 1 - matched }
        }
        return nil
    }

    /// The octet that `%41` at `index` stands for; nil if nothing of that form is there.
    private static func encodedOctet(in text: ArraySlice<UInt8>, at index: Int) -> UInt8? {
        guard text[index] == UInt8(ascii: "%"), text.endIndex - index > 2, let high = text[index + 1].hexDigitValue,
            let low = text[index + 2].hexDigitValue
        else { return nil }
        return high << 4 | low
    }

    private static func upperHexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x41 - 10 + value }

    /// RFC 3986 §2.3.
    private static func isUnreserved(_ octet: UInt8) -> Bool {
        octet.isASCIILetter || octet.isASCIIDigit || "-._~".utf8.contains(octet)
    }

    /// Reserved (RFC 3986 §2.2), and without a meaning to robots.txt.
    private static func isPlain(_ octet: UInt8) -> Bool { ":/?#[]@!&'()+,;=".utf8.contains(octet) }

    private static func isPlainInQuery(_ octet: UInt8) -> Bool { ":/?@".utf8.contains(octet) }
}
