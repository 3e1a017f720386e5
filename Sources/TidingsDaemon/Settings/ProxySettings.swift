import TidingsCore
import TidingsFetch
import TidingsSystem

/// Which proxy requests go through.
package enum ProxySettings: Equatable, Sendable {
    case none
    /// The one that the environment names. What it names is fixed when the settings are read.
    case environment(ProxyEnvironment)
    /// - Parameter credentialsFile: has one line, `user:password`; nil for a proxy that asks for none.
    case server(url: String, credentialsFile: String?)

    private static let limitBytes = 4 << 10

    /// The proxy, with what is in its file now. Without a file that can be read the proxy is asked without credentials, and says so.
    var choice: ProxyChoice {
        switch self {
        case .none: .none
        case .environment(let environment): .environment(environment)
        case .server(let url, let file): .server(Proxy(url: url, credentials: file.flatMap(Self.credentials)))
        }
    }

    private static func credentials(in file: String) -> String? {
        guard let bytes = try? readSmallFile(file, limitBytes: limitBytes) else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return String(validating: line, as: UTF8.self)
    }
}

extension SettingsReader {
    /// The keys `proxy` and `proxy_credentials_file` of a section; nil if it has neither.
    func proxy(_ section: SettingsSection) -> ProxySettings? {
        let file = section.string("proxy_credentials_file", example: "%d/proxy").map(proxyCredentials)
        guard let value = section.string("proxy", example: "http://proxy.example.org:3128") else {
            if file != nil {
                section.problem("proxy_credentials_file", "there is no 'proxy' beside it", "write proxy: http://proxy.example.org:3128")
            }
            return nil
        }
        switch value {
        case "none": return ProxySettings.none
        case "environment": return .environment(ProxyEnvironment(environment))
        default: break
        }
        let uri = URI(value)
        guard let scheme = uri.scheme?.lowercased(), Self.proxySchemes.contains(scheme), let host = uri.hostAndPort, Self.hasPort(host),
            ["", "/"].contains(uri.pathAndQuery)
        else {
            section.problem(
                "proxy", "'\(value)' is no address of a proxy",
                "write http://, https:// or socks5h:// with host and port, or 'environment', or 'none'")
            return nil
        }
        guard uri.userInfo == nil else {
            // The message does not repeat the address, because it may be logged.
            section.problem(
                "proxy", "the proxy's address has a user or password in it",
                "write 'user:password' into a file, and its path as proxy_credentials_file")
            return nil
        }
        return .server(url: value, credentialsFile: file)
    }

    /// No port is usual for a proxy, and libcurl's own choice surprises.
    private static func hasPort(_ host: String) -> Bool {
        guard let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")), colon > host.startIndex else { return false }
        return UInt16(host[host.utf8.index(after: colon)...]) != nil
    }

    /// socks5h, and not socks5: the proxy resolves names, as the other kinds do.
    private static let proxySchemes = ["http", "https", "socks5h"]

    private func proxyCredentials(_ path: String) -> String {
        guard path.utf8.starts(with: "%d/".utf8) else { return absolute(path) }
        return environment["CREDENTIALS_DIRECTORY"].map { $0 + path.dropFirst(2) } ?? path
    }
}
