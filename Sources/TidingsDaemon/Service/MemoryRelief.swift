import ServiceLifecycle
import TidingsSystem

/// Gives memory back to the system that the start, or a burst of work, has left free, once nothing was committed for a while. By itself
/// malloc(3) keeps it, in as many arenas as there were threads at work, and the kernel keeps every page of code mapped that ran once.
struct MemoryRelief: Service {
    /// Rung when something was committed.
    let committed = Alarm()
    private let quiet: Duration
    private let release: @Sendable () async -> Void

    /// - Parameters:
    ///   - quiet: how long nothing must have been committed.
    ///   - release: called each time after that.
    init(quiet: Duration = .seconds(10), release: @escaping @Sendable () async -> Void) {
        self.quiet = quiet
        self.release = release
        // The start is a burst, too.
        committed.ring()
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await committed.wait()
                var end = ContinuousClock.now + quiet
                while !Task.isCancelled, .now < end {
                    await committed.wait(until: end)
                    guard .now < end else { break }
                    // A burst rings it hundreds of times a second.
                    try? await Task.sleep(for: quiet / 10)
                    end = .now + quiet
                }
                if !Task.isCancelled { await release() }
            }
        }
    }
}
