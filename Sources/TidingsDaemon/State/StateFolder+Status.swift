import TidingsServer

extension StateFolder {
    /// How long a daemon that hangs is waited for: what else there is to say does not need it.
    private static let answerLimitSeconds = 2

    /// How everything in the folder is doing now, and the daemon, which is asked.
    /// - Throws: `NoLedgerError`, `StoreError`. Change files that cannot be read are a part of the status.
    package func status() throws -> StateStatus { try status(of: daemonStatus()) }

    /// - Parameter daemon: that of this folder.
    package func status(of daemon: DaemonStatus) throws -> StateStatus {
        try StateStatus(
            path: path, databaseFolder: databaseFolder, streamFolder: streamFolder, ledger: try openLedger(), daemon: daemon)
    }

    /// Asks the daemon, if there is one.
    package func daemonStatus() -> DaemonStatus {
        let pid = StateLock.holder(of: self)
        return DaemonStatus(pid: pid, problem: pid == nil ? nil : daemonProblem())
    }

    private func daemonProblem() -> String? {
        do {
            let reply = try ControlClient.send(.health, to: self, limitSeconds: Self.answerLimitSeconds)
            return reply.outcome == .done && !reply.message.isEmpty ? reply.message : nil
        } catch {
            switch error {
            // Who may read the stream need not be allowed to ask the daemon; and it may just have ended.
            case .denied, .noDaemon: return nil
            default: return "it does not answer"
            }
        }
    }
}
