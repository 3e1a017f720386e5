import Crypto
import HTTPTypes
import Hummingbird
import TidingsCore

/// `GET` and `POST /websub/{token}`: the callbacks of subscriptions at hubs (W3C WebSub). The token is what lets a hub in.
func addHubRoutes(to routes: Routes, _ hubs: any HubCallbacks) {
    routes.get("websub/:token") { request, context in
        let question = HubQuestion(request)
        guard let question, await hubs.answer(question, at: try context.parameters.require("token")) else {
            throw Problem(.notFound, "nobody has asked for this")
        }
        // What a hub sends is shown to nobody as a page.
        let headers: HTTPFields = [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        let challenge = request.uri.queryParameters["hub.challenge"].map(String.init) ?? ""
        return Response(type: "text/plain; charset=utf-8", headers: headers, bytes: Array(challenge.utf8))
    }
    routes.post("websub/:token") { request, context in
        let token = try context.parameters.require("token")
        switch hubs.signing(at: token) {
        // A hub ends the subscription then (§7).
        case .unknown: throw Problem(.gone, "nobody has asked for pushes here, or no longer")
        case .none:
            try await readAll(request.body) { _ in }
            await hubs.pushed(at: token)
        case .secret(let secret):
            if try await PushSignature(request.headers[.named("X-Hub-Signature")])?.isOf(request.body, secret: secret) == true {
                await hubs.pushed(at: token)
            }
        }
        // Who forges a push does not learn that it was in vain (§7.1).
        return Response(status: .accepted)
    }
}

extension HubQuestion {
    /// Nil for what is no question of a hub's.
    fileprivate init?(_ request: Request) {
        let parameters = request.uri.queryParameters
        guard let topic = parameters["hub.topic"].map(String.init) else { return nil }
        switch parameters["hub.mode"] {
        case "subscribe": self = .isWanted(topic: topic, leaseSeconds: parameters["hub.lease_seconds"].flatMap { Int64($0) })
        case "denied": self = .denied(topic: topic, reason: parameters["hub.reason"].map(String.init))
        // Nobody ends a subscription here: a feed that is gone has none, and its hub gets 410.
        default: return nil
        }
    }
}

/// The header field `X-Hub-Signature: METHOD=HEX` (WebSub §7.1).
struct PushSignature: Equatable {
    enum Method: String { case sha1, sha256, sha384, sha512 }

    let method: Method
    /// In lower case.
    let signature: String

    init?(_ field: String?) {
        guard let field, let equals = field.firstIndex(of: "="), let method = Method(rawValue: field[..<equals].lowercased()) else { return nil }
        self.method = method
        signature = field[field.index(after: equals)...].lowercased()
    }

    /// Reads the body to its end.
    func isOf(_ body: RequestBody, secret: String) async throws -> Bool {
        let key = SymmetricKey(data: Array(secret.utf8))
        let code =
            switch method {
            case .sha1: try await Self.code(of: body, HMAC<Insecure.SHA1>(key: key))
            case .sha256: try await Self.code(of: body, HMAC<SHA256>(key: key))
            case .sha384: try await Self.code(of: body, HMAC<SHA384>(key: key))
            case .sha512: try await Self.code(of: body, HMAC<SHA512>(key: key))
            }
        return isEqualInConstantTime(signature, hex(code))
    }

    private static func code<Hash>(of body: RequestBody, _ hmac: HMAC<Hash>) async throws -> [UInt8] {
        var hmac = hmac
        try await readAll(body) { hmac.update(data: $0) }
        return Array(hmac.finalize())
    }
}

/// No feed is larger; of what is pushed nothing is kept.
private let pushLimitBytes = 64 << 20

private func readAll(_ body: RequestBody, _ take: ([UInt8]) -> Void) async throws {
    var count = 0
    for try await buffer in body {
        count += buffer.readableBytes
        if count > pushLimitBytes { throw Problem(.contentTooLarge, "a push has at most \(pushLimitBytes) bytes; its announcement alone is enough") }
        take(Array(buffer.readableBytesView))
    }
}
