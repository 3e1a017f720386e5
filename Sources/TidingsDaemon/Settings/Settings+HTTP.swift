import TidingsCore

/// Reads the section `http`.
extension SettingsReader {
    enum HTTPKey {
        static let all = ["socket", "listen", "token_file", "hosts", "cors", "max_connections", "public_url"]
    }

    func http(_ section: SettingsSection) -> HTTPSettings {
        var http = HTTPSettings()
        section.boolean("socket").map { http.hasSocket = $0 }
        section.integer("max_connections", in: 1...100_000, example: http.connections).map { http.connections = $0 }
        section.strings("hosts", example: "tidings.example").map { http.hosts = $0 }
        section.strings("cors", example: "https://example.org").map { origins in
            http.origins = origins
            for origin in origins where !Self.isOrigin(origin) {
                section.problem("cors", "'\(origin)' is no origin", "write scheme, host and port alone: https://example.org")
            }
        }
        http.tokenFile = section.string("token_file", example: "%d/http-token").map(credential)
        http.publicURL = publicURL(section)
        guard !section.isNone("listen"), let text = section.string("listen", example: "127.0.0.1:8477") else { return http }
        guard let listen = HTTPSettings.Listen(text) else {
            section.problem("listen", "'\(text)' is no address with a port", #"write "127.0.0.1:8477", or "[::1]:8477""#)
            return http
        }
        http.listen = listen
        if !listen.isLoopback, http.tokenFile == nil {
            section.problem(
                "listen", "'\(text)' is open to other machines, and there is no token",
                "write token_file: %d/http-token, or listen at 127.0.0.1 behind a proxy that asks who it is")
        }
        return http
    }

    /// Ends with a slash.
    private func publicURL(_ section: SettingsSection) -> String? {
        guard !section.isNone("public_url"), let text = section.string("public_url", example: "https://tidings.example/") else { return nil }
        let uri = URI(text)
        guard uri.webScheme != nil, uri.host?.isEmpty == false, uri.userInfo == nil, uri.query == nil, uri.fragment == nil else {
            section.problem("public_url", "'\(text)' is no address of a server", "write https://tidings.example/, without a query")
            return nil
        }
        if section.node("listen") == nil || section.isNone("listen") {
            section.problem("public_url", "nothing listens that hubs could reach", "write listen: 127.0.0.1:8477, and have a proxy pass requests on to it")
        }
        return text.hasSuffix("/") ? text : text + "/"
    }

    /// RFC 6454 §6.1.
    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://"), ["http", "https"].contains(text[..<scheme.lowerBound]) else { return false }
        let rest = text[scheme.upperBound...]
        return !rest.isEmpty && !rest.contains { "/?#@ ".contains($0) }
    }
}
