/// Who may fetch next. A host with many feeds gets few places at a time and waits in its own line, so that neither it
/// nor its slowness takes the places of others; hosts take turns.
///
/// libcurl has such limits too, but a transfer that waits inside libcurl already runs against its time limit.
struct TransferQueue {
    private let placesPerHost: Int
    private var freePlaces: Int
    private var lines: [String: Line] = [:]
    /// Hosts whose line may move: somebody waits, and the host has a free place. Each at most once.
    private var turns: ArraySlice<String> = []

    private struct Line {
        var waiting: ArraySlice<UInt64> = []
        var running = 0
        var hasTurn = false
    }

    init(places: Int, placesPerHost: Int) {
        precondition(places > 0 && placesPerHost > 0)
        freePlaces = places
        self.placesPerHost = placesPerHost
    }

    mutating func add(_ id: UInt64, host: String) {
        lines[host, default: Line()].waiting.append(id)
        giveTurn(to: host)
    }

    /// The next one to run, which takes a place until `leave(host:)`; nil while there is none.
    mutating func next() -> (id: UInt64, host: String)? {
        guard freePlaces > 0, let host = turns.popFirst(), let id = lines[host]?.waiting.popFirst() else { return nil }
        freePlaces -= 1
        lines[host]?.running += 1
        lines[host]?.hasTurn = false
        giveTurn(to: host)
        return (id, host)
    }

    /// One that ran has ended.
    mutating func leave(host: String) {
        freePlaces += 1
        lines[host]?.running -= 1
        giveTurn(to: host)
        // A daemon meets many hosts in its life, most of them once, by a redirect.
        if let line = lines[host], line.running == 0, line.waiting.isEmpty { lines[host] = nil }
    }

    private mutating func giveTurn(to host: String) {
        guard let line = lines[host], !line.hasTurn, line.running < placesPerHost, !line.waiting.isEmpty else { return }
        lines[host]?.hasTurn = true
        turns.append(host)
    }
}
