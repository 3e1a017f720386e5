import Synchronization
import TidingsSystem

/// How well a root is watched.
package enum WatchState: Equatable, Sendable {
    /// The watches are being set.
    case starting
    case watching
    /// Some folders are not watched, for this reason; scans have to find what changes there.
    case degraded(String)
    /// Nothing is watched, for this reason: only scans find what changes.
    case polling(String)
    /// There is no root at the moment.
    case rootLost(FolderError)
    case stopped
}

/// Watches one root with inotify on a thread of its own and says where to look.
///
/// The first hint is `.everything`. It comes when all watches are set: a scan that starts then misses no change. When the root
/// is gone, the watcher watches its parent folder and notices by itself that the root was made anew. A file system that is
/// mounted makes no event, so call `retry()` whenever a scan finds the root back or replaced.
package final class FolderWatcher: Sendable {
    package let hints: FolderHints
    private let shared: WatchShared
    private let thread: Mutex<SystemThread?>

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
                SystemThread(name: "watch") {
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

    /// Has all watches set anew, and does not wait for it; the hint `.everything` or `.root` follows.
    package func retry() { shared.request { $0.isRetryWanted = true } }

    /// The paths that may have been moved away and whose hints are not taken yet, after all events that came before this call. A
    /// file that a scan finds in a new folder may be one of them: no event tells of its arrival if the folder was not watched yet.
    package func departed() async -> [RawPath] {
        let unmatched = await withCheckedContinuation { answer in
            shared.request { $0.isStopWanted ? answer.resume(returning: []) : $0.departedAsked.append(answer) }
        }
        return unmatched + hints.waitingPaths
    }

    /// Ends the hints and waits for the thread. May be called twice.
    package func stop() {
        shared.request { $0.isStopWanted = true }
        thread.withLock { thread in
            guard let running = thread.take() else { return }
            running.join()
        }
    }

    /// Leaves the kernel's queue unread, so that a test can have it overflow.
    func pause(_ isPaused: Bool) { shared.request { $0.isPaused = isPaused } }

    deinit { stop() }
}

/// What the watcher's thread and its owner share.
final class WatchShared: Sendable {
    struct Requests {
        var isRetryWanted = false
        var isStopWanted = false
        var isPaused = false
        var departedAsked: [CheckedContinuation<[RawPath], Never>] = []
    }
    let state = Mutex(WatchState.starting)
    private let requests = Mutex(Requests())
    /// Wakes the thread for requests as inotify does for events.
    let wake: EventDescriptor

    init() throws(SystemError) { wake = try EventDescriptor() }

    func request(_ change: (inout Requests) -> Void) {
        requests.withLock { change(&$0) }
        wake.signal()
    }

    /// What is asked for now. A retry and a question are given out once; a stop and a pause stay.
    func takeRequests() -> Requests {
        wake.reset()
        return requests.withLock { requests in
            defer {
                requests.isRetryWanted = false
                requests.departedAsked = []
            }
            return requests
        }
    }
}
