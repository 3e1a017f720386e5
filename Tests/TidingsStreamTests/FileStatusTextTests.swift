import Glibc
import Testing
import TidingsSystem

@testable import TidingsStream

@Suite("how a change file was left") struct FileStatusTextTests {
    // The ledger has this text from the version before: another form would have the next start read the whole file.
    @Test("is told by device, inode, size, the two times with their nanoseconds unpadded, and links")
    func text() throws {
        let folder = try Folder()
        try StreamFolder(path: folder.path).create()
        let path = folder.path + "/file"
        let file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o600)
        try writeAll(Array("text".utf8), to: file.raw)
        let times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 5), timespec(tv_sec: 1_700_000_000, tv_nsec: 5)]
        #expect(unsafe utimensat(AT_FDCWD, path, times, 0) == 0)
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        let changed = "\(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)"
        #expect(try FileStatus.of(path: path)?.description == "\(status.st_dev) \(status.st_ino) 4 1700000000.5 \(changed) 1")
    }
}
