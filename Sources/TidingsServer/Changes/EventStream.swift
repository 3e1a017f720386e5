import HTTPTypes
import Hummingbird
import ServiceLifecycle
import TidingsStream

/// The changes as server-sent events (HTML standard, "Server-sent events"), for as long as the client stays:
///
///     retry: 2000
///
///     id: 1042
///     data: {"specversion":"1.0", …}
///
/// `id` is the sequence number, which a client that comes again sends as `Last-Event-ID`. A comment every 15 seconds shows that the
/// line is alive. A change that was not asked for is not sent, but `id` alone moves on, so that who waits for something rare does
/// not fall out of what is kept.
struct EventStream: Sendable {
    static let type = "text/event-stream"
    /// How long a client waits before it comes again, in milliseconds.
    private static let retryMilliseconds = 2000
    private static let batchBytes = 64 << 10

    private let state: ServerState
    private let asked: ChangesRequest
    private let follower: HTTPFollower

    init(_ request: Request, _ state: ServerState) async throws {
        let query = try RequestQuery(request, known: ChangesRequest.parameters)
        self.state = state
        asked = try ChangesRequest(query, lastEventID: request.headers[.lastEventID])
        follower = try await state.follower(asked, defaultSince: nil)
    }

    func response(_ context: ServerContext) -> Response {
        var fields: HTTPFields = [.contentType: Self.type, .cacheControl: "no-store"]
        fields[.tidingsStream] = "urn:uuid:\(state.recent.cursor.stream)"
        return Response(
            status: .ok, headers: fields,
            body: ResponseBody { writer in
                let client = context.presence { [follower] in follower.ring() }
                try await withGracefulShutdownHandler {
                    try await send(to: &writer, of: client)
                } onGracefulShutdown: {
                    follower.ring()
                }
                try await writer.finish(nil)
            })
    }

    /// Returns when the daemon stops, the client has gone, or must come again.
    private func send(to writer: inout any ResponseBodyWriter, of client: ClientPresence) async throws {
        state.heartbeat.join()
        defer { state.heartbeat.leave() }
        try await writer.write(ByteBuffer(string: "retry: \(Self.retryMilliseconds)\n\n"))
        var told: Int64?
        var beats = state.heartbeat.beats
        while !client.isGone, !Task.isShuttingDownGracefully, !Task.isCancelled {
            let batch: LiveFollower.Batch
            do {
                batch = try await follower.next(limit: .max, limitBytes: Self.batchBytes)
            } catch is StreamError {
                // Too slow for what is kept, or a damaged file: who comes again is told which.
                return
            }
            if !batch.lines.isEmpty {
                told = batch.lines.last?.sequence
                try await writer.write(Self.events(batch.lines, as: try await state.lines(batch, withText: asked.withText)))
            }
            guard batch.isAtEnd else { continue }
            await follower.wait()
            if state.heartbeat.beats != beats {
                beats = state.heartbeat.beats
                let position = told == batch.cursor ? "" : "id: \(batch.cursor)\n"
                told = batch.cursor
                try await writer.write(ByteBuffer(string: "\(position): \n\n"))
            }
        }
    }

    /// - Parameter sent: the lines as they are sent, each with its line end and none within.
    private static func events(_ lines: [LiveFollower.Batch.Line], as sent: [[UInt8]]) -> ByteBuffer {
        var buffer = ByteBuffer()
        for (line, bytes) in zip(lines, sent) {
            buffer.writeString("id: \(line.sequence)\ndata: ")
            buffer.writeBytes(bytes)
            buffer.writeString("\n")
        }
        return buffer
    }
}

extension HTTPField.Name {
    /// HTML standard, "The Last-Event-ID header".
    static var lastEventID: Self { named("Last-Event-ID") }
}
