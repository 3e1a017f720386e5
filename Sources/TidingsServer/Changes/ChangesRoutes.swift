import HTTPTypes
import Hummingbird
import TidingsCore
import TidingsStore
import TidingsStream

/// `GET /v1/changes`: changes as NDJSON, a part after a part, or as server-sent events for as long as the client stays.
func addChangesRoutes(to routes: Routes, _ state: ServerState) {
    routes.get("v1/changes") { request, context in
        let accepted = request.headers[values: .accept].joined(separator: ",")
        if accepted.contains(EventStream.type) { return try await EventStream(request, state).response(context) }
        return try await ChangesPart(request, state).response(context)
    }
    routes.get("v1/changes/stream") { request, context in try await EventStream(request, state).response(context) }
}

/// Which changes a request asks for.
struct ChangesRequest: Sendable {
    static let parameters = ["since", "stream", "type", "source", "article", "class", "changed", "with"]

    /// After this change; nil if it was not said.
    let since: Int64?
    /// The id of the stream that the number is of, as the lines have it, if it was said.
    let stream: String?
    let filter: ChangeFilter
    let withText: Bool

    /// - Parameter lastEventID: what a reconnecting `EventSource` sends: it counts more than `since`, which its URL still has.
    init(_ query: RequestQuery, lastEventID: String? = nil) throws(Problem) {
        let given = try query.integer("since", in: 0...Int64.max)
        if let lastEventID {
            guard let number = decimalNumber(lastEventID.utf8) else {
                throw Problem(.badRequest, "Last-Event-ID is the number of a change")
            }
            since = Int64(number)
        } else {
            since = given
        }
        let stream = try query.text("stream")
        self.stream = stream.map { $0.hasPrefix("urn:uuid:") ? String($0.dropFirst("urn:uuid:".count)) : $0 }
        var types: [ChangeTypeName] = []
        for name in query.list("type") {
            guard let type = ChangeTypeName(name) else {
                throw Problem(.badRequest, "'\(name)' is no type of change; there are \(ChangeTypeName.known.joined(separator: ", "))")
            }
            types.append(type)
        }
        filter = ChangeFilter(
            types: types, sources: query.list("source"), articles: query.list("article"),
            classes: try Self.values(query, "class"), changed: try Self.values(query, "changed"))
        switch try query.text("with") {
        case nil: withText = false
        case "text": withText = true
        default: throw Problem(.badRequest, "'with' is text")
        }
    }

    private static func values<Value: RawRepresentable<String> & CaseIterable>(
        _ query: RequestQuery, _ name: String
    ) throws(Problem) -> [Value] {
        var values: [Value] = []
        for text in query.list(name) {
            guard let value = Value(rawValue: text) else {
                let list = Value.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(.badRequest, "'\(name)' is one of \(list)")
            }
            values.append(value)
        }
        return values
    }
}

extension ServerState {
    /// A follower for `request`.
    /// - Parameter since: where it begins if the request does not say so; nil for what is new from now on.
    /// - Throws: 410 if that is no longer kept, 409 if it has not happened or is of another stream; both with what there is.
    func follower(_ request: ChangesRequest, defaultSince since: Int64?) async throws -> HTTPFollower {
        do {
            return try await streams.follower(after: request.since ?? since, stream: request.stream, filter: request.filter)
        } catch let error as StreamError where error.isOutsideStream {
            throw try await problem(error)
        }
    }

    func problem(_ error: StreamError) async throws -> Problem {
        let present = recent.cursor
        let extent = Problem.Extent(stream: present.stream, oldest: try await streams.oldest(), newest: present.sequence)
        switch error.reason {
        case .tooOld:
            return Problem(
                .gone, "that change is no longer kept; take /v1/snapshot, and go on with the number in its last line", extent: extent)
        case .inFuture:
            return Problem(
                .conflict,
                "that change has not happened yet; if the number is of this stream, the database was lost or restored since: take /v1/snapshot",
                extent: extent)
        default:
            return Problem(
                .conflict, "the stream has another id now, because the database was lost or restored: take /v1/snapshot",
                extent: extent)
        }
    }

    /// The lines as they are sent.
    func lines(_ batch: LiveFollower.Batch, withText: Bool) async throws -> [[UInt8]] {
        guard withText, !batch.lines.isEmpty else { return batch.lines.map(\.bytes) }
        return try await ledger.read { ledger in
            try batch.lines.map { line in
                guard let version = ChangeLineFields(line.bytes)?.announcedVersion, let text = try ledger.text(of: version)
                else { return line.bytes }
                return ChangeLine.adding(text: text, to: line.bytes)
            }
        }
    }
}
