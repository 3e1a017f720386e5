/// When the cursor of a consumer is saved, and which. Pure: it writes neither output nor file.
///
/// The saved cursor says what has been written, never what will be: a death in between repeats some lines and loses none.
package struct CursorProgress: Sendable {
    /// How often the cursor is saved while there is always more: each time costs two syncs of the disk.
    static let pause: Duration = .milliseconds(100)
    /// After so many changes the cursor moves on although none of them was asked for.
    package static let passedLimit = 1_000

    /// How far the changes go that were given to the output.
    private var given: StreamCursor
    /// How far those go that it has written.
    private var written: StreamCursor
    private var saved: StreamCursor
    private var nextSave: ContinuousClock.Instant
    private var passed = 0

    /// - Parameter start: is saved already.
    package init(saved start: StreamCursor, now: ContinuousClock.Instant) {
        given = start
        written = start
        saved = start
        nextSave = now
    }

    /// All up to `cursor` is in the output, or was not asked for.
    /// - Returns: whether the output is to be written, however little it is.
    package mutating func pass(_ cursor: StreamCursor) -> Bool {
        given = cursor
        passed += 1
        return passed >= Self.passedLimit
    }

    /// The output has written all that it was given.
    package mutating func wrote() {
        written = given
        passed = 0
    }

    /// The cursor to save; nil if it is saved already, or was a moment ago.
    /// - Parameter isIdle: whether nothing more is there for now, so that there is time to save.
    package func due(isIdle: Bool, now: ContinuousClock.Instant) -> StreamCursor? {
        written != saved && (isIdle || now >= nextSave) ? written : nil
    }

    package mutating func didSave(_ cursor: StreamCursor, now: ContinuousClock.Instant) {
        saved = cursor
        nextSave = now + Self.pause
    }
}
