import CCurl

/// Hops over libcurl's multi interface.
final class CurlHops: HopRunner {
    private let multi: MultiHandle
    private let isPublic: AddressRule
    private var running: [EasyHandle.ID: (id: UInt64, easy: EasyHandle)] = [:]
    private var handles: [UInt64: EasyHandle] = [:]
    /// For the next hops. There are never more handles than hops at a time.
    private var spare: [EasyHandle] = []
    /// Those that could not be begun.
    private var failed: [(id: UInt64, end: HopEnd)] = []

    init(_ multi: MultiHandle, isPublic: @escaping AddressRule) {
        self.multi = multi
        self.isPublic = isPublic
    }

    func start(_ hop: HopRequest, id: UInt64, host: String) {
        guard let easy = spare.popLast() ?? EasyHandle(isPublic: isPublic) else { return fail(id) }
        easy.aim(at: hop)
        guard multi.add(easy) == CURLM_OK else { return fail(id) }
        running[easy.id] = (id, easy)
        handles[id] = easy
    }

    private func fail(_ id: UInt64) { failed.append((id, HopEnd(code: CURLE_OUT_OF_MEMORY.rawValue, refusal: .noMemory))) }

    func cancel(id: UInt64) {
        failed.removeAll { $0.id == id }
        if let easy = handles[id] { letGo(of: easy, id: id) }
    }

    func advance() { multi.perform() }

    func nextEnded() -> (id: UInt64, end: HopEnd)? {
        if let ended = failed.popLast() { return ended }
        while let (handle, code) = multi.nextEnded() {
            guard let (id, easy) = running[handle] else { continue }
            let end = easy.end(code)
            letGo(of: easy, id: id)
            return (id, end)
        }
        return nil
    }

    private func letGo(of easy: EasyHandle, id: UInt64) {
        running[easy.id] = nil
        handles[id] = nil
        multi.remove(easy)
        easy.clear()
        spare.append(easy)
    }

    func wait(until time: ContinuousClock.Instant?) { multi.wait(until: time) }
}
