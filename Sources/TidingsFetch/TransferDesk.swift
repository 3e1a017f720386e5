/// What the transfer thread has before it: who waits, and who runs.
final class TransferDesk {
    private let hops: any HopRunner
    private var queue: HostQueue
    /// Those whose turn has not come.
    private var orders: [UInt64: FetchOrder] = [:]
    /// Those whose turn has come, and that have no answer yet.
    private var transfers: [UInt64: Transfer] = [:]
    /// How many of them are being asked for.
    private var runningCount = 0
    /// All that have a place of the queue: while they are asked for, and then until they are released.
    private var holders: Set<UInt64> = []
    /// Those that have given their place back early: their answer has no body, and is not released yet. A commit that is
    /// waited for then takes in many of them, and not just as many as there are places.
    private var unreleased: Set<UInt64> = []
    private static let unreleasedLimit = 1_024
    private let codedAddresses = CodedAddresses()

    init(_ hops: any HopRunner, limits: FetcherLimits) {
        self.hops = hops
        queue = HostQueue(
            places: limits.concurrentFetches, placesPerHost: limits.fetchesPerHost,
            hostDelay: .milliseconds(limits.hostDelayMilliseconds), delaysAfterEnd: limits.delaysAfterEnd)
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
            hops.advance()
        } while endAllEnded()
    }

    /// When `advance` has something to start although nothing has happened meanwhile.
    var nextStart: ContinuousClock.Instant? { queue.nextStart }

    /// Whether somebody waits, and all places are taken.
    var isCrowded: Bool { queue.isCrowded }

    /// Whether some of the places are taken by answers.
    var answersHoldPlaces: Bool { holders.count > runningCount }

    func cancel(id: UInt64) {
        if let order = orders.removeValue(forKey: id) { return order.giveUp() }
        // Unknown: it has finished, or its order is yet to come and brings a cancellation of its own (`Fetcher.fetch`).
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        if transfer.isRunning {
            hops.cancel(id: id)
            leave(host: transfer.target.host)
        }
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
        runningCount += 1
        hops.start(transfer.beginHop(), id: transfer.id, host: host)
    }

    /// False if none had ended.
    private func endAllEnded() -> Bool {
        var anyEnded = false
        while let (id, end) = hops.nextEnded() {
            guard let transfer = transfers[id] else { continue }
            anyEnded = true
            let host = transfer.target.host
            switch transfer.endHop(end) {
            case .follow: queueHop(of: transfer)
            case .finish(let result):
                transfers[id] = nil
                releaseEarly(id, result)
                transfer.finish(result)
            }
            leave(host: host)
        }
        return anyEnded
    }

    private func leave(host: String) {
        runningCount -= 1
        queue.leave(host: host)
    }

    private func releaseEarly(_ id: UInt64, _ result: Result<FetchResponse, FetchError>) {
        guard case .success(let response) = result, response.body.isEmpty, unreleased.count < Self.unreleasedLimit,
            holders.remove(id) != nil
        else { return }
        queue.release()
        unreleased.insert(id)
    }
}
