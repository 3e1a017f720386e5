import TidingsCore
import TidingsSystem

/// A sink that delivers on its own, for as long as it takes: nobody waits for it.
package protocol RunningSink: Sendable {
    var settings: SinkSettings { get }
    var bookkeeper: SinkBookkeeper { get }
    /// Tells that something was committed.
    func ring()
    /// Delivers until `stop`, or until the task is cancelled. What happens to it stands in its record.
    func run() async
    /// Has `run` end soon, after what is under way. Cancelling its task ends that, too.
    func stop()
}

/// What a sink needs from its surroundings.
package struct SinkSurroundings: Sendable {
    /// Opens the committed changes. Called on the thread that reads them.
    package var open: @Sendable () throws -> any SinkChanges
    /// Called with an error of the ledger, which may be one after which the daemon cannot go on.
    package var noteFailure: @Sendable (any Error) -> Void
    /// Milliseconds since 1970.
    package var now: @Sendable () -> Int64
    /// By chance, from 0 to 1.
    package var jitter: @Sendable () -> Double

    package init(
        open: @escaping @Sendable () throws -> any SinkChanges, noteFailure: @escaping @Sendable (any Error) -> Void = { _ in },
        now: @escaping @Sendable () -> Int64 = wallClockMilliseconds,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.open = open
        self.noteFailure = noteFailure
        self.now = now
        self.jitter = jitter
    }
}
