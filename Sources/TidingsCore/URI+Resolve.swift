extension URI {
    /// `reference` as an address, resolved against `base` if it is relative (RFC 3986 §5.2); unchanged if there is no
    /// base to resolve it against. White space around it, and line ends and tabs in it, are dropped (as in WHATWG URL
    /// §4.4). Only dot segments are normalised: an address is kept as its source wrote it.
    package static func resolve(_ reference: String, against base: String?) -> String {
        let cleaned = clean(reference)
        if cleaned.utf8.starts(with: "https://".utf8) || cleaned.utf8.starts(with: "http://".utf8) { return cleaned }
        let uri = URI(cleaned)
        guard uri.scheme == nil, let base else { return cleaned }
        let baseURI = URI(clean(base))
        guard baseURI.scheme != nil, baseURI.authority != nil || baseURI.path.utf8.first == slash else { return cleaned }
        // The base may have white space before its fragment.
        return clean(uri.resolved(against: baseURI).text)
    }

    private static func clean(_ reference: String) -> String {
        guard reference.utf8.contains(where: { $0 <= 0x20 }) else { return reference }
        var bytes = reference.utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }[...]
        while bytes.first?.isXMLSpace == true { bytes.removeFirst() }
        while bytes.last?.isXMLSpace == true { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3986 §5.2.2, for a reference without a scheme.
    private func resolved(against base: URI) -> URI {
        var target = self
        target.scheme = base.scheme
        if authority != nil {
            target.path = Self.withoutDots(path)
            return target
        }
        target.authority = base.authority
        if path.isEmpty {
            target.path = base.path
            target.query = query ?? base.query
        } else if path.utf8.first == Self.slash {
            target.path = Self.withoutDots(path)
        } else {
            target.path = Self.withoutDots(merged(with: base))
        }
        return target
    }

    /// RFC 3986 §5.2.3.
    private func merged(with base: URI) -> Substring {
        if base.authority != nil, base.path.isEmpty { return "/" + path }
        guard let slash = base.path.utf8.lastIndex(of: Self.slash) else { return path }
        return base.path[...slash] + path
    }

    /// RFC 3986 §5.2.4, segment by segment.
    private static func withoutDots(_ path: Substring) -> Substring {
        var kept: [Substring] = []
        let segments = path.utf8.split(separator: slash, omittingEmptySubsequences: false).map { Substring($0) }
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                // The empty segment before the first slash is the root, and nothing is above it.
                if kept.count > 1 { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return Substring(kept.joined(separator: "/"))
    }

    private static let slash = UInt8(ascii: "/")
}
