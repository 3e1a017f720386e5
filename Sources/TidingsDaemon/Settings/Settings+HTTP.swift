/// Reads the section `http`.
extension SettingsReader {
    enum HTTPKey {
        static let all = ["socket", "listen", "token_file", "hosts", "cors", "max_connections"]
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

    /// RFC 6454 §6.1.
    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://"), ["http", "https"].contains(text[..<scheme.lowerBound]) else { return false }
        let rest = text[scheme.upperBound...]
        return !rest.isEmpty && !rest.contains { "/?#@ ".contains($0) }
    }
}
