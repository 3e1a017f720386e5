/// Why a command could not communicate with the daemon.
package enum ControlError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nobody listens: no daemon runs on this state.
    case noDaemon(state: String)
    /// The socket belongs to another user.
    case denied(state: String)
    /// The connection ended before the reply.
    case brokenOff
    /// The daemon's answer does not follow the protocol.
    case notUnderstood
    /// A system call failed; `message` names it.
    case failed(state: String, message: String)

    package var description: String {
        switch self {
        case .noDaemon(let state): "no daemon runs on \(state); start it with `tidings run`, or name its settings with --config"
        case .denied(let state): "this user may not command the daemon on \(state); become its user (sudo -u tidings …)"
        case .brokenOff: "the daemon went away before it replied; see its log, then try again"
        case .notUnderstood: "the daemon's reply is not understood; is it of the same version as this program?"
        case .failed(let state, let message): "cannot talk to the daemon on \(state): \(message)"
        }
    }
}
