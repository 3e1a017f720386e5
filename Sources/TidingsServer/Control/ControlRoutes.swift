import HTTPTypes
import Hummingbird

/// What the daemon does for commands.
package protocol DaemonControl: Sendable {
    /// Carries out `request`, to its end even if nobody waits for it.
    /// - Parameter progress: takes messages for people while the work goes on.
    func carryOut(_ request: ControlRequest, progress: @escaping @Sendable (String) -> Void) async -> ControlReply
}

/// `POST /v1/reload`, `/v1/reingest`, `/v1/rotate`, `GET /v1/health`: see `ControlRequest`.
func addControlRoutes(to routes: Routes, _ control: any DaemonControl) {
    routes.post("v1/reload") { request, _ in
        let query = try RequestQuery(request, known: ["wait"])
        return try answer(.reload, waits: query.waits, control)
    }
    routes.post("v1/rotate") { request, _ in
        let query = try RequestQuery(request, known: ["wait"])
        return try answer(.rotate, waits: query.waits, control)
    }
    routes.post("v1/reingest") { request, _ in
        let query = try RequestQuery(request, known: ["source", "accept_removals", "wait"])
        let call = ControlRequest.reingest(sources: query.repeated("source"), acceptsRemovals: try query.flag("accept_removals"))
        return try answer(call, waits: query.waits, control)
    }
    routes.get("v1/health") { request, _ in
        _ = try RequestQuery(request, known: [])
        return Response.json(await control.carryOut(.health) { _ in }.json, headers: [.cacheControl: "no-store"])
    }
}

extension RequestQuery {
    fileprivate var waits: Bool {
        get throws(Problem) { try flag("wait", default: true) }
    }
}

/// The work goes on even if the client disconnects.
private func answer(_ request: ControlRequest, waits: Bool, _ control: any DaemonControl) throws -> Response {
    let type: HTTPFields = [.contentType: "application/x-ndjson", .cacheControl: "no-store"]
    guard waits else {
        let line = ControlAnswer.reply(ControlReply(.done, "the daemon has been told")).line
        return Response(
            status: .accepted, headers: type,
            body: ResponseBody(contentLength: line.count) { writer in
                // The client has all of its answer before the work begins.
                try await writer.write(ByteBuffer(bytes: line))
                try await writer.finish(nil)
                _ = await control.carryOut(request) { _ in }
            })
    }
    return Response(
        status: .ok, headers: type,
        body: ResponseBody { writer in
            // A client that reads nothing misses progress, and not the reply.
            let (messages, sink) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(16))
            async let reply = reply(to: request, control, sink)
            var isThere = true
            for await message in messages where isThere {
                do {
                    try await writer.write(ByteBuffer(bytes: ControlAnswer.progress(message).line))
                } catch {
                    isThere = false
                }
            }
            let line = ControlAnswer.reply(await reply).line
            if isThere { try await writer.write(ByteBuffer(bytes: line)) }
            try await writer.finish(nil)
        })
}

private func reply(
    to request: ControlRequest, _ control: any DaemonControl, _ sink: AsyncStream<String>.Continuation
) async -> ControlReply {
    defer { sink.finish() }
    return await control.carryOut(request) { sink.yield($0) }
}
