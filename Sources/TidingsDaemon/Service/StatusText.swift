import TidingsCore

/// What `STATUS=` says of a daemon that is ready (sd_notify(3)): one line, what is wrong first.
struct StatusText: Equatable, Sendable {
    /// A sink that has lacked changes for a while.
    struct Lag: Equatable, Sendable {
        let sink: String
        /// How many changes it lacks.
        let changes: Int64
    }

    /// So many names of sources are spelled out.
    private static let namesLimit = 5

    var sources: Int
    /// The number of the newest change.
    var changes: Int64
    /// What keeps the daemon from its work; nil if nothing does.
    var trouble: String?
    /// The names of the sources that cannot be read, sorted.
    var failing: [String] = []
    var lagging: [Lag] = []

    var line: String {
        let counts = "\(counted(sources, "source")), \(counted(Int(changes), "change"))"
        let lags = lagging.map { "the \($0.sink) lacks \(counted(Int($0.changes), "change"))" }
        return ([trouble.map { "degraded: \($0)" }, counts, failingNames].compactMap(\.self) + lags).joined(separator: "; ")
    }

    private var failingNames: String? {
        guard !failing.isEmpty else { return nil }
        let rest = failing.count - Self.namesLimit
        return "failing: " + failing.prefix(Self.namesLimit).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
