import Glibc

/// One inotify instance (inotify(7)), closed when its owner lets go of it; that also ends its watches.
final class Inotify {
    let descriptor: FileDescriptor

    init() throws(SystemError) {
        let raw = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard raw >= 0 else { throw .last }
        descriptor = FileDescriptor(raw)
    }

    /// The events that say something about files: what was read or closed without writing is nobody's business here, and
    /// would make the daemon's own reading wake it.
    static let mask =
        Event.Flags.closedAfterWriting.rawValue | Event.Flags.movedFrom.rawValue | Event.Flags.movedTo.rawValue
        | Event.Flags.created.rawValue | Event.Flags.deleted.rawValue | Event.Flags.written.rawValue
        | Event.Flags.attributes.rawValue | Event.Flags.selfDeleted.rawValue | Event.Flags.selfMoved.rawValue
        | UInt32(IN_ONLYDIR) | UInt32(IN_EXCL_UNLINK)

    /// Watches the folder that is open as `folder`. The same folder gives the same number, wherever it has moved.
    func watch(_ folder: borrowing FileDescriptor) throws(SystemError) -> Int32 {
        // inotify takes no descriptor. Through this link it watches what is open, not what a path leads to by now.
        try watch("/proc/self/fd/\(folder.raw)", Self.mask)
    }

    func watch(_ path: String, _ mask: UInt32) throws(SystemError) -> Int32 {
        let watch = unsafe inotify_add_watch(descriptor.raw, path, mask)
        guard watch >= 0 else { throw .last }
        return watch
    }

    func unwatch(_ watch: Int32) {
        // Fails only if the folder is gone, and the watch with it.
        inotify_rm_watch(descriptor.raw, watch)
    }

    /// Reads what has happened, up to about a thousand events; nothing if nothing has.
    func read(into buffer: inout [UInt8]) -> [Event] {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor.raw, $0.baseAddress, $0.count) }
        return count > 0 ? Event.decode(buffer[..<count]) : []
    }

    static let bufferBytes = 64 << 10

    struct Event {
        struct Flags: OptionSet {
            let rawValue: UInt32
            static let written = Flags(rawValue: UInt32(IN_MODIFY))
            static let attributes = Flags(rawValue: UInt32(IN_ATTRIB))
            static let closedAfterWriting = Flags(rawValue: UInt32(IN_CLOSE_WRITE))
            static let movedFrom = Flags(rawValue: UInt32(IN_MOVED_FROM))
            static let movedTo = Flags(rawValue: UInt32(IN_MOVED_TO))
            static let created = Flags(rawValue: UInt32(IN_CREATE))
            static let deleted = Flags(rawValue: UInt32(IN_DELETE))
            static let selfDeleted = Flags(rawValue: UInt32(IN_DELETE_SELF))
            static let selfMoved = Flags(rawValue: UInt32(IN_MOVE_SELF))
            static let unmounted = Flags(rawValue: UInt32(IN_UNMOUNT))
            static let queueOverflowed = Flags(rawValue: UInt32(IN_Q_OVERFLOW))
            static let watchEnded = Flags(rawValue: UInt32(IN_IGNORED))
            static let isFolder = Flags(rawValue: UInt32(IN_ISDIR))
        }
        let watch: Int32
        let flags: Flags
        /// Joins the two halves of one rename; else 0.
        let cookie: UInt32
        /// Empty if the event is about the watched folder itself.
        let name: ArraySlice<UInt8>

        /// `struct inotify_event`: four words of 32 bits (wd, mask, cookie, len), then `len` bytes of name, padded with NULs.
        static func decode(_ bytes: ArraySlice<UInt8>) -> [Event] {
            var events: [Event] = []
            var rest = bytes
            func word(_ number: Int) -> UInt32 {
                let offset = 4 * number
                return unsafe rest.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
            }
            while rest.count >= 16 {
                let length = Int(word(3))
                guard rest.count >= 16 + length else { break }
                let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
                events.append(
                    Event(
                        watch: Int32(bitPattern: word(0)), flags: Flags(rawValue: word(1)), cookie: word(2), name: name))
                rest = rest.dropFirst(16 + length)
            }
            return events
        }
    }
}
