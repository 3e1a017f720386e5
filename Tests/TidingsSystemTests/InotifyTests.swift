import Glibc
import Testing
@testable import TidingsSystem

/// The bytes of one `struct inotify_event`. The kernel pads the name with NULs to a multiple of the struct's 16 bytes.
private func bytes(watch: Int32, mask: Int, cookie: UInt32 = 0, name: String = "") -> [UInt8] {
    let padded = name.isEmpty ? 0 : (name.utf8.count / 16 + 1) * 16
    let words = [UInt32(bitPattern: watch), UInt32(mask), cookie, UInt32(padded)]
    let head = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    return head + Array(name.utf8) + [UInt8](repeating: 0, count: padded - name.utf8.count)
}

private func event(_ watch: Int32, _ flags: Inotify.Flags, cookie: UInt32 = 0, _ name: String = "") -> Inotify.Event {
    Inotify.Event(watch: watch, flags: flags, cookie: cookie, name: Array(name.utf8)[...])
}

@Suite("inotify's events") struct InotifyDecoderTests {
    @Test("several events in one buffer, with names of every padding and without")
    func decodesSeveral() {
        let long = String(repeating: "n", count: 255)
        let buffer =
            bytes(watch: 1, mask: Int(IN_CREATE) | Int(IN_ISDIR), name: "folder")
            + bytes(watch: 2, mask: Int(IN_MOVED_FROM), cookie: 77, name: "exactly fifteen")
            + bytes(watch: 2, mask: Int(IN_MOVED_TO), cookie: 77, name: "sixteen letters.")
            + bytes(watch: 1, mask: Int(IN_DELETE_SELF))
            + bytes(watch: 3, mask: Int(IN_CLOSE_WRITE), name: long)
            + bytes(watch: 1, mask: Int(IN_IGNORED))
        #expect(
            Inotify.Event.decode(buffer[...]) == [
                event(1, [.created, .isFolder], "folder"), event(2, .movedFrom, cookie: 77, "exactly fifteen"),
                event(2, .movedTo, cookie: 77, "sixteen letters."), event(1, .selfDeleted), event(3, .closedAfterWriting, long),
                event(1, .watchEnded),
            ])
    }

    @Test("an overflow is an event of no watch")
    func decodesOverflow() {
        let buffer = bytes(watch: 4, mask: Int(IN_MODIFY), name: "a") + bytes(watch: -1, mask: Int(IN_Q_OVERFLOW))
        #expect(Inotify.Event.decode(buffer[...]) == [event(4, .written, "a"), event(-1, .queueOverflowed)])
    }

    @Test("wherever the bytes end, the whole events before that are read, and nothing of a torn one")
    func decodesTorn() {
        let first = bytes(watch: 1, mask: Int(IN_DELETE), name: "a")
        let second = bytes(watch: 2, mask: Int(IN_ATTRIB), name: "b")
        let both = [event(1, .deleted, "a"), event(2, .attributes, "b")]
        let buffer = first + second
        for end in 0...buffer.count {
            let whole = end == buffer.count ? 2 : end >= first.count ? 1 : 0
            #expect(Inotify.Event.decode(buffer[..<end]) == Array(both.prefix(whole)), "cut off after \(end) bytes")
        }
        // A length that no buffer has.
        let lying = [UInt8](repeating: 0xFF, count: 16) + [UInt8](repeating: 0, count: 64)
        #expect(Inotify.Event.decode(lying[...]).isEmpty)
    }

    @Test("a slice of a buffer is read from its own start")
    func decodesSlice() {
        let buffer = [UInt8](repeating: 0xAA, count: 7) + bytes(watch: 9, mask: Int(IN_CREATE), name: "c")
        #expect(Inotify.Event.decode(buffer[7...]) == [event(9, .created, "c")])
    }
}

@Suite("an inotify instance") struct InotifyTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// Everything that waits in the queue; the kernel queues an event before the call that causes it returns.
    private func waiting(_ inotify: Inotify, bufferBytes: Int = 64 << 10) -> [Inotify.Event] {
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        var events: [Inotify.Event] = []
        while case let batch = inotify.read(into: &buffer), !batch.isEmpty { events += batch }
        return events
    }

    @Test("tells what happens in a folder, by name, until it is unwatched")
    func watches() throws {
        let inotify = try Inotify()
        let watch = try inotify.watch(folder.path, [.created, .closedAfterWriting, .movedFrom, .movedTo, .onlyFolder])
        #expect(waiting(inotify).isEmpty)
        try folder.write("a", "text")
        unsafe rename(folder.path(of: "a"), folder.path(of: "b"))
        let events = waiting(inotify)
        #expect(events.map(\.watch) == [watch, watch, watch, watch])
        #expect(events.map(\.flags) == [.created, .closedAfterWriting, .movedFrom, .movedTo])
        #expect(events.map { String(decoding: $0.name, as: UTF8.self) } == ["a", "a", "a", "b"])
        #expect(events[2].cookie == events[3].cookie && events[2].cookie != 0)
        inotify.unwatch(watch)
        #expect(waiting(inotify) == [event(watch, .watchEnded)])
        try folder.write("c", "text")
        #expect(waiting(inotify).isEmpty)
    }

    @Test("a small buffer takes the events one after the other")
    func readsInPieces() throws {
        let inotify = try Inotify()
        _ = try inotify.watch(folder.path, .created)
        for number in 0..<20 { try folder.write("\(number)", "") }
        // Room for one event with a name of up to 15 bytes.
        #expect(waiting(inotify, bufferBytes: 32).count == 20)
    }

    @Test("a folder that is open is watched wherever its path leads by now, and has one number")
    func watchesDescriptor() throws {
        let inotify = try Inotify()
        unsafe mkdir(folder.path(of: "old"), 0o755)
        let opened = try FileDescriptor(openingFolder: folder.path(of: "old"))
        unsafe rename(folder.path(of: "old"), folder.path(of: "new"))
        unsafe mkdir(folder.path(of: "old"), 0o755)
        let watch = try inotify.watch(opened, .created)
        #expect(try inotify.watch(folder.path(of: "new"), .created) == watch)
        #expect(try inotify.watch(folder.path(of: "old"), .created) != watch)
        try folder.write("new/a", "text")
        #expect(waiting(inotify) == [event(watch, .created, "a")])
    }

    @Test("what is no folder, or not there, cannot be watched as one")
    func refuses() throws {
        let inotify = try Inotify()
        try folder.write("file", "text")
        #expect(throws: SystemError(code: ENOTDIR)) { try inotify.watch(folder.path(of: "file"), [.written, .onlyFolder]) }
        #expect(throws: SystemError(code: ENOENT)) { try inotify.watch(folder.path(of: "nothing"), .written) }
    }
}
