import CCurl

/// What the transfer thread has before it: who waits, and who runs.
final class TransferDesk {
    private let multi: MultiHandle
    private var queue: TransferQueue
    /// All that are not finished.
    private var transfers: [UInt64: Transfer] = [:]
    /// Those of them that libcurl has, by their handle.
    private var running: [EasyHandle.ID: Transfer] = [:]

    init(multi: MultiHandle, limits: FetcherLimits) {
        self.multi = multi
        queue = TransferQueue(places: limits.concurrentFetches, placesPerHost: limits.fetchesPerHost)
    }

    func accept(_ order: TransferLoop.Order) {
        let transfer = Transfer(order)
        transfers[order.id] = transfer
        queue.add(order.id, host: transfer.target.host)
    }

    /// Starts, moves on and ends transfers until all wait for the network.
    func advance() {
        repeat {
            while let (id, host) = queue.next() { start(id, host: host) }
            multi.perform()
        } while endAllEnded()
    }

    func cancel(id: UInt64) {
        // Unknown: it has finished, or its order is yet to come and brings a cancellation of its own (`Fetcher.fetch`).
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        if let easy = transfer.handle, running.removeValue(forKey: easy.id) != nil {
            multi.remove(easy)
            queue.leave(host: transfer.target.host)
        }
        transfer.fail(.cancelled)
    }

    func cancelAll() {
        for id in Array(transfers.keys) { cancel(id: id) }
    }

    private func start(_ id: UInt64, host: String) {
        // One that was cancelled in its line has only left its number there.
        guard let transfer = transfers[id] else { return queue.leave(host: host) }
        guard let easy = transfer.prepareHop(), multi.add(easy) == CURLM_OK else {
            transfers[id] = nil
            queue.leave(host: host)
            return transfer.fail(.protocolError, "no memory for another transfer")
        }
        running[easy.id] = transfer
    }

    /// False if none had ended.
    private func endAllEnded() -> Bool {
        var anyEnded = false
        while let (easy, code) = multi.nextEnded() {
            guard let transfer = running.removeValue(forKey: easy) else { continue }
            anyEnded = true
            end(transfer, code)
        }
        return anyEnded
    }

    private func end(_ transfer: Transfer, _ code: CURLcode) {
        guard let easy = transfer.handle else { return }
        multi.remove(easy)
        queue.leave(host: transfer.target.host)
        switch transfer.endHop(code) {
        case .follow: queue.add(transfer.id, host: transfer.target.host)
        case .finish(let result):
            transfers[transfer.id] = nil
            transfer.finish(result)
        }
    }
}
