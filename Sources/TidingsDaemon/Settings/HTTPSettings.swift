import Glibc
import TidingsCore
import TidingsServer
import TidingsSystem

/// How the stream and the articles are served over HTTP. `config/tidings.yaml` documents the default values.
package struct HTTPSettings: Equatable, Sendable {
    /// Whether the group of the state folder can read on a Unix socket.
    package var hasSocket = true
    package var listen: Listen?
    /// File with the token that clients must send, read when the server starts and never logged.
    package var tokenFile: String?
    /// Where hubs reach `listen` from outside, with a slash at its end; nil if they cannot.
    package var publicURL: String?
    /// Names of this server beside those of the loopback interface.
    package var hosts: [String] = []
    /// Web pages of these origins may read the answers.
    package var origins: [String] = []
    package var connections = 2048

    package struct Listen: Equatable, Sendable {
        /// An IP address without brackets, or `localhost`.
        package let host: String
        package let port: Int

        /// Nil for what is not HOST:PORT, with an IPv6 address in brackets.
        package init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
            let host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") {
                self.host = String(host.dropFirst().dropLast())
            } else if !host.isEmpty, !host.contains(":") {
                self.host = String(host)
            } else {
                return nil
            }
            self.port = Int(port)
        }

        /// RFC 3986 §3.2.2.
        package var hostInURL: String { host.contains(":") ? "[\(host)]" : host }

        /// Whether only this machine reaches it.
        package var isLoopback: Bool {
            host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }

    /// - Throws: `TokenFileError`.
    func accessRules(environment: [String: String]) throws(TokenFileError) -> AccessRules {
        var rules = AccessRules(origins: Set(origins))
        var names = Set(hosts.map { $0.lowercased() })
        // A proxy in front may keep the name that it was called by.
        if let host = publicURL.flatMap({ URI($0).host }) { names.insert(host) }
        if let listen, listen.isLoopback { rules.hosts = AccessRules.loopbackHosts.union(names).union([listen.hostInURL]) }
        if let listen, !listen.isLoopback, !hosts.isEmpty { rules.hosts = names.union([listen.hostInURL]) }
        guard var tokenFile else { return rules }
        // As in `RequestHeaders`.
        if tokenFile.hasPrefix("%d/"), let folder = environment["CREDENTIALS_DIRECTORY"] { tokenFile = folder + tokenFile.dropFirst(2) }
        let bytes: [UInt8]
        do {
            bytes = try readSmallFile(tokenFile, limitBytes: Self.tokenLimitBytes)
        } catch {
            throw TokenFileError(path: tokenFile, detail: error.message)
        }
        let token = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard token.utf8.count >= Self.tokenLeastBytes else {
            throw TokenFileError(path: tokenFile, detail: "its first line has less than \(Self.tokenLeastBytes) characters")
        }
        rules.token = token
        return rules
    }

    private static let tokenLimitBytes = 4096
    /// A shorter one can be guessed.
    private static let tokenLeastBytes = 16
}

/// Why the token cannot be had.
package struct TokenFileError: Error, Equatable, Sendable, CustomStringConvertible {
    let path: String
    let detail: String

    package var description: String { "http.token_file \(path) cannot be used: \(detail); write a long random word into it" }
}
