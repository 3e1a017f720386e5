import Synchronization
import TidingsSystem

/// Asks the service manager for more time while a start or a stop goes on, and only as long as it gets on.
///
/// "If a service of Type=notify […] sends 'EXTEND_TIMEOUT_USEC=…', this may cause the start time to be extended beyond
/// TimeoutStartSec=. […] once the start time extends beyond TimeoutStartSec=, the service manager will allow the service to
/// continue to start, provided the service repeats 'EXTEND_TIMEOUT_USEC=…' within the interval specified" (systemd.service(5)).
/// No timer says it: the steps of the work do (a batch of rows, so many instructions of SQLite). A start that hangs makes no
/// steps, and is ended when its time is over.
package final class TimeoutExtension: Sendable {
    /// What one step may take: the time that each message asks for.
    static let extent = Duration.seconds(60)
    /// Steps that follow one another faster than this send one message.
    static let spacingMicroseconds: UInt64 = 1_000_000

    private let isWanted = Atomic(true)
    /// When the next step may say something, by the monotonic clock.
    private let due = Atomic<UInt64>(0)
    private let notifier: Notifier
    private let now: @Sendable () -> UInt64

    /// Asks from now on. Nil if there is nobody to ask.
    init?(notifier: Notifier?, now: @escaping @Sendable () -> UInt64 = monotonicMicroseconds) {
        guard let notifier else { return nil }
        self.notifier = notifier
        self.now = now
    }

    /// One step is done. Cheap enough for every article.
    func mark() {
        guard isWanted.load(ordering: .relaxed) else { return }
        let time = now()
        let due = due.load(ordering: .relaxed)
        // Of several threads that come at once, one speaks.
        guard time >= due,
            self.due.compareExchange(expected: due, desired: time + Self.spacingMicroseconds, ordering: .relaxed).exchanged
        else { return }
        notifier.send(.extendTimeout(Self.extent))
    }

    /// The stop begins.
    func begin() {
        due.store(0, ordering: .relaxed)
        isWanted.store(true, ordering: .relaxed)
    }

    /// The daemon is ready, or at its end.
    func end() { isWanted.store(false, ordering: .relaxed) }
}
