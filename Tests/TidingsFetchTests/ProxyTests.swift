import Foundation
import TestSupport
import Testing

@testable import TidingsFetch

/// Proxies that others have written: tinyproxy and microsocks.
@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
    let fetcher = Fetcher(limits: withoutDelay)
    let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    enum Kind: String, CaseIterable {
        case http, socks5h

        /// tinyproxy's settings cannot have a colon in it.
        var credentials: String { self == .http ? "reader:secret" : "reader:s:cret" }
    }

    /// Starts a proxy that lets in only the credentials of its kind.
    private func start(_ kind: Kind) async throws -> (url: String, program: RunningProgram) {
        let port = try LoopbackServer.freePort()
        let program: RunningProgram
        switch kind {
        case .http:
            let settings = """
                Port \(port)
                Listen 127.0.0.1
                Timeout 10
                BasicAuth reader secret

                """
            program = try RunningProgram(
                ["-d", "-c", "/dev/stdin"], of: URL(fileURLWithPath: "/usr/bin/tinyproxy"), input: Array(settings.utf8))
        case .socks5h:
            program = try RunningProgram(
                ["-i", "127.0.0.1", "-p", "\(port)", "-u", "reader", "-P", "s:cret"], of: URL(fileURLWithPath: "/usr/bin/microsocks"))
        }
        try #require(await eventually { Self.listens(port) }, "\(program.output) \(program.errors)")
        return ("\(kind.rawValue)://127.0.0.1:\(port)", program)
    }

    private static func listens(_ port: UInt16) -> Bool {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private func asked(_ url: String, through proxy: String, credentials: String?, isPrivate: Bool = true) -> FetchRequest {
        var asked = request(url, caFile: authority.file, allowsPrivateNetwork: isPrivate)
        asked.proxy = .server(Proxy(url: proxy, credentials: credentials))
        return asked
    }

    @Test("a request goes through the proxy, with TLS or without, and only with the right credentials", arguments: Kind.allCases)
    func credentials(kind: Kind) async throws {
        let (proxy, program) = try await start(kind)
        let plain = try LoopbackServer { request in .text(request["Proxy-Authorization"] ?? "none") }
        let secure = try LoopbackServer(security: .tls(authority.certificate())) { request in .text(request["Proxy-Authorization"] ?? "none") }
        defer { plain.stop(); secure.stop() }
        for server in [plain, secure] {
            let response = try await fetcher.fetch(asked(server.url(for: "/"), through: proxy, credentials: kind.credentials))
            #expect(response.status == 200)
            // The host is not told what the proxy is told.
            #expect(response.body == Array("none".utf8))
            let refused = asked(server.url(for: "/"), through: proxy, credentials: nil)
            // A connection that was let in would serve the next request, too.
            let other = Fetcher(limits: withoutDelay)
            if kind == .http, server === plain {
                #expect(try await other.fetch(refused).status == 407)
            } else {
                let error = await failure(of: other, refused)
                #expect(error?.reason == .proxy && error?.failure == .proxy, "\(String(describing: error))")
            }
            #expect(server.requests.count == 1)
        }
        withExtendedLifetime(program) {}
    }

    @Test("a proxy that is not there, or that does not reach the host, is a failure of its own", arguments: Kind.allCases)
    func failures(kind: Kind) async throws {
        let (proxy, program) = try await start(kind)
        let nobody = try LoopbackServer.freePort()
        let unreached = await failure(of: fetcher, asked("https://127.0.0.1:\(nobody)/", through: proxy, credentials: kind.credentials))
        #expect(unreached?.reason == .proxy, "\(String(describing: unreached))")
        let missing = await failure(of: fetcher, asked("http://127.0.0.1:\(nobody)/", through: "\(kind.rawValue)://127.0.0.1:\(nobody)", credentials: nil))
        #expect(missing?.reason == .proxy && missing?.isTransient == true)
        #expect(missing?.message.hasSuffix("check 'proxy' and 'proxy_credentials_file'; it is tried again later") == true)
        withExtendedLifetime(program) {}
    }

    @Test("a public feed may use a proxy in the private network, and not have it ask there")
    func privateAddresses() async throws {
        let (proxy, program) = try await start(.http)
        let urls = [
            "http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://localhost/", "http://a.localhost/", "https://10.1.2.3/",
        ]
        for url in urls {
            let error = await failure(of: fetcher, asked(url, through: proxy, credentials: Kind.http.credentials, isPrivate: false))
            #expect(error?.failure == .forbiddenAddress, "\(url): \(String(describing: error))")
        }
        // The proxy answers for a name that it does not know: it was reached.
        let unknown = asked("http://name.invalid/", through: proxy, credentials: Kind.http.credentials, isPrivate: false)
        #expect(try await fetcher.fetch(unknown).status >= 500)
        withExtendedLifetime(program) {}
    }

    @Test("the environment's proxies are chosen as libcurl-env(3) says", arguments: [
        ("http", "feeds.example", "a:1"), ("https", "feeds.example", "b:2"), ("https", "intern.example", nil),
        ("https", "www.intern.example", nil), ("https", "notintern.example", "b:2"), ("http", "10.0.0.7", nil), ("http", "[::1]", nil),
        ("ftp", "feeds.example", "c:3"),
    ] as [(String, String, String?)])
    func environment(scheme: String, host: String, proxy: String?) {
        let environment = ProxyEnvironment([
            "http_proxy": "a:1", "HTTP_PROXY": "x:9", "HTTPS_PROXY": "b:2", "ALL_PROXY": "c:3", "no_proxy": ".Intern.example, 10.0.0.7,::1",
        ])
        #expect(environment.proxy(scheme: scheme, host: host)?.url == proxy)
        #expect(ProxyEnvironment(["HTTP_PROXY": "x:9"]).proxy(scheme: "http", host: host) == nil)
        #expect(ProxyEnvironment(["all_proxy": "x:9", "NO_PROXY": "*"]).proxy(scheme: scheme, host: host) == nil)
    }
}
