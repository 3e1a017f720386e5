import Glibc
import TidingsCore
import TidingsFetch
import TidingsServer

/// What commands ask of a running daemon, on the socket that only its owner can open: `control` in the state's `db/`.
package enum ControlClient {
    /// Sends `request` to the daemon that runs on `state`, and waits for its reply as long as the work lasts.
    /// - Parameters:
    ///   - waits: false to wait only until the daemon has accepted the request.
    ///   - limitSeconds: how long to wait for a daemon that sends nothing; nil: for ever.
    ///   - progress: called with messages for people while the work goes on.
    package static func send(
        _ request: ControlRequest, to state: StateFolder, waits: Bool = true, limitSeconds: Int? = nil,
        progress: (String) -> Void = { _ in }
    ) throws(ControlError) -> ControlReply {
        var reply: ControlReply?
        let message = LocalRequest(
            folder: state.databaseFolder, socket: StateFolder.controlSocket, method: request.method, target: request.target(waits: waits))
        let answer: (status: Int, refusal: [UInt8])
        do {
            answer = try message.lines(limitSeconds: limitSeconds) { line in
                guard line.count <= ControlAnswer.limitBytes else { return false }
                switch ControlAnswer(line: line) {
                case .progress(let message): progress(message)
                case .reply(let answer): reply = answer
                case nil: break
                }
                return true
            }
        } catch {
            throw ControlError(error, state: state)
        }
        if let reply { return reply }
        guard answer.status >= 400, let detail = JSONTree(answer.refusal)?["detail"]?.string else { throw .notUnderstood }
        return ControlReply(answer.status == 503 ? .notNow : .badRequest, detail)
    }
}

extension ControlError {
    init(_ error: LocalRequestError, state: StateFolder) {
        switch error.reason {
        // A killed daemon leaves a socket without a listener.
        case .refused(code: ENOENT), .refused(code: ECONNREFUSED): self = .noDaemon(state: state.path)
        case .refused(code: EACCES), .refused(code: EPERM): self = .denied(state: state.path)
        case .refused: self = .failed(state: state.path, message: error.detail)
        case .brokenOff: self = .brokenOff
        case .ended: self = .notUnderstood
        }
    }
}
