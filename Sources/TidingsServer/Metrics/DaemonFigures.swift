import TidingsCore

/// What only the daemon's memory knows of its work.
package struct DaemonFigures: Sendable {
    package struct Sink: Sendable {
        package let name: String
        /// The newest change that the sink has and keeps.
        package let confirmed: Int64

        package init(name: String, confirmed: Int64) {
            self.name = name
            self.confirmed = confirmed
        }
    }

    package let version: String
    /// In the order of the settings; the change file first.
    package let sinks: [Sink]
    /// How long the transactions took that were committed since the start.
    package let commits: Histogram
    /// How long it took to append to the change file what a commit announced.
    package let publishes: Histogram
    /// The parts that work and have got no further for some time.
    package let stuckParts: [String]
    /// What keeps the daemon from its work, for people; nil if nothing does.
    package let trouble: String?

    package init(
        version: String, sinks: [Sink], commits: Histogram, publishes: Histogram, stuckParts: [String], trouble: String?
    ) {
        self.version = version
        self.sinks = sinks
        self.commits = commits
        self.publishes = publishes
        self.stuckParts = stuckParts
        self.trouble = trouble
    }
}
