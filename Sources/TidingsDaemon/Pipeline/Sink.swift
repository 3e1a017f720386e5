import TidingsStore
import TidingsStream

/// A place that every committed change is copied to. The change file is one.
///
/// A sink only copies committed rows, in order, and remembers how far it is confirmed. It may lag behind the ledger; it never
/// leads, skips, repeats or reorders. One `SinkLoop` drives it and makes all calls on one thread, so they may block.
package protocol Sink {
    /// What the sink is called in the log and in health.
    var name: String { get }
    /// The part of the daemon whose health suffers while the sink fails.
    var healthPart: Health.Part { get }
    /// The rows that it copies.
    var rows: any CommittedLines { get }
    /// The newest change that the sink has and keeps, 0 for none. Delivery goes on after it, and retention keeps the rows after it.
    var confirmed: Int64 { get }
    /// When the sink wants `reconcile` called although nothing is new; nil for never.
    var wakeTime: ContinuousClock.Instant? { get }

    /// Compares the place with what was left there, repairs it and brings `confirmed` up to date. Called after each wake, even if
    /// nothing is new, and before each batch.
    mutating func reconcile() throws
    /// Copies rows and moves `confirmed` up as far as that succeeds. The next batch begins after `confirmed`.
    /// - Parameter batch: the rows after `confirmed`, in order, at least one.
    /// - Throws: an error that `isTransient` is waited out; any other ends the daemon.
    mutating func deliver(_ batch: [CommittedLine]) throws
    /// Returns when everything that was delivered survives a power loss.
    mutating func sync() throws
    /// Called once, after the last delivery.
    mutating func close()
}

extension Sink {
    package var healthPart: Health.Part { .sink(name) }
    package var wakeTime: ContinuousClock.Instant? { nil }
    package mutating func reconcile() throws {}
    package mutating func sync() throws {}
    package mutating func close() {}
}

/// An error that tells whether the same call may succeed later although nobody starts the daemon again.
package protocol RetryableError: Error {
    var isTransient: Bool { get }
}

extension StreamError: RetryableError {}
extension StoreError: RetryableError {}
