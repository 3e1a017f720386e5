import Synchronization
import TidingsSystem

/// Asks the service manager for more time during a start or a stop, as long as that makes progress.
///
/// "If a service of Type=notify […] sends 'EXTEND_TIMEOUT_USEC=…', this may cause the start time to be extended beyond
/// TimeoutStartSec=. […] once the start time extends beyond TimeoutStartSec=, the service manager will allow the service to
/// continue to start, provided the service repeats 'EXTEND_TIMEOUT_USEC=…' within the interval specified" (systemd.service(5)).
/// The steps of the work send the messages (a batch of rows, a number of SQLite instructions), not a timer. A start that hangs
/// makes no steps, so the service manager ends it when its time is over.
package final class TimeoutExtension: Sendable {
    /// The time that each message asks for. No single step may last longer.
    static let extent = Duration.seconds(60)
    /// The shortest time between two messages.
    static let spacingMicroseconds: UInt64 = 1_000_000

    private let isWanted = Atomic(true)
    /// When a step may send the next message, by the monotonic clock, in microseconds.
    private let due = Atomic<UInt64>(0)
    private let notifier: Notifier
    private let now: @Sendable () -> UInt64

    /// Begins to ask. Nil if there is no service manager.
    init?(notifier: Notifier?, now: @escaping @Sendable () -> UInt64 = monotonicMicroseconds) {
        guard let notifier else { return nil }
        self.notifier = notifier
        self.now = now
    }

    /// Notes one finished step. It is cheap enough to be called for every article.
    func mark() {
        guard isWanted.load(ordering: .relaxed) else { return }
        let time = now()
        let due = due.load(ordering: .relaxed)
        // Of several threads at the same time, only one sends.
        guard time >= due,
            self.due.compareExchange(expected: due, desired: time + Self.spacingMicroseconds, ordering: .relaxed).exchanged
        else { return }
        notifier.send(.extendTimeout(Self.extent))
    }

    /// Begins to ask again, because the stop begins.
    func begin() {
        due.store(0, ordering: .relaxed)
        isWanted.store(true, ordering: .relaxed)
    }

    /// Ends asking, because the daemon is ready or has stopped.
    func end() { isWanted.store(false, ordering: .relaxed) }
}
