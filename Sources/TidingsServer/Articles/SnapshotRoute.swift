import Dispatch
import HTTPTypes
import Hummingbird
import ServiceLifecycle
import Synchronization
import TidingsCore
import TidingsStore
import TidingsSystem

/// `GET /v1/snapshot`: what `tidings snapshot` writes. Whose last line is no `tidings.snapshot.end`, has not all of it.
func addSnapshotRoute(to routes: Routes, _ state: ServerState) {
    let places = SnapshotPlaces()
    routes.get("v1/snapshot") { request, _ in
        let query = try RequestQuery(request, known: ["source", "with"])
        let sources = query.list("source")
        let with = try query.text("with")
        guard with == nil || with == "text" else { throw Problem(.badRequest, "'with' is text") }
        try await state.checkSources(sources)
        guard let place = places.take() else {
            throw Problem(
                .serviceUnavailable, "\(SnapshotPlaces.limit) snapshots are being taken; try again", headers: [.retryAfter: "10"])
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                let pipe = SnapshotPipe()
                async let taken = state.ledger.own().read { ledger in
                    try pipe.take(ledger, sources: sources.isEmpty ? nil : sources, withText: with == "text")
                }
                do {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        for await part in pipe.parts {
                            if Task.isShuttingDownGracefully || Task.isCancelled { break }
                            try await writer.write(ByteBuffer(bytes: part))
                            pipe.isWritten()
                        }
                    }
                } catch {
                    pipe.end()
                    _ = try? await taken
                    throw error
                }
                pipe.end()
                // Without its last line the client knows that it has not all.
                if let snapshot = try? await taken {
                    await state.waitUntilPublished(snapshot.sequence)
                    try await writer.write(ByteBuffer(bytes: snapshot.end))
                }
                try await writer.finish(nil)
            })
    }
}

extension ServerState {
    /// - Throws: 404 for a source that there is not.
    func checkSources(_ names: [String]) async throws {
        if names.isEmpty { return }
        let known = try await ledger.read { try $0.sources().map(\.name) }
        guard let unknown = names.first(where: { !known.contains($0) }) else { return }
        throw Problem(.notFound, "no source is named '\(unknown)'; /v1/sources lists them")
    }

    /// Waits until change `sequence` can be read, so that a consumer can go on from there.
    fileprivate func waitUntilPublished(_ sequence: Int64) async {
        let alarm = Alarm()
        recent.subscribe(alarm)
        defer { recent.unsubscribe(alarm) }
        let deadline = ContinuousClock.now + .seconds(10)
        while recent.cursor.sequence < sequence, ContinuousClock.now < deadline, !Task.isCancelled {
            await alarm.wait(until: deadline)
        }
    }
}

/// How many snapshots are taken at once: while one is, the database's log cannot be cut.
private final class SnapshotPlaces: Sendable {
    static let limit = 4
    private let taken = Mutex(0)

    /// - Returns: nil if all are taken.
    func take() -> SnapshotPlace? {
        let isFree = taken.withLock { taken in
            if taken == Self.limit { return false }
            taken += 1
            return true
        }
        return isFree ? SnapshotPlace(places: self) : nil
    }

    fileprivate func giveBack() { taken.withLock { $0 -= 1 } }
}

/// A snapshot's place. It is given back with the answer, which need not have been written: HEAD has no body, and a client may be gone.
private final class SnapshotPlace: Sendable {
    private let places: SnapshotPlaces

    init(places: SnapshotPlaces) { self.places = places }

    deinit { places.giveBack() }
}

/// Brings the lines from the thread that reads the ledger to the connection, a few parts ahead of it.
private final class SnapshotPipe: Sendable {
    private struct Stalled: Error {}

    private static let partBytes = 64 << 10
    private static let partsAhead = 4
    /// A client that takes no part for so long has it ended.
    private static let stall = DispatchTimeInterval.seconds(60)

    let parts: AsyncStream<[UInt8]>
    private let sink: AsyncStream<[UInt8]>.Continuation
    private let room = DispatchSemaphore(value: partsAhead)
    private let isEnded = Atomic<Bool>(false)

    init() { (parts, sink) = AsyncStream.makeStream(of: [UInt8].self) }

    /// Called on the ledger's thread, which may wait.
    /// - Throws: `StoreError`; `Stalled` if nobody takes the parts.
    func take(_ ledger: LedgerReader, sources: [String]?, withText: Bool) throws -> (sequence: Int64, end: [UInt8]) {
        defer { sink.finish() }
        var part: [UInt8] = []
        let snapshot = try ledger.snapshotLines(of: sources, withText: withText, at: wallClockMilliseconds()) { line, _ in
            part += line
            if part.count >= Self.partBytes { try give(&part) }
        }
        if !part.isEmpty { try give(&part) }
        return (snapshot.head.sequence, snapshot.end)
    }

    private func give(_ part: inout [UInt8]) throws {
        guard room.wait(timeout: .now() + Self.stall) == .success, !isEnded.load(ordering: .relaxed) else { throw Stalled() }
        sink.yield(part)
        part = []
    }

    func isWritten() { room.signal() }

    /// Nobody takes more.
    func end() {
        isEnded.store(true, ordering: .relaxed)
        room.signal()
    }
}
