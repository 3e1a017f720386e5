/// Canonical URL rule v1: what two addresses of one page have in common. Deterministic; used for identity only, never shown.
///
/// `http` and `https` are one, a leading `www.` and default ports fall away, host in lowercase, no fragment, no trailing slash,
/// tracking parameters dropped, the others kept in their order.
package enum CanonicalURL {
    package static let version = 1

    /// Query parameters that tell where a click came from and never what it shows.
    private static let trackers: Set<String> = [
        "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "ref_src", "cmpid",
        "ncid", "ocid", "ito", "wt.mc_id",
    ]

    /// The canonical form of an absolute http(s) URL; nil for anything else, and for a bare host, which is the address of a site
    /// and names no article.
    package static func of(_ url: String) -> String? {
        guard let parts = split(url) else { return nil }
        return parts.host + parts.pathAndQuery
    }

    /// What stays of a guid that is a URL when scheme, host and tracking change: path and query (BEHAVIOURS 41); nil where
    /// there is none, or none that could tell two articles apart.
    package static func alias(ofID id: String) -> String? { split(id)?.pathAndQuery }

    // On bytes: a delimiter followed by a combining mark is one `Character`, and still a delimiter.
    private typealias Bytes = Substring.UTF8View

    private static func split(_ url: String) -> (host: String, pathAndQuery: String)? {
        let whole = url[...].utf8
        guard let schemeEnd = whole.firstIndex(of: UInt8(ascii: ":")), whole[schemeEnd...].starts(with: "://".utf8),
            ["http", "https"].contains(lowercase(whole[..<schemeEnd]))
        else { return nil }

        let rest = whole[schemeEnd...].dropFirst(3).prefix { $0 != UInt8(ascii: "#") }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let host = canonicalHost(authority)
        var path = rest[authority.endIndex...].prefix { $0 != UInt8(ascii: "?") }
        let query = rest[path.endIndex...].dropFirst()
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        let kept = query.split(separator: UInt8(ascii: "&")).filter { !isTracker($0) }
        guard !host.isEmpty, !(path.isEmpty && kept.isEmpty) else { return nil }
        return (host, String(Substring(path)) + (kept.isEmpty ? "" : "?" + kept.map { String(Substring($0)) }.joined(separator: "&")))
    }

    private static func canonicalHost(_ authority: Bytes) -> String {
        var host = lowercase(authority.lastIndex(of: UInt8(ascii: "@")).map { authority[$0...].dropFirst() } ?? authority)
        for port in [":80", ":443"] where host.hasSuffix(port) { host.removeLast(port.utf8.count) }
        if host.hasPrefix("www.") { host.removeFirst(4) }
        return host
    }

    private static func isTracker(_ parameter: Bytes) -> Bool {
        let name = lowercase(parameter.prefix { $0 != UInt8(ascii: "=") })
        return name.hasPrefix("utm_") || trackers.contains(name)
    }

    private static func lowercase(_ bytes: Bytes) -> String { Substring(bytes).lowercased() }
}
