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

    private static func split(_ url: String) -> (host: String, pathAndQuery: String)? {
        guard let schemeEnd = url.range(of: "://") else { return nil }
        let scheme = url[..<schemeEnd.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }

        var rest = url[schemeEnd.upperBound...]
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        let hostEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var host = rest[..<hostEnd].lowercased()
        if let userEnd = host.lastIndex(of: "@") { host = String(host[host.index(after: userEnd)...]) }
        for suffix in [":80", ":443"] where host.hasSuffix(suffix) { host.removeLast(suffix.count) }
        if host.hasPrefix("www.") { host.removeFirst(4) }

        var path = rest[hostEnd...]
        var query = Substring()
        if let mark = path.firstIndex(of: "?") {
            query = path[path.index(after: mark)...]
            path = path[..<mark]
        }
        while path.hasSuffix("/") { path.removeLast() }
        let kept = query.split(separator: "&").filter { !isTracker($0) }
        guard !host.isEmpty, !(path.isEmpty && kept.isEmpty) else { return nil }
        return (host, path + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&")))
    }

    private static func isTracker(_ parameter: Substring) -> Bool {
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return name.hasPrefix("utm_") || trackers.contains(name)
    }
}
