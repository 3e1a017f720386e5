import ServiceLifecycle
import TidingsSystem

/// Gives memory back to the system that the start, or a burst of work, has left free, once nothing was done for a while. By itself
/// malloc(3) keeps it, in as many arenas as there were threads at work, and the kernel keeps every page of code mapped that ran once.
struct MemoryRelief: Service {
    private let worked: Alarm
    private let quiet: Duration
    private let release: @Sendable () async -> Void

    /// - Parameters:
    ///   - worked: rung when something was committed, or indexed.
    ///   - quiet: how long it must not have been rung.
    ///   - release: called each time after that.
    init(worked: Alarm, quiet: Duration = .seconds(10), release: @escaping @Sendable () async -> Void) {
        self.worked = worked
        self.quiet = quiet
        self.release = release
        // The start is a burst, too.
        worked.ring()
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await worked.wait()
                var end = ContinuousClock.now + quiet
                while !Task.isCancelled, .now < end {
                    await worked.wait(until: end)
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
