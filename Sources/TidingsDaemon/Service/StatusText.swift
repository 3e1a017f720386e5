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
    /// The webhooks and commands that a person should look at, in the order of their names.
    var troubledSinks: [String] = []

    var line: String {
        let counts = "\(counted(sources, "source")), \(counted(Int(changes), "change"))"
        let lags = lagging.map { "the \($0.sink) lacks \(counted(Int($0.changes), "change"))" }
        let names = [Self.names(failing, after: "failing"), Self.names(troubledSinks, after: "sinks")]
        return ([trouble.map { "degraded: \($0)" }, counts] + names + lags).compactMap(\.self).joined(separator: "; ")
    }

    private static func names(_ names: [String], after what: String) -> String? {
        guard !names.isEmpty else { return nil }
        let rest = names.count - namesLimit
        return "\(what): " + names.prefix(namesLimit).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
