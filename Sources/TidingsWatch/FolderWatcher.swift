import CLinux
import Glibc
import Synchronization

/// How well a root is watched.
package enum WatchState: Equatable, Sendable {
    /// The watches are being set.
    case starting
    case watching
    /// Some folders are not watched. The words say what to raise; scans have to find what changes there.
    case degraded(String)
    /// Nothing is watched: only scans find what changes.
    case polling(String)
    /// There is no root at the moment.
    case rootLost(FolderError)
    case stopped
}

/// Watches one root with inotify on a thread of its own and says where to look.
///
/// The first hint is `.everything`, when all watches are set: scan then, and nothing falls between scan and watch. After a
/// lost root the watcher waits for its return by itself as far as its parent folder tells; a file system mounted on it
/// makes no event, so call `retry()` whenever a scan finds the root back or replaced.
package final class FolderWatcher: Sendable {
    package let hints: FolderHints
    private let shared: WatchShared
    private let thread: Mutex<PollThread?>

    /// - Parameters:
    ///   - settle: how long a path must be quiet before what happened to it counts as over; see `PendingPaths`.
    ///   - watchLimit: folders watched at most. The kernel keeps about 1 kB for each.
    /// - Throws: when the system gives no thread or descriptor. A root that is missing is a state, not an error.
    package init(
        path: String, rules: PathRules, settle: Duration = .milliseconds(500), watchLimit: Int = 1_000_000
    ) throws(FolderError) {
        let hints = FolderHints()
        do throws(SystemError) {
            let shared = try WatchShared()
            thread = try Mutex(
                PollThread(name: "watch") {
                    var loop = WatchLoop(
                        path: path, rules: rules, settleNanoseconds: settle.nanoseconds, watchLimit: watchLimit,
                        hints: hints, shared: shared)
                    loop.run()
                })
            self.hints = hints
            self.shared = shared
        } catch {
            throw FolderError(path: path, reason: .unreadable, detail: error.message)
        }
    }

    package var state: WatchState { shared.state.withLock { $0 } }

    /// Sets all watches anew, from another thread's point of view at once; `.everything` or `.root` follows.
    package func retry() { shared.ask { $0.isRetryWanted = true } }

    /// Ends the hints and waits for the thread. May be called twice.
    package func stop() {
        shared.ask { $0.isStopWanted = true }
        thread.withLock { thread in
            guard let running = thread.take() else { return }
            running.join()
        }
    }

    /// Leaves the kernel's queue unread, so that it overflows: for tests.
    func pause(_ isPaused: Bool) { shared.ask { $0.isPaused = isPaused } }

    deinit { stop() }
}

/// What the watcher's thread and its owner share.
final class WatchShared: Sendable {
    struct Wishes {
        var isRetryWanted = false
        var isStopWanted = false
        var isPaused = false
    }
    let state = Mutex(WatchState.starting)
    private let wishes = Mutex(Wishes())
    /// An eventfd, so that poll(2) wakes for wishes as it does for events.
    let wake: FileDescriptor

    init() throws(SystemError) {
        let raw = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard raw >= 0 else { throw .last }
        wake = FileDescriptor(raw)
    }

    func ask(_ change: (inout Wishes) -> Void) {
        wishes.withLock { change(&$0) }
        // Fails only when the counter is full, and then the thread is awake anyway.
        eventfd_write(wake.raw, 1)
    }

    /// The wishes since the last call; a retry is wished once.
    func takeWishes() -> Wishes {
        var counter: eventfd_t = 0
        unsafe eventfd_read(wake.raw, &counter)
        return wishes.withLock { wishes in
            defer { wishes.isRetryWanted = false }
            return wishes
        }
    }
}
