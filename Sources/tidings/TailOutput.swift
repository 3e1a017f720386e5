import TidingsDaemon
import TidingsStream

/// Where `tail` brings changes.
protocol ChangeOutput {
    /// A change that was asked for, as it is shown.
    mutating func put(_ bytes: [UInt8])
    /// All up to `position` has been put, or was not asked for.
    mutating func pass(_ position: StreamCursor) throws
    /// Brings out what was put.
    /// - Parameter isIdle: whether nothing more is there for now.
    mutating func flush(isIdle: Bool) throws
    /// Brings the cursor file up to what was brought out.
    mutating func saveCursor() throws
}

/// Standard output and, behind it, the cursor file.
struct TailOutput: ChangeOutput {
    /// Nil without a cursor file.
    private var cursor: (file: CursorFile, progress: CursorProgress)?
    private let limits: WriteLimits?

    /// - Parameters:
    ///   - file: nil for none.
    ///   - start: where the reader begins; saved at once, so that a file that cannot be written is an error before any output.
    ///   - ending: becomes readable when to end.
    init(cursor file: CursorFile?, from start: StreamCursor, ending: Int32?) throws {
        guard var file else {
            cursor = nil
            limits = nil
            return
        }
        try file.write(start)
        cursor = (file, CursorProgress(saved: start, now: .now))
        limits = WriteLimits(ending: ending)
    }

    func put(_ bytes: [UInt8]) {
        if cursor == nil { standardOutput.put(bytes) } else { standardOutput.append(bytes) }
    }

    mutating func pass(_ position: StreamCursor) throws {
        if cursor?.progress.pass(position) == true || cursor != nil && standardOutput.isFull { try flush(isIdle: false) }
    }

    mutating func flush(isIdle: Bool) throws {
        guard cursor != nil else { return standardOutput.flush() }
        try standardOutput.write(until: limits)
        cursor?.progress.wrote()
        try saveCursor(isIdle: isIdle)
        if limits?.isTold == true { throw OutputEnd.told }
    }

    mutating func saveCursor() throws { try saveCursor(isIdle: true) }

    private mutating func saveCursor(isIdle: Bool) throws {
        guard let position = cursor?.progress.due(isIdle: isIdle, now: .now) else { return }
        try cursor?.file.write(position)
        cursor?.progress.didSave(position, now: .now)
    }
}
