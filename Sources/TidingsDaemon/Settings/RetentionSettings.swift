import TidingsCore

/// What is not kept for ever. By default everything is: nothing is removed that nobody asked to have removed.
package struct RetentionSettings: Equatable, Sendable {
    /// Sealed change files.
    package var changeFiles = RetentionLimit()
    /// Change rows in the database, from which damaged change files are made again.
    package var changes = RetentionLimit()
    /// What is known of documents that are gone.
    package var captureAgeMilliseconds: Int64?
    /// Old texts of articles.
    package var versions = VersionRetention()

    package init() {}

    package var isOff: Bool { self == RetentionSettings() }
}
