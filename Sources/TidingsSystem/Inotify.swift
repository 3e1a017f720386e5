import Glibc

/// One inotify instance (inotify(7)). It is closed with its last reference, which also ends its watches.
package final class Inotify: Sendable {
    /// Readable when there are events.
    package let descriptor: FileDescriptor

    package init() throws(SystemError) {
        let raw = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard raw >= 0 else { throw .last }
        descriptor = FileDescriptor(raw)
    }

    /// Watches what is at `path`. The same file gives the same number, wherever it has moved.
    package func watch(_ path: String, _ flags: Flags) throws(SystemError) -> Int32 {
        let watch = unsafe inotify_add_watch(descriptor.raw, path, flags.rawValue)
        guard watch >= 0 else { throw .last }
        return watch
    }

    /// Watches the folder that is open as `folder`.
    package func watch(_ folder: borrowing FileDescriptor, _ flags: Flags) throws(SystemError) -> Int32 {
        // inotify takes no descriptor. Through this link it watches what is open, not what a path leads to by now.
        try watch("/proc/self/fd/\(folder.raw)", flags)
    }

    package func unwatch(_ watch: Int32) {
        // Fails only if the folder is gone, and the watch with it.
        inotify_rm_watch(descriptor.raw, watch)
    }

    /// Reads as many events as `buffer` holds, without waiting; none if there are none.
    package func read(into buffer: inout [UInt8]) -> [Event] {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor.raw, $0.baseAddress, $0.count) }
        return count > 0 ? Event.decode(buffer[..<count]) : []
    }

    /// What to watch for, and what happened.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        package static let written = Flags(rawValue: UInt32(IN_MODIFY))
        package static let attributes = Flags(rawValue: UInt32(IN_ATTRIB))
        package static let closedAfterWriting = Flags(rawValue: UInt32(IN_CLOSE_WRITE))
        package static let movedFrom = Flags(rawValue: UInt32(IN_MOVED_FROM))
        package static let movedTo = Flags(rawValue: UInt32(IN_MOVED_TO))
        package static let created = Flags(rawValue: UInt32(IN_CREATE))
        package static let deleted = Flags(rawValue: UInt32(IN_DELETE))
        package static let selfDeleted = Flags(rawValue: UInt32(IN_DELETE_SELF))
        package static let selfMoved = Flags(rawValue: UInt32(IN_MOVE_SELF))

        // In a watch only.
        /// Fails with ENOTDIR for what is no folder.
        package static let onlyFolder = Flags(rawValue: UInt32(IN_ONLYDIR))
        /// No events of files that are open and have no name left.
        package static let excludingUnlinked = Flags(rawValue: UInt32(IN_EXCL_UNLINK))

        // In an event only.
        package static let unmounted = Flags(rawValue: UInt32(IN_UNMOUNT))
        /// Events were lost.
        package static let queueOverflowed = Flags(rawValue: UInt32(IN_Q_OVERFLOW))
        package static let watchEnded = Flags(rawValue: UInt32(IN_IGNORED))
        /// The event is about a folder.
        package static let isFolder = Flags(rawValue: UInt32(IN_ISDIR))
    }

    package struct Event: Equatable, Sendable {
        /// As `watch` gave it; -1 if the queue overflowed.
        package let watch: Int32
        package let flags: Flags
        /// Joins the two events of one rename; else 0.
        package let cookie: UInt32
        /// Empty if the event is about the watched folder itself.
        package let name: ArraySlice<UInt8>

        private static let headBytes = 16

        /// `struct inotify_event`: four words of 32 bits (wd, mask, cookie, len), then `len` bytes of name, padded with NULs.
        /// The kernel gives whole events only; what a cut-off one has left is passed over.
        static func decode(_ bytes: ArraySlice<UInt8>) -> [Event] {
            var events: [Event] = []
            var rest = bytes
            func word(_ number: Int) -> UInt32 {
                let offset = 4 * number
                return unsafe rest.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
            }
            while rest.count >= headBytes {
                let length = Int(word(3))
                guard rest.count >= headBytes + length else { break }
                let name = rest.dropFirst(headBytes).prefix(length).prefix { $0 != 0 }
                events.append(
                    Event(
                        watch: Int32(bitPattern: word(0)), flags: Flags(rawValue: word(1)), cookie: word(2), name: name))
                rest = rest.dropFirst(headBytes + length)
            }
            return events
        }
    }
}
