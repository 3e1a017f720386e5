/// An address, or a reference to one, in the five parts of RFC 3986 §3. Each part is as written: nothing is checked,
/// decoded or normalised. An absent part and an empty one differ (§5.3).
///
/// The text is split as bytes: a delimiter and a combining mark after it form one `Character`, but remain a delimiter.
///
/// The fetching module's `CurlURL`, not this type, decides what to connect to.
package struct URI {
    package var scheme: Substring?
    package var authority: Substring?
    package var path: Substring
    package var query: Substring?
    package var fragment: Substring?

    package init(_ text: String) {
        var rest = text[...]
        fragment = Self.cut(&rest, from: "#")
        if let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(rest[..<colon]) {
            scheme = rest[..<colon]
            rest = rest[rest.utf8.index(after: colon)...]
        }
        query = Self.cut(&rest, from: "?")
        if rest.utf8.starts(with: "//".utf8) {
            let start = rest.utf8.index(rest.startIndex, offsetBy: 2)
            let end = rest[start...].utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            authority = rest[start..<end]
            rest = rest[end...]
        }
        path = rest
    }

    /// The parts joined again (RFC 3986 §5.3).
    package var text: String {
        var text = ""
        if let scheme { text += scheme + ":" }
        if let authority { text += "//" + authority }
        text += pathAndQuery
        if let fragment { text += "#" + fragment }
        return text
    }

    /// The path and the query as written.
    package var pathAndQuery: String { String(path) + (query.map { "?" + $0 } ?? "") }

    // MARK: What the parts say

    /// `http` or `https`; nil if the scheme is another, or absent.
    package var webScheme: String? {
        guard let scheme = scheme?.lowercased(), scheme == "http" || scheme == "https" else { return nil }
        return scheme
    }

    /// The part of the authority before its last `@`: a user, and a password if there is one.
    package var userInfo: Substring? {
        guard let authority, let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        return authority[..<at]
    }

    /// The host, and the port if there is one, in lowercase. Empty if the authority names no host; nil without an
    /// authority.
    package var hostAndPort: String? {
        guard let authority else { return nil }
        guard let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) else { return authority.lowercased() }
        return authority[authority.utf8.index(after: at)...].lowercased()
    }

    /// The host in lowercase, an IPv6 address in its brackets; nil if there is none.
    package var host: String? {
        guard let whole = hostAndPort else { return nil }
        let port = whole.utf8.lastIndex(of: UInt8(ascii: ":")).flatMap { colon in
            whole[colon...].utf8.dropFirst().allSatisfy(\.isASCIIDigit) ? colon : nil
        }
        let host = port.map { String(whole[..<$0]) } ?? whole
        return host.isEmpty ? nil : host
    }

    // MARK: Reading

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
}
