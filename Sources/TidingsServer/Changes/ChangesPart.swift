import HTTPTypes
import Hummingbird
import ServiceLifecycle
import TidingsStream

/// A part of the stream as NDJSON, the stored bytes. It ends; header fields tell where to go on:
///
///     Tidings-Stream: urn:uuid:…     the stream's id
///     Tidings-Next: 1042             what to ask for as `since` next
///     Link: </v1/changes?since=1042&…>; rel="next"
///
/// At the end of the stream the part is empty, after the time of `wait`.
struct ChangesPart: Sendable {
    private static let parameters = ChangesRequest.parameters + ["limit", "wait"]
    static let limits: ClosedRange<Int64> = 1...10_000
    private static let longestWait = Duration.seconds(60)
    /// So many bytes of lines at most, and one line more.
    private static let limitBytes = 1 << 20
    /// A filter that passes next to nothing gets an answer after this time, with the number to go on from.
    private static let searchTime = Duration.seconds(5)

    private let state: ServerState
    private let request: Request
    private let asked: ChangesRequest
    private let limit: Int
    private let wait: Duration

    init(_ request: Request, _ state: ServerState) throws(Problem) {
        let query = try RequestQuery(request, known: Self.parameters)
        self.state = state
        self.request = request
        asked = try ChangesRequest(query)
        limit = Int(try query.integer("limit", in: Self.limits) ?? 1000)
        wait = try query.duration("wait", upTo: Self.longestWait) ?? .zero
    }

    func response(_ context: ServerContext) async throws -> Response {
        let follower = try await state.follower(asked, defaultSince: 0)
        var part = try await read(follower)
        var fields: HTTPFields = [.cacheControl: "no-store"]
        if part.lines.isEmpty, part.isAtEnd, wait > .zero {
            let presence = context.presence { follower.ring() }
            part = try await withGracefulShutdownHandler {
                try await read(follower, waitingWhile: presence)
            } onGracefulShutdown: {
                follower.ring()
            }
        }
        let lines = try await state.lines(part, withText: asked.withText)
        fields[.link] = "<\(next(part.cursor))>; rel=\"next\""
        fields[.tidingsStream] = "urn:uuid:\(state.recent.cursor.stream)"
        fields[.tidingsNext] = "\(part.cursor)"
        return Response(type: "application/x-ndjson", headers: fields, bytes: Array(lines.joined()))
    }

    /// - Parameter client: who waits where there is nothing yet; nil if nobody does.
    private func read(_ follower: HTTPFollower, waitingWhile client: ClientPresence? = nil) async throws -> LiveFollower.Batch {
        let start = ContinuousClock.now
        var part = LiveFollower.Batch(after: 0)
        var bytes = 0
        while true {
            let batch: LiveFollower.Batch
            do {
                batch = try await follower.next(limit: limit - part.lines.count, limitBytes: Self.limitBytes - bytes)
            } catch let error as StreamError where error.isOutsideStream {
                throw try await state.problem(error)
            }
            part.lines += batch.lines
            part.cursor = batch.cursor
            part.isAtEnd = batch.isAtEnd
            bytes += batch.lines.reduce(0) { $0 + $1.bytes.count }
            if part.lines.count >= limit || bytes >= Self.limitBytes { return part }
            if batch.isAtEnd {
                guard let client, part.lines.isEmpty, ContinuousClock.now < start + wait, !Task.isShuttingDownGracefully else { return part }
                await follower.wait(until: start + wait)
                if client.isGone { throw CancellationError() }
                try Task.checkCancellation()
            } else if ContinuousClock.now >= start + max(wait, Self.searchTime) {
                return part
            }
        }
    }

    /// The same request from `sequence` on.
    private func next(_ sequence: Int64) -> String {
        let others = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("since=") }
        return "/v1/changes?" + (["since=\(sequence)"] + others).joined(separator: "&")
    }
}

extension HTTPField.Name {
    /// RFC 8288 §3.
    static var link: Self { named("Link") }
    static var tidingsStream: Self { named("Tidings-Stream") }
    static var tidingsNext: Self { named("Tidings-Next") }

    static func named(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("'\(name)' is no name of a field") }
        return name
    }
}
