/// Whether a daemon runs on a state folder, and how it is doing.
package struct DaemonStatus: Equatable, Sendable {
    /// Nil while none runs.
    package let pid: Int32?
    /// What keeps it from its work, as it says itself; nil while nothing does.
    package let problem: String?

    package var isRunning: Bool { pid != nil }

    /// How long a daemon that hangs is waited for: what else there is to say does not need it.
    private static let answerLimitSeconds = 2

    /// Asks the daemon of `state`, if there is one.
    package init(of state: StateFolder) {
        pid = StateLock.holder(of: state)
        problem = pid == nil ? nil : Self.problem(of: state)
    }

    private static func problem(of state: StateFolder) -> String? {
        do {
            let reply = try ControlClient.send(.health, to: state, limitSeconds: answerLimitSeconds)
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
