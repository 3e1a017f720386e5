import HTTPTypes
import Hummingbird
import TidingsCore

/// `GET /openapi.json`, `/events.schema.json`: what the server and the stream promise to programs. The files beside this one are part
/// of the program.
func addContractRoutes(to routes: Routes) {
    add("openapi.json", type: "application/vnd.oai.openapi+json;version=3.1", PackageResources.openapi_json, to: routes)
    add("events.schema.json", type: "application/schema+json", PackageResources.events_schema_json, to: routes)
}

private func add(_ path: RouterPath, type: String, _ document: [UInt8], to routes: Routes) {
    let tag = EntityTag(hex(Array(ContentHash.of(document).bytes.prefix(16))))
    routes.get(path) { request, _ in
        _ = try RequestQuery(request, known: [])
        return try await tag.answer(request) { Response(type: type, bytes: document) }
    }
}
