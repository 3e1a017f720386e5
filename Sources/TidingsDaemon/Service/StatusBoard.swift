import TidingsSystem

/// Says when `STATUS=` is to be renewed: after something has changed, and then not again for some time. The last change is always
/// followed by a renewal. Without changes nothing wakes up.
final class StatusBoard: Sendable {
    /// The shortest time between two renewals for changes of an ordinary kind.
    static let spacing = Duration.seconds(10)

    /// To be rung when something has changed: by each commit, which may be thousands a second.
    let changed = Alarm()
    /// Ends the pause between two renewals.
    private let urgent = Alarm()
    private let spacing: Duration

    init(spacing: Duration = StatusBoard.spacing) { self.spacing = spacing }

    /// What keeps the daemon from its work has changed. That is told without a pause.
    func noteTrouble() {
        urgent.ring()
        changed.ring()
    }

    /// Calls `renew` until the task is cancelled.
    /// - Parameter renew: returns whether it has to look again although nothing else may change.
    func run(_ renew: () async -> Bool) async {
        while !Task.isCancelled {
            await changed.wait()
            if Task.isCancelled { return }
            if await renew() { changed.ring() }
            await urgent.wait(until: .now + spacing)
        }
    }
}
