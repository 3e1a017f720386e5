import Glibc
import Testing
@testable import TidingsSystem

@Suite("a file's status") struct FileStatusTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func status(_ name: String, followsLinks: Bool = false) throws -> FileStatus {
        try FileStatus(path: folder.path(of: name), followsLinks: followsLinks)
    }

    @Test("tells what each thing is, of a link itself or of where it leads")
    func kinds() throws {
        try folder.write("file", "text")
        unsafe mkdir(folder.path(of: "folder"), 0o750)
        unsafe mkfifo(folder.path(of: "fifo"), 0o644)
        unsafe symlink("folder", folder.path(of: "link"))
        #expect(try ["file", "folder", "fifo", "link"].map { try status($0).kind } == [.file, .folder, .special, .symlink])
        #expect(try status("link", followsLinks: true) == status("folder"))
        #expect(try status("folder").mode & 0o7777 == 0o750)
        let opened = try FileDescriptor(openingFolder: folder.path)
        #expect(try FileStatus("link", in: opened) == status("link"))
        #expect(try opened.status().identity == FileStatus(path: folder.path).identity)
    }

    @Test("is equal while nobody touches the file, and names the file by whatever name")
    func compares() throws {
        try folder.write("file", "text")
        let before = try status("file")
        #expect(try before == status("file"))
        #expect(before.size == 4 && before.links == 1)
        #expect(before.owner == geteuid() && before.group == getegid())
        unsafe link(folder.path(of: "file"), folder.path(of: "other"))
        #expect(try status("other").identity == before.identity)
        #expect(try status("other").links == 2)
        #expect(try status("other") != before)
        let file = try FileDescriptor(opening: folder.path(of: "file"), O_RDONLY)
        unsafe unlink(folder.path(of: "file"))
        unsafe unlink(folder.path(of: "other"))
        #expect(try file.status().links == 0)
        try folder.write("file", "text")
        #expect(try status("file").identity != before.identity)
    }

    @Test("has the times of the file to the nanosecond", arguments: [
        (1_700_000_000, 123_456_789, 1_700_000_000_123_456_789), (0, 0, 0), (1, 5, 1_000_000_005), (-1, 999_999_999, -1),
    ])
    func times(seconds: Int, nanoseconds: Int, since1970: Int64) throws {
        try folder.write("file", "text")
        let times = [timespec(tv_sec: seconds, tv_nsec: nanoseconds), timespec(tv_sec: seconds, tv_nsec: nanoseconds)]
        #expect(unsafe utimensat(AT_FDCWD, folder.path(of: "file"), times, 0) == 0)
        let status = try status("file")
        #expect(status.modified.seconds == seconds && status.modified.nanoseconds == nanoseconds)
        #expect(status.modified.nanosecondsSince1970 == since1970)
        // Nobody can set this one.
        #expect(status.changed.seconds > 1_700_000_000)
    }

    @Test("is nil where nothing is, and an error where that is not known")
    func absence() throws {
        try folder.write("file", "text")
        unsafe symlink("nowhere", folder.path(of: "link"))
        #expect(try FileStatus.ifExists(path: folder.path(of: "none")) == nil)
        #expect(try FileStatus.ifExists(path: folder.path(of: "link")) == nil)
        #expect(try FileStatus.ifExists(path: folder.path(of: "link"), followsLinks: false)?.kind == .symlink)
        #expect(throws: SystemError(code: ENOTDIR)) { try FileStatus.ifExists(path: folder.path(of: "file/below")) }
        #expect(SystemError(code: ENOTDIR).meansAbsent && SystemError(code: ENOENT).meansAbsent)
        #expect(!SystemError(code: EACCES).meansAbsent)
        #expect(SystemError(code: EACCES).message == "Permission denied")
        #expect(throws: SystemError(code: ENOENT)) { try FileStatus(path: folder.path(of: "none")) }
    }
}
