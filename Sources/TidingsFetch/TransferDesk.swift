import CCurl

/// What the transfer thread has before it: who waits, and who runs.
final class TransferDesk {
    private let multi: MultiHandle
    private let isPublic: AddressRule
    private var queue: HostQueue
    /// Those whose turn has not come.
    private var orders: [UInt64: FetchOrder] = [:]
    /// Those whose turn has come, and that have no answer yet.
    private var transfers: [UInt64: Transfer] = [:]
    /// Those of them that libcurl has, by their handle.
    private var running: [EasyHandle.ID: Transfer] = [:]
    /// All that have a place of the queue: while they are asked for, and then until they are released.
    private var holders: Set<UInt64> = []
    /// Those that have given their place back early: their answer has no body, and is not released yet. A commit that is
    /// waited for then takes in many of them, and not just as many as there are places.
    private var unreleased: Set<UInt64> = []
    private static let unreleasedLimit = 1_024
    private let codedAddresses = CodedAddresses()
    /// Handles for the next hops. There are never more handles than places in the queue.
    private var spareHandles: [EasyHandle] = []

    init(multi: MultiHandle, limits: FetcherLimits, isPublic: @escaping AddressRule) {
        self.multi = multi
        self.isPublic = isPublic
        queue = HostQueue(
            places: limits.concurrentFetches, placesPerHost: limits.fetchesPerHost,
            hostDelay: .milliseconds(limits.hostDelayMilliseconds))
    }

    func accept(_ order: FetchOrder, id: UInt64) {
        orders[id] = order
        queue.add(id, host: order.host)
    }

    /// Starts, moves on and ends transfers until all wait for the network, or for their time to start.
    func advance() {
        repeat {
            while let (id, host) = queue.next(at: .now, isWanted: { orders[$0] != nil || transfers[$0] != nil }) {
                holders.insert(id)
                if let order = orders.removeValue(forKey: id) {
                    begin(order, id: id, host: host)
                } else if let transfer = transfers[id] {
                    startHop(of: transfer, host: host)
                }
            }
            multi.perform()
        } while endAllEnded()
    }

    /// When `advance` has something to start although nothing has happened meanwhile.
    var nextStart: ContinuousClock.Instant? { queue.nextStart }

    /// Whether somebody waits, and all places are taken.
    var isCrowded: Bool { queue.isCrowded }

    /// Whether some of the places are taken by answers.
    var answersHoldPlaces: Bool { holders.count > running.count }

    func cancel(id: UInt64) {
        if let order = orders.removeValue(forKey: id) { return order.giveUp() }
        // Unknown: it has finished, or its order is yet to come and brings a cancellation of its own (`Fetcher.fetch`).
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        if let easy = transfer.handle { endHop(on: easy, host: transfer.target.host) }
        transfer.fail(.cancelled)
    }

    func cancelAll() {
        for id in Array(orders.keys) + Array(transfers.keys) { cancel(id: id) }
    }

    func release(id: UInt64) {
        if holders.remove(id) != nil { queue.release() } else { unreleased.remove(id) }
    }

    /// The turn of an order has come: now it is seen what is to be asked, and whom.
    private func begin(_ order: FetchOrder, id: UInt64, host: String) {
        guard let begun = order.begin() else { return queue.skip(host: host) }
        precondition(begun.request.allowsPrivateNetwork == order.allowsPrivateNetwork, "a request for the other loop")
        do throws(FetchError) {
            let transfer = try Transfer(id, begun, to: order.target(of: begun.request), codedAddresses)
            transfers[id] = transfer
            if transfer.target.host == host { return startHop(of: transfer, host: host) }
            queue.skip(host: host)
            queueHop(of: transfer)
        } catch {
            queue.skip(host: host)
            begun.end(.failure(error))
        }
    }

    /// While a hop waits it has no place: hosts that it does not go to are not to wait with it.
    private func queueHop(of transfer: Transfer) {
        release(id: transfer.id)
        queue.add(transfer.id, host: transfer.target.host)
    }

    private func startHop(of transfer: Transfer, host: String) {
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
            case .follow: queueHop(of: transfer)
            case .finish(let result):
                transfers[transfer.id] = nil
                releaseEarly(transfer.id, result)
                transfer.finish(result)
            }
            endHop(on: easy, host: host)
        }
        return anyEnded
    }

    private func releaseEarly(_ id: UInt64, _ result: Result<FetchResponse, FetchError>) {
        guard case .success(let response) = result, response.body.isEmpty, unreleased.count < Self.unreleasedLimit,
            holders.remove(id) != nil
        else { return }
        queue.release()
        unreleased.insert(id)
    }

    private func endHop(on easy: EasyHandle, host: String) {
        running[easy.id] = nil
        multi.remove(easy)
        queue.leave(host: host)
        easy.clear()
        spareHandles.append(easy)
    }
}
