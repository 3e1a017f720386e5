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

    package init() {}

    package var isOff: Bool { self == RetentionSettings() }
}
