/// Whether a daemon runs on a state folder, and how it is doing.
package struct DaemonStatus: Equatable, Sendable {
    /// Nil while none runs.
    package let pid: Int32?
    /// What keeps it from its work, as it says itself; nil while nothing does.
    package let problem: String?

    package var isRunning: Bool { pid != nil }

    package init(pid: Int32?, problem: String?) {
        self.pid = pid
        self.problem = problem
    }
}
