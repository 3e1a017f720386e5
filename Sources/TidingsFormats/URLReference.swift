/// References to addresses, resolved as RFC 3986 §5.2 says. Nothing is normalised beyond the dot segments: an address
/// is kept as its source wrote it.
package enum URLReference {
    /// `reference` as an address, against `base` where it is relative; as it stands where there is no base to resolve
    /// it against. White space around it, and line ends and tabs in it, are dropped (WHATWG URL §4.4 does the same).
    package static func resolve(_ reference: String, against base: String?) -> String {
        let cleaned = clean(reference)
        if cleaned.utf8.starts(with: "https://".utf8) || cleaned.utf8.starts(with: "http://".utf8) { return cleaned }
        let parts = Parts(cleaned)
        guard parts.scheme == nil, let base else { return cleaned }
        let baseParts = Parts(clean(base))
        guard baseParts.scheme != nil, baseParts.authority != nil || baseParts.path.hasPrefix("/") else { return cleaned }
        // What stood before the fragment of the base may end in white space.
        return clean(parts.resolved(against: baseParts).text)
    }

    /// Whether `reference` is a whole address of the web.
    package static func isWebAddress(_ reference: String) -> Bool {
        guard let scheme = Parts(reference).scheme?.lowercased() else { return false }
        return scheme == "http" || scheme == "https"
    }

    /// Whether `reference` names its scheme: a whole URI (RFC 3986 §3), of the web or not.
    package static func hasScheme(_ reference: String) -> Bool { Parts(reference).scheme != nil }

    private static func clean(_ reference: String) -> String {
        guard reference.utf8.contains(where: { $0 <= 0x20 }) else { return reference }
        let bytes = reference.utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        return String(trimming: Array(bytes)) ?? ""
    }

    /// The five parts of RFC 3986 §3; absent and empty differ (§5.3).
    private struct Parts {
        var scheme: Substring?
        var authority: Substring?
        var path: Substring
        var query: Substring?
        var fragment: Substring?

        init(_ text: String) {
            var rest = text[...]
            fragment = Self.cut(&rest, from: "#")
            if let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(rest[..<colon]) {
                scheme = rest[..<colon]
                rest = rest[rest.utf8.index(after: colon)...]
            }
            query = Self.cut(&rest, from: "?")
            if rest.hasPrefix("//") {
                let start = rest.utf8.index(rest.startIndex, offsetBy: 2)
                let end = rest[start...].utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
                authority = rest[start..<end]
                rest = rest[end...]
            }
            path = rest
        }

        private static func cut(_ rest: inout Substring, from mark: Unicode.Scalar) -> Substring? {
            guard let index = rest.utf8.firstIndex(of: UInt8(ascii: mark)) else { return nil }
            let tail = rest[rest.utf8.index(after: index)...]
            rest = rest[..<index]
            return tail
        }

        private static func isScheme(_ text: Substring) -> Bool {
            guard let first = text.utf8.first, first.isASCIILetter else { return false }
            return text.utf8.allSatisfy {
                $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: ".")
            }
        }

        /// RFC 3986 §5.2.2, for a reference without a scheme.
        func resolved(against base: Parts) -> Parts {
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
            } else if path.hasPrefix("/") {
                target.path = Self.withoutDots(path)
            } else {
                target.path = Self.withoutDots(merged(with: base))
            }
            return target
        }

        /// RFC 3986 §5.2.3.
        private func merged(with base: Parts) -> Substring {
            if base.authority != nil, base.path.isEmpty { return "/" + path }
            guard let slash = base.path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
            return base.path[...slash] + path
        }

        /// RFC 3986 §5.2.4, segment by segment.
        private static func withoutDots(_ path: Substring) -> Substring {
            var kept: [Substring] = []
            let segments = path.split(separator: "/", omittingEmptySubsequences: false)
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

        var text: String {
            var text = ""
            if let scheme { text += scheme + ":" }
            if let authority { text += "//" + authority }
            text += path
            if let query { text += "?" + query }
            if let fragment { text += "#" + fragment }
            return text
        }
    }
}
