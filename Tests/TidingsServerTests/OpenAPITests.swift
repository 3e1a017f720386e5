import Foundation
import Hummingbird
import Logging
import TestSupport
import Testing
import TidingsCore
import TidingsStream

@testable import TidingsServer

/// The document says which paths there are, and all of them. Their parameters are compared by Tests/Interfaces, where requests are
/// answered.
@Suite("The OpenAPI document") struct OpenAPITests {
    private struct Nobody: DaemonFacts, DaemonControl, HubCallbacks {
        let trouble: String? = nil
        func status() throws -> StateStatus { throw Problem(.notImplemented, "") }
        func figures() async -> DaemonFigures {
            DaemonFigures(version: "", sinks: [], commits: Histogram(), publishes: Histogram(), stuckParts: [], trouble: nil)
        }
        func carryOut(_ request: ControlRequest, progress: @escaping @Sendable (String) -> Void) async -> ControlReply {
            ControlReply(.done, "")
        }
        func answer(_ question: HubQuestion, at token: String) async -> Bool { false }
        func signing(at token: String) -> HubSigning { .unknown }
        func pushed(at token: String) async {}
    }

    @Test("every path of the server is in the document, and every path of the document is the server's")
    func paths() throws {
        let state = ServerState(database: "/nowhere", streamFolder: "/nowhere", recent: RecentChanges(), daemon: Nobody())
        let logger = Logger(label: "test")
        let servers = [
            ServerPaths.owner(state, control: Nobody(), logger: logger),
            ServerPaths.reading(state, access: AccessRules(), hubs: Nobody(), logger: logger),
        ]
        // No program reads the views for people.
        let views = Routes(context: ServerContext.self)
        addPageRoutes(to: views, state)
        let served = Set(servers.flatMap(Self.names)).subtracting(Self.names(views))
        let document = try JSONDecoder().decode(JSONValue.self, from: Data(PackageResources.openapi_json))
        var described: Set<String> = []
        for (path, operations) in document["paths"]?.members ?? [:] {
            for method in (operations.members ?? [:]).keys where method != "parameters" { described.insert("\(method.uppercased()) \(path)") }
        }
        #expect(served.subtracting(described).sorted() == [], "the document lacks them")
        #expect(described.subtracting(served).sorted() == [], "the server lacks them")
        #expect(described.count > 15)
    }

    private static func names(_ routes: Routes) -> Set<String> {
        Set(routes.routes.filter { $0.method != .head }.map { "\($0.method.rawValue) \(template("\($0.path)"))" })
    }

    /// `/v1/articles/:id` as OpenAPI has it.
    private static func template(_ path: String) -> String {
        "/" + path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(separator: "/")
    }
}
