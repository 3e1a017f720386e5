/// Who may fetch next. A host with many feeds gets few places at a time and waits in its own line, so that neither it
/// nor its slowness takes the places of others; hosts take turns. Two starts of one host are never closer than its
/// delay.
///
/// Each takes two places. One is of the host, and taken for as long as the host is asked: from `next` to `leave`. The other
/// is of all, and taken until whoever asked has dealt with what came: from `next` to `release`.
///
/// libcurl has such limits too, but a transfer that waits inside libcurl already runs against its time limit.
package struct HostQueue {
    package typealias Instant = ContinuousClock.Instant

    private let placesPerHost: Int
    private let hostDelay: Duration
    private let delaysAfterEnd: Bool
    private var freePlaces: Int
    private var waitingCount = 0
    private var lines: [String: Line] = [:]
    /// Hosts whose line may move: somebody waits, the host has a free place, and its delay is over. Each at most once.
    private var turns: ArraySlice<String> = []
    /// Hosts whose delay runs, with its end. The delay is the same for all, so they stand here in the order they
    /// started in, which is the order they end in.
    private var delays: ArraySlice<(end: Instant, host: String)> = []

    private struct Line {
        var waiting: ArraySlice<UInt64> = []
        var running = 0
        var isDelayed = false
        var hasTurn = false
    }

    /// - Parameter delaysAfterEnd: whether a host's delay begins when it has been asked, and not when that begins: for who does not know
    ///   how soon after its turn a host is asked.
    package init(places: Int, placesPerHost: Int, hostDelay: Duration, delaysAfterEnd: Bool = false) {
        precondition(places > 0 && placesPerHost > 0)
        freePlaces = places
        self.placesPerHost = placesPerHost
        self.hostDelay = hostDelay
        self.delaysAfterEnd = delaysAfterEnd
    }

    package mutating func add(_ id: UInt64, host: String) {
        lines[host, default: Line()].waiting.append(id)
        waitingCount += 1
        giveTurn(to: host)
    }

    /// The next one to run; nil while there is none. Those that are no longer wanted leave their line without a turn.
    package mutating func next(at now: Instant, isWanted: (UInt64) -> Bool) -> (id: UInt64, host: String)? {
        endDelays(at: now)
        while freePlaces > 0, let host = turns.popFirst() {
            lines[host]?.hasTurn = false
            guard let id = takeFirst(of: host, isWanted) else {
                forgetIfIdle(host)
                continue
            }
            freePlaces -= 1
            lines[host]?.running += 1
            if !delaysAfterEnd { delay(host, from: now) }
            giveTurn(to: host)
            return (id, host)
        }
        return nil
    }

    private mutating func delay(_ host: String, from now: Instant) {
        guard hostDelay > .zero else { return }
        lines[host]?.isDelayed = true
        delays.append((now + hostDelay, host))
    }

    /// When there may be a next one although nobody gives a place back; nil if there cannot be.
    package var nextStart: Instant? { waitingCount > 0 && freePlaces > 0 ? delays.first?.end : nil }

    /// Whether a host's line may move now, unless all who wait in it have left.
    package var hasTurn: Bool { freePlaces > 0 && !turns.isEmpty }

    /// Whether somebody waits, and all places are taken.
    var isCrowded: Bool { waitingCount > 0 && freePlaces == 0 }

    /// Gives a place of the host back, which was asked.
    package mutating func leave(host: String) {
        if delaysAfterEnd { delay(host, from: .now) }
        leavePlace(of: host)
    }

    private mutating func leavePlace(of host: String) {
        lines[host]?.running -= 1
        giveTurn(to: host)
        forgetIfIdle(host)
    }

    /// Gives a place of the host back that `next` has just taken, and the host was not asked: it needs no rest.
    package mutating func skip(host: String) {
        if hostDelay > .zero, !delaysAfterEnd {
            let last = delays.popLast()
            precondition(last?.host == host, "not the one that `next` gave last")
            lines[host]?.isDelayed = false
        }
        leavePlace(of: host)
    }

    /// Gives a place of all back.
    package mutating func release() { freePlaces += 1 }

    private mutating func takeFirst(of host: String, _ isWanted: (UInt64) -> Bool) -> UInt64? {
        while let id = lines[host]?.waiting.popFirst() {
            waitingCount -= 1
            if isWanted(id) { return id }
        }
        return nil
    }

    private mutating func endDelays(at now: Instant) {
        while let first = delays.first, first.end <= now {
            _ = delays.popFirst()
            lines[first.host]?.isDelayed = false
            giveTurn(to: first.host)
            forgetIfIdle(first.host)
        }
    }

    private mutating func giveTurn(to host: String) {
        guard let line = lines[host], !line.hasTurn, !line.isDelayed, line.running < placesPerHost,
            !line.waiting.isEmpty
        else { return }
        lines[host]?.hasTurn = true
        turns.append(host)
    }

    /// A daemon meets many hosts in its life, most of them once, by a redirect.
    private mutating func forgetIfIdle(_ host: String) {
        if let line = lines[host], line.running == 0, line.waiting.isEmpty, !line.isDelayed { lines[host] = nil }
    }
}
