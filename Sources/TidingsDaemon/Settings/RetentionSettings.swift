import TidingsCore

/// How long data is kept. By default everything is kept for ever.
package struct RetentionSettings: Equatable, Sendable {
    /// Sealed change files.
    package var changeFiles = RetentionLimit()
    /// Change rows in the database, from which damaged change files are restored.
    package var changes = RetentionLimit()
    /// Captures of documents that are gone; nil keeps them.
    package var captureAgeMilliseconds: Int64?
    /// Old versions of articles.
    package var versions = VersionRetention()

    /// Bodies of pages, as they are stored.
    package var pageBodies = RetentionLimit()

    /// How long a change is kept for a webhook or a command that lacks it, at least as long as the other limits keep it; nil for as
    /// long as it takes.
    package var sinkAgeMilliseconds: Int64? = 7 * 86_400_000
    /// How many changes are kept for one; nil for all.
    package var sinkCount: Int?

    package init() {}

    /// Whether nothing is ever removed.
    package var isOff: Bool {
        var limits = self
        limits.sinkAgeMilliseconds = RetentionSettings().sinkAgeMilliseconds
        limits.sinkCount = nil
        return limits == RetentionSettings()
    }
}
