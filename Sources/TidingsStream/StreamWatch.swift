import Dispatch
import Glibc

/// Tells the writer of the change files that somebody else may have touched them, at once and not with the next change
/// (inotify(7)).
///
/// The live file stays open for as long as it is written, so that a close after writing is never the writer's own; what is
/// appended makes no event. An event says *look*, no more: what to do is decided by what is there.
@safe package final class StreamWatch {
    package struct Events: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Something happened to the live file.
        package static let live = Events(rawValue: 1 << 0)
        /// … or to a sealed one.
        package static let sealed = Events(rawValue: 1 << 1)
        /// The folder has gone or moved: a new watch is due, once there is one again.
        package static let folder = Events(rawValue: 1 << 2)
    }

    // IN_EXCL_UNLINK: a file that was replaced by a rotation is closed after that, and is nobody's business.
    private static let mask =
        UInt32(IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
        | UInt32(IN_EXCL_UNLINK)
    private static let bufferBytes = 16 << 10

    private let source: any DispatchSourceRead

    /// - Parameter onEvents: called on a queue of its own.
    package init(folder: String, onEvents: @escaping @Sendable (Events) -> Void) throws(StreamError) {
        let queue = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard queue >= 0 else { throw StreamError(attempt: "watch", path: folder) }
        guard unsafe inotify_add_watch(queue, folder, Self.mask) >= 0 else {
            let error = StreamError(attempt: "watch", path: folder)
            close(queue)
            throw error
        }
        source = DispatchSource.makeReadSource(
            fileDescriptor: queue, queue: DispatchQueue(label: "tidings.stream-watch"))
        source.setEventHandler {
            let events = Self.read(queue)
            if !events.isEmpty { onEvents(events) }
        }
        source.setCancelHandler { close(queue) }
        source.resume()
    }

    deinit { source.cancel() }

    private static func read(_ queue: Int32) -> Events {
        var events: Events = []
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(queue, $0.baseAddress, $0.count) }
            guard count > 0 else { return events }
            events.formUnion(decode(buffer[..<count]))
        }
    }

    /// `struct inotify_event`: four words of 32 bits (wd, mask, cookie, len), then `len` bytes of name, padded with NULs.
    private static func decode(_ bytes: ArraySlice<UInt8>) -> Events {
        var events: Events = []
        var rest = bytes
        func word(_ number: Int) -> UInt32 {
            unsafe rest.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: 4 * number, as: UInt32.self) }
        }
        while rest.count >= 16 {
            let mask = word(1)
            let length = Int(word(3))
            let name = String(decoding: rest.dropFirst(16).prefix(length).prefix { $0 != 0 }, as: UTF8.self)
            rest = rest.dropFirst(16 + length)
            if mask & UInt32(IN_Q_OVERFLOW) != 0 { events.formUnion([.live, .sealed]) }
            if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) != 0 { events.formUnion([.live, .folder]) }
            if name == StreamFolder.liveName { events.insert(.live) }
            if StreamFolder.first(ofSealed: name) != nil { events.insert(.sealed) }
        }
        return events
    }
}
