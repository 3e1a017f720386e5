import Synchronization
import TidingsSystem

/// A thread that runs hops of one kind over libcurl for a worker, which decides itself what runs when.
package final class HopLoop: Sendable {
    private let inbox = Mutex<[(id: UInt64, hop: HopRequest)]>([])
    private let hops: HopRunnerMaker
    private let onEnd: @Sendable (UInt64, HopEnd) -> Void

    /// - Parameters:
    ///   - limits: for the connections that are kept open. Those to private addresses are to be in a loop of their own, as in `Fetcher`.
    ///   - onEnd: called on its thread.
    package init(
        limits: FetcherLimits, onEnd: @escaping @Sendable (UInt64, HopEnd) -> Void
    ) throws(SystemError) {
        hops = .curl(limits) { $0.isPublic }
        self.onEnd = onEnd
        // It runs until the process ends.
        _ = try SystemThread(name: "hops") { [self] in withUTF8Names(run) }
    }

    package func start(_ hop: HopRequest, id: UInt64) {
        inbox.withLock { $0.append((id, hop)) }
        hops.wakeUp()
    }

    private func run() {
        blockAllSignals()
        let runner = hops.make()
        while true {
            let new = inbox.withLock { inbox in
                defer { inbox = [] }
                return inbox
            }
            for (id, hop) in new { runner.start(hop, id: id, host: "") }
            runner.advance()
            while let (id, end) = runner.nextEnded() { onEnd(id, end) }
            if inbox.withLock(\.isEmpty) { runner.wait(until: nil) }
        }
    }
}
