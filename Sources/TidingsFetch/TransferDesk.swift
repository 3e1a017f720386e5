import CCurl

/// What the transfer thread has before it: who waits, and who runs.
final class TransferDesk {
    private let multi: MultiHandle
    private let isPublic: AddressRule
    private var queue: HostQueue
    /// All that are not finished.
    private var transfers: [UInt64: Transfer] = [:]
    /// Those of them that libcurl has, by their handle.
    private var running: [EasyHandle.ID: Transfer] = [:]
    /// Handles for the next hops. There are never more handles than places in the queue.
    private var spareHandles: [EasyHandle] = []

    init(multi: MultiHandle, limits: FetcherLimits, isPublic: @escaping AddressRule) {
        self.multi = multi
        self.isPublic = isPublic
        queue = HostQueue(
            places: limits.concurrentFetches, placesPerHost: limits.fetchesPerHost,
            hostDelay: .milliseconds(limits.hostDelayMilliseconds))
    }

    func accept(_ order: TransferLoop.Order) {
        let transfer = Transfer(order)
        transfers[order.id] = transfer
        queue.add(order.id, host: transfer.target.host)
    }

    /// Starts, moves on and ends transfers until all wait for the network, or for their time to start.
    func advance() {
        repeat {
            let now = ContinuousClock.now
            while let (id, host) = queue.next(at: now, isWanted: { transfers[$0] != nil }) { start(id, host: host) }
            multi.perform()
        } while endAllEnded()
    }

    /// When `advance` has something to start although nothing has happened meanwhile.
    var nextStart: ContinuousClock.Instant? { queue.nextStart }

    /// Whether nothing can start before something ends.
    var isFull: Bool { queue.isFull }

    func cancel(id: UInt64) {
        // Unknown: it has finished, or its order is yet to come and brings a cancellation of its own (`Fetcher.fetch`).
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        if let easy = transfer.handle { release(easy, host: transfer.target.host) }
        transfer.fail(.cancelled)
    }

    func cancelAll() {
        for id in Array(transfers.keys) { cancel(id: id) }
    }

    private func start(_ id: UInt64, host: String) {
        guard let transfer = transfers[id] else { return queue.leave(host: host) }
        guard let easy = spareHandles.popLast() ?? EasyHandle(isPublic: isPublic) else {
            return giveUp(transfer, host: host)
        }
        transfer.beginHop(on: easy)
        guard multi.add(easy) == CURLM_OK else { return giveUp(transfer, host: host) }
        running[easy.id] = transfer
    }

    private func giveUp(_ transfer: Transfer, host: String) {
        transfers[transfer.id] = nil
        queue.leave(host: host)
        transfer.fail(.protocolError, "no memory for another transfer")
    }

    /// False if none had ended.
    private func endAllEnded() -> Bool {
        var anyEnded = false
        while let (id, code) = multi.nextEnded() {
            guard let transfer = running[id], let easy = transfer.handle else { continue }
            anyEnded = true
            let host = transfer.target.host
            switch transfer.endHop(code) {
            case .follow: queue.add(transfer.id, host: transfer.target.host)
            case .finish(let result):
                transfers[transfer.id] = nil
                transfer.finish(result)
            }
            release(easy, host: host)
        }
        return anyEnded
    }

    private func release(_ easy: EasyHandle, host: String) {
        running[easy.id] = nil
        multi.remove(easy)
        queue.leave(host: host)
        easy.collector.clear()
        spareHandles.append(easy)
    }
}
