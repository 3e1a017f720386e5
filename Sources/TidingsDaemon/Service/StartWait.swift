import Glibc
import Logging
import TidingsStore

/// Waits at the start for locks that others hold, if a service manager has started the daemon: a start that failed after each try
/// would soon be given up (systemd.unit(5), StartLimitBurst=). Whoever starts it by hand hears at once who has the lock.
///
/// The manager is asked for more time as long as this lasts, and `STATUS=` says what is waited for.
struct StartWait {
    /// Between two tries. Nobody tells of a lock that is let go of.
    private static let pause = Duration.milliseconds(250)

    /// Nil: nobody waits.
    let notifier: Notifier?
    let timeoutExtension: TimeoutExtension?
    let inbox: SignalInbox
    let logger: Logger

    /// The lock of `state`.
    /// - Throws: `StateLockError`; `held` only if nobody waits. `StopRequested`.
    func lock(_ state: StateFolder) async throws -> StateLock {
        var told: String?
        while true {
            do throws(StateLockError) {
                return try StateLock(state)
            } catch {
                guard case .held(let path, let pid) = error, notifier != nil else { throw error }
                try await wait(for: path, holder: pid.map { "pid \($0)" }, reason: "\(error)", &told)
            }
        }
    }

    /// Runs `step`, and again as long as another program has the database locked.
    /// - Throws: what `step` throws; `busy` only if nobody waits. `StopRequested`.
    func whileLocked<Value>(_ state: StateFolder, _ step: () async throws -> Value) async throws -> Value {
        var told: String?
        while true {
            do {
                return try await step()
            } catch let error as StoreError where error.reason == .busy && notifier != nil {
                let holder = LockHolder.ofWriteLock(database: state.database)
                try await wait(for: state.database, holder: holder, reason: "\(error)", &told)
            }
        }
    }

    /// - Parameter told: the status that the manager has been told.
    private func wait(for path: String, holder: String?, reason: String, _ told: inout String?) async throws {
        if inbox.isStopRequested {
            notifier?.send(.stopping, .status("stopping"))
            throw StopRequested()
        }
        if told == nil { logger.warning("the start waits for a lock", metadata: [LogKey.reason: "\(reason)"]) }
        let status = "waiting for the lock of \(path)" + (holder.map { ", held by \($0)" } ?? "")
        if status != told { notifier?.send(.status(status)) }
        told = status
        timeoutExtension?.mark()
        try await Task.sleep(for: Self.pause)
    }
}

/// A signal stops the daemon before it has started.
struct StopRequested: Error {}
