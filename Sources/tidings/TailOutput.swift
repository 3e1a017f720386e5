import TidingsDaemon

/// Where `tail` writes: to standard output and, behind it, to the cursor file.
///
/// The cursor says what has been written, never what will be: a death in between repeats some lines and loses none.
struct TailOutput {
    /// How often the cursor is written while there is always more: each time costs two syncs of the disk.
    private static let cursorPause: Duration = .milliseconds(100)
    /// After so many lines the cursor moves on although none of them was asked for.
    private static let passedLimit = 1_000

    private var file: CursorFile?
    private let limits: WriteLimits?
    /// How far the lines go that were given to us.
    private var given: StreamCursor?
    /// How far those go that were written.
    private var written: StreamCursor?
    private var nextCursor = ContinuousClock.now
    private var passed = 0

    /// - Parameters:
    ///   - file: nil for none.
    ///   - start: where the reader begins; written at once, so that a file that cannot be written is an error before any output.
    ///   - ending: becomes readable when to end.
    init(cursor file: CursorFile?, from start: StreamCursor, ending: Int32?) throws {
        self.file = file
        limits = file == nil ? nil : WriteLimits(ending: ending)
        given = start
        written = start
        try self.file?.write(start)
    }

    func put(_ bytes: [UInt8]) {
        if file == nil { standardOutput.put(bytes) } else { standardOutput.append(bytes) }
    }

    /// All up to `cursor` has been put, or was not asked for.
    mutating func pass(_ cursor: StreamCursor) throws {
        guard file != nil else { return }
        given = cursor
        passed += 1
        if standardOutput.isFull || passed >= Self.passedLimit { try flush(isIdle: false) }
    }

    /// - Parameter isIdle: whether nothing more is there for now.
    mutating func flush(isIdle: Bool) throws {
        guard file != nil else { return standardOutput.flush() }
        try standardOutput.write(until: limits)
        written = given
        passed = 0
        if isIdle || ContinuousClock.now >= nextCursor { try saveCursor() }
        if limits?.isTold == true { throw OutputEnd.told }
    }

    /// Brings the cursor file up to what was written.
    mutating func saveCursor() throws {
        guard let written, let known = file?.cursor, known != written else { return }
        try file?.write(written)
        nextCursor = .now + Self.cursorPause
    }
}
