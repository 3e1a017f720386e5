/// A proxy that requests go through. Its descriptions never contain what it is told of us.
package struct Proxy: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// `http://`, `https://` or `socks5h://` with host and port, as CURLOPT_PROXY(3) has it. Names are resolved by the proxy.
    package let url: String
    /// `user:password`; nil for none.
    let credentials: String?

    package init(url: String, credentials: String? = nil) {
        self.url = url
        self.credentials = credentials
    }

    package var description: String { "a proxy" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Which proxy requests go through.
package enum ProxyChoice: Equatable, Sendable {
    case none
    case server(Proxy)
    case environment(ProxyEnvironment)

    func proxy(for url: CurlURL) -> Proxy? {
        switch self {
        case .none: nil
        case .server(let proxy): proxy
        case .environment(let environment): environment.proxy(scheme: url.scheme, host: url.host)
        }
    }
}

/// The proxies that the environment names, as libcurl reads it (libcurl-env(3)): `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`.
///
/// Read here and not by libcurl, because a connection to the proxy and one to the host itself fall under different rules.
package struct ProxyEnvironment: Equatable, Sendable {
    private let ofScheme: [String: String]
    private let ofAll: String?
    /// Hosts that are asked without a proxy, and all below them; `*` for every host.
    private let exceptions: [String]

    package init(_ environment: [String: String]) {
        func value(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        var ofScheme: [String: String] = [:]
        // Not HTTP_PROXY: where a CGI program is started, whoever sends a request with the field Proxy sets it.
        ofScheme["http"] = value("http_proxy")
        ofScheme["https"] = value("https_proxy", "HTTPS_PROXY")
        self.ofScheme = ofScheme
        ofAll = value("all_proxy", "ALL_PROXY")
        exceptions = (value("no_proxy", "NO_PROXY") ?? "").lowercased().split { $0 == "," || $0 == " " }
            .map { String($0.hasPrefix(".") ? $0.dropFirst() : $0) }
    }

    /// - Parameter host: in lowercase; an IPv6 address is in brackets.
    func proxy(scheme: String, host: String) -> Proxy? {
        guard let url = ofScheme[scheme] ?? ofAll, !exceptions.contains(where: { $0 == "*" || Self.is(host, in: $0) }) else { return nil }
        return Proxy(url: url)
    }

    private static func `is`(_ host: String, in domain: String) -> Bool {
        host == domain || host.hasSuffix("." + domain) || host == "[\(domain)]"
    }
}
