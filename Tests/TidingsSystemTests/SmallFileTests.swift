import Glibc
import Testing
@testable import TidingsSystem

@Suite("small files", .timeLimit(.minutes(1))) struct SmallFileTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func read(_ name: String, limitBytes: Int = 1 << 20) -> Result<[UInt8], SmallFileError> {
        Result { () throws(SmallFileError) in try readSmallFile(folder.path(of: name), limitBytes: limitBytes) }
    }

    @Test("a file is read whole up to the limit, and not at all past it", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func limits(count: Int) throws {
        let text = String(repeating: "x", count: count)
        try folder.write("file", text)
        #expect(read("file", limitBytes: count) == .success(Array(text.utf8)))
        #expect(read("file", limitBytes: count + 1) == .success(Array(text.utf8)))
        if count > 0 { #expect(read("file", limitBytes: count - 1) == .failure(.tooLarge(limitBytes: count - 1))) }
    }

    @Test("a symbolic link is followed; what leads to no regular file is refused, and a FIFO does not block")
    func refuses() throws {
        try folder.write("file", "text")
        unsafe symlink("file", folder.path(of: "link"))
        unsafe mkdir(folder.path(of: "folder"), 0o755)
        unsafe mkfifo(folder.path(of: "fifo"), 0o644)
        #expect(read("link") == .success(Array("text".utf8)))
        #expect(read("folder") == .failure(.notRegular))
        #expect(read("fifo") == .failure(.notRegular))
        #expect(read("none") == .failure(.system(call: "open", SystemError(code: ENOENT))))
    }

    @Test("a file of /proc, whose size is said to be 0, is read whole")
    func readsProc() throws {
        let status = try readSmallFile("/proc/self/status", limitBytes: 1 << 20)
        #expect(String(decoding: status, as: UTF8.self).contains("Pid:\t\(getpid())\n"))
    }
}
