/// Canonical URL rule v1: what two addresses of one page have in common. Deterministic; used for identity only, never
/// shown.
///
/// - `http` and `https` are one; a leading `www.` and default ports are dropped; the host is in lowercase.
/// - The fragment and a trailing slash are dropped.
/// - Tracking parameters are dropped; the others are kept in their order.
package enum CanonicalURL {
    package static let version = 1

    /// Query parameters that say where a click came from and never select what the page shows.
    private static let trackers: Set<String> = [
        "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "ref_src", "cmpid",
        "ncid", "ocid", "ito", "wt.mc_id",
    ]

    /// The canonical form of an absolute http(s) URL; nil for anything else, and for a bare host, which is the address of a
    /// site and names no article.
    package static func of(_ url: String) -> String? {
        guard let parts = split(url) else { return nil }
        return parts.host + parts.pathAndQuery
    }

    /// The part of a URL used as guid that stays when scheme, host and tracking change: path and query (BEHAVIOURS 41);
    /// nil if there is none, or none that could distinguish two articles.
    package static func alias(ofID id: String) -> String? { split(id)?.pathAndQuery }

    private static func split(_ url: String) -> (host: String, pathAndQuery: String)? {
        let uri = URI(url)
        guard uri.webScheme != nil, let hostAndPort = uri.hostAndPort else { return nil }
        let host = canonicalHost(hostAndPort)
        var path = uri.path.utf8
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        let kept = uri.query?.utf8.split(separator: UInt8(ascii: "&")).filter { !isTracker($0) } ?? []
        guard !host.isEmpty, !(path.isEmpty && kept.isEmpty) else { return nil }
        let query = kept.isEmpty ? "" : "?" + kept.map { String(Substring($0)) }.joined(separator: "&")
        return (host, String(Substring(path)) + query)
    }

    private static func canonicalHost(_ hostAndPort: String) -> String {
        var host = hostAndPort
        for port in [":80", ":443"] where host.hasSuffix(port) { host.removeLast(port.utf8.count) }
        if host.hasPrefix("www.") { host.removeFirst(4) }
        return host
    }

    private static func isTracker(_ parameter: Substring.UTF8View) -> Bool {
        let name = Substring(parameter.prefix { $0 != UInt8(ascii: "=") }).lowercased()
        return name.hasPrefix("utm_") || trackers.contains(name)
    }
}
