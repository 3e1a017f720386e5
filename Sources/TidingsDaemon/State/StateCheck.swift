import TidingsCore
import TidingsServer
import TidingsStore

/// What `status --check` tells a monitor: one line and an exit status, as monitoring plugins do
/// (https://www.monitoring-plugins.org/doc/guidelines.html).
package struct StateCheck: Equatable, Sendable {
    /// The raw value is the exit status.
    package enum Grade: Int32, Sendable {
        case ok = 0
        /// Something fails, or waits for a person's decision.
        case warning = 1
        /// Nothing is announced: no daemon runs, or there is no state.
        case critical = 2
    }

    package let grade: Grade
    /// What is wrong, the worst first.
    package let problems: [String]
    /// How much there is, if there is a state.
    private let counts: String?

    /// So many sources are named.
    private static let namesLimit = 5

    /// There is no state.
    package init(noState: String) {
        grade = .critical
        problems = [noState]
        counts = nil
    }

    /// - Parameter lag: how many changes still wait to be published after they had the time for it; nil if the change files cannot be read.
    package init(_ status: StateStatus, lag: Int64?) {
        let sources = status.sources.filter(\.source.isSubscribed)
        counts = "\(counted(sources.count, "source")), change \(status.stream.committed)"
        var problems: [String] = []
        if let problem = status.daemon.problem { problems.append("degraded: \(problem)") }
        if let problem = status.stream.problem { problems.append("the change files cannot be read: \(problem)") }
        if let lag, lag > 0 { problems.append("the change files lack \(counted(Int(lag), "change"))") }
        let failing = sources.filter { $0.source.state == .failing }
        if !failing.isEmpty { problems.append("failing: \(Self.names(failing))") }
        let gone = sources.filter { $0.source.state == .gone }
        if !gone.isEmpty { problems.append("gone: \(Self.names(gone))") }
        let held = sources.filter { $0.source.removalsHeld != nil }
        if !held.isEmpty { problems.append("removals held: \(Self.names(held))") }
        let sinks = status.sinks.filter(status.needsAttention)
        if !sinks.isEmpty { problems.append("sinks: \(sinks.prefix(Self.namesLimit).map(\.record.name).joined(separator: ", "))") }
        if status.daemon.isRunning {
            grade = problems.isEmpty ? .ok : .warning
        } else {
            grade = .critical
            problems.insert("no daemon runs", at: 0)
        }
        self.problems = problems
    }

    /// `TIDINGS WARNING - failing: far-coast; 12 sources, change 1042`
    package var line: String {
        let word =
            switch grade {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            }
        return "TIDINGS \(word) - \((problems + [counts].compactMap(\.self)).joined(separator: "; "))"
    }

    private static func names(_ sources: [SourceStatus]) -> String {
        let rest = sources.count - namesLimit
        return sources.prefix(namesLimit).map(\.source.name).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    /// One JSON object. Keys are a contract: fields may be added, none is renamed.
    /// - Parameter status: nil if there is no state.
    package func json(with status: StateStatus?) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.object { json in
            json.object("check") { json in
                json.field("status", "\(grade)")
                if problems.isEmpty { json.field("problems", json: Array("[]".utf8)) }
                json.array("problems", problems) { json, problem in json.string(problem) }
            }
            status?.write(into: &json, for: .owner)
        }
        return json.bytes
    }
}
