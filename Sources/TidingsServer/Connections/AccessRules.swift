import HTTPTypes
import Hummingbird
import TidingsCore

/// Who may ask.
package struct AccessRules: Equatable, Sendable {
    /// The names and addresses by which this server is called, in lower case and without a port; nil for any. A page of another
    /// site that has its name resolved to this address is refused by them ("DNS rebinding").
    package var hosts: Set<String>?
    /// What has to stand behind `Authorization: Bearer`; nil if nothing has to.
    package var token: String?
    /// Origins whose pages may read the answers (Fetch standard, "CORS protocol").
    package var origins: Set<String> = []

    /// A browser may call it so.
    package static let loopbackHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    package init(hosts: Set<String>? = nil, token: String? = nil, origins: Set<String> = []) {
        self.hosts = hosts
        self.token = token
        self.origins = origins
    }
}

/// Refuses who may not ask.
struct AccessCheck: RouterMiddleware {
    typealias Context = ServerContext

    let rules: AccessRules

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let hosts = rules.hosts, !hosts.contains(Self.host(of: request)) {
            throw Problem(
                .init(code: 421, reasonPhrase: "Misdirected Request"),
                "this server is not called '\(Self.host(of: request))'; add the name to http.hosts if it is meant")
        }
        // A hub cannot send the token; what it knows is the path.
        if let token = rules.token, !request.uri.path.hasPrefix("/websub/"),
            !isEqualInConstantTime(Self.bearerToken(of: request) ?? "", token)
        {
            throw Problem(
                .unauthorized, "send the token of http.token_file as 'Authorization: Bearer …'",
                headers: [.wwwAuthenticate: "Bearer realm=\"tidings\""])
        }
        var response = try await next(request, context)
        if let origin = request.headers[.origin], rules.origins.contains(origin) {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers.append(HTTPField(name: .vary, value: "Origin"))
        }
        return response
    }

    /// Without the port (RFC 9110 §7.2).
    private static func host(of request: Request) -> String {
        let host = request.head.authority ?? ""
        // An IPv6 address has colons of its own, within brackets.
        guard let colon = host.lastIndex(of: ":"), host[colon...].allSatisfy({ $0 != "]" }) else { return host.lowercased() }
        return host[..<colon].lowercased()
    }

    /// RFC 6750 §2.1. The scheme's name may be in any case (RFC 9110 §11.1).
    private static func bearerToken(of request: Request) -> String? {
        guard let field = request.headers[.authorization], let space = field.firstIndex(of: " "),
            field[..<space].lowercased() == "bearer"
        else { return nil }
        return String(field[space...].drop { $0 == " " })
    }
}

/// Compares in a time that does not tell how much of `given` is right.
func isEqualInConstantTime(_ given: String, _ secret: String) -> Bool {
    let given = Array(given.utf8), secret = Array(secret.utf8)
    var difference = given.count ^ secret.count
    for (index, byte) in secret.enumerated() { difference |= Int(byte ^ (index < given.count ? given[index] : 0)) }
    return difference == 0
}
