import HTTPTypes
import Hummingbird
import TidingsCore

/// `GET /v1/status`: what `tidings status --json` tells. `GET /v1/sources`, `/v1/sources/{name}`: the sources of that.
func addStatusRoutes(to routes: Routes, _ state: ServerState) {
    routes.get("v1/status") { request, _ in
        _ = try RequestQuery(request, known: [])
        return Response.json(try await state.status().json(for: .reader), headers: [.cacheControl: "no-store"])
    }
    routes.get("v1/sources") { request, _ in
        let query = try RequestQuery(request, known: ["all"])
        let all = try query.flag("all")
        return Response.json(try await state.status().sourcesJSON(all: all), headers: [.cacheControl: "no-store"])
    }
    routes.get("v1/sources/:name") { request, context in
        _ = try RequestQuery(request, known: [])
        let name = try context.parameters.require("name").removingPercentEncoding ?? ""
        guard let json = try await state.status().sourceJSON(name) else {
            throw Problem(.notFound, "no source is named '\(name)'; /v1/sources lists them")
        }
        return Response.json(json, headers: [.cacheControl: "no-store"])
    }
}

extension ServerState {
    /// How everything is doing now.
    func status() async throws -> StateStatus {
        let daemon = daemon
        return try await ledger.read { _ in try daemon.status() }
    }
}
