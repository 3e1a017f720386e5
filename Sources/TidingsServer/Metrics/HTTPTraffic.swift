import Synchronization

/// Counts what the server does, for `/metrics`.
package final class HTTPTraffic: Sendable {
    /// Connections that are open now.
    let connections = Atomic<Int>(0)
    /// Answers by the class of their status: 2 for 200…299.
    private let classes = Mutex<[Int: Int64]>([:])

    package init() {}

    func countAnswer(_ status: Int) { classes.withLock { $0[status / 100, default: 0] += 1 } }

    var answers: [Int: Int64] { classes.withLock { $0 } }
}
