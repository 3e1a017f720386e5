import Glibc
import Testing
@testable import TidingsSystem

@Suite("descriptors", .timeLimit(.minutes(1))) struct FileDescriptorTests {
    private func pipeEnds() -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        unsafe pipe(&ends)
        return (ends[0], ends[1])
    }

    private func isOpen(_ raw: Int32) -> Bool { fcntl(raw, F_GETFD) >= 0 }

    @Test("more than a pipe holds is written and read whole")
    func writesAll() throws {
        let ends = pipeEnds()
        let reader = FileDescriptor(ends.reader)
        let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let thread = try SystemThread(name: "writer") {
            try? writeAll(bytes, to: ends.writer)
            close(ends.writer)
        }
        #expect(try readToEnd(reader.raw, limitBytes: bytes.count) == bytes)
        thread.join()
    }

    @Test("to write where nobody reads is an error")
    func writesToNobody() {
        signal(SIGPIPE, SIG_IGN)
        let ends = pipeEnds()
        close(ends.reader)
        #expect(throws: SystemError(code: EPIPE)) { try writeAll([1], to: ends.writer) }
        close(ends.writer)
        #expect(throws: SystemError(code: EBADF)) { try readToEnd(-1, limitBytes: 1) }
    }

    @Test("a call that a signal interrupts is made again; another error is thrown")
    func retries() throws {
        var codes = [EINTR, EINTR, 0]
        func call() -> Int {
            errno = codes.removeFirst()
            return errno == 0 ? 42 : -1
        }
        #expect(try retryingInterrupted(call) == 42)
        codes = [EINTR, EIO, 0]
        #expect(throws: SystemError(code: EIO)) { try retryingInterrupted(call) }
        #expect(codes == [0])
    }

    @Test("is closed when its owner lets go of it, and only then")
    func closes() throws {
        var raw: Int32 = -1
        do {
            let file = try FileDescriptor(opening: "/dev/null", O_RDWR)
            raw = file.raw
            #expect(isOpen(raw))
            #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
        }
        let released = try FileDescriptor(opening: "/dev/null", O_RDWR).release()
        #expect(isOpen(released))
        close(released)
        #expect(throws: SystemError(code: EBADF)) { try FileDescriptor(1 << 20).close() }
        #expect(throws: SystemError(code: ENOTDIR)) { _ = try FileDescriptor(openingFolder: "/dev/null") }
    }

    @Test("an eventfd is readable from signal to reset, however often it was signalled")
    func signals() throws {
        let event = try EventDescriptor()
        func isReadable() -> Bool {
            var polled = pollfd(fd: event.descriptor.raw, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&polled, 1, 0) == 1
        }
        #expect(!isReadable())
        event.signal()
        event.signal()
        #expect(isReadable())
        event.reset()
        #expect(!isReadable())
        event.reset()
        #expect(!isReadable())
    }
}

@Suite("opening below a folder") struct BeneathTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test("what lies below a folder is opened by its path, through no symbolic link")
    func opensBeneath() throws {
        unsafe mkdir(folder.path(of: "a"), 0o755)
        unsafe mkdir(folder.path(of: "a/b"), 0o755)
        try folder.write("a/b/c", "text")
        unsafe symlink("a", folder.path(of: "link"))
        unsafe symlink("c", folder.path(of: "a/b/link"))
        let opened = try FileDescriptor(openingFolder: folder.path)
        func open(_ path: String, _ flags: Int32 = O_RDONLY) throws(SystemError) -> FileStatus {
            try opened.open(beneath: Array(path.utf8), flags).status()
        }
        #expect(try open("a/b/c") == FileStatus(path: folder.path(of: "a/b/c")))
        #expect(try open("").identity == opened.status().identity)
        #expect(throws: SystemError(code: ELOOP)) { try open("link/b/c") }
        #expect(throws: SystemError(code: ELOOP)) { try open("a/b/link") }
        #expect(throws: SystemError(code: ENOENT)) { try open("a/none") }
        #expect(throws: SystemError(code: ENOTDIR)) { try open("a/b/c/d") }
        unsafe chmod(folder.path(of: "a/b/c"), 0)
        #expect(try open("a/b/c", FileDescriptor.pathOnly).kind == .file)
    }

    @Test("a path longer than the kernel takes in one call is opened piece by piece")
    func opensDeep() throws {
        let name = String(repeating: "n", count: 200)
        var path: [UInt8] = []
        var current = try FileDescriptor(openingFolder: folder.path)
        for _ in 0..<50 {
            #expect(unsafe mkdirat(current.raw, name, 0o755) == 0)
            current = try current.open(beneath: Array(name.utf8), O_RDONLY | O_DIRECTORY)
            path += (path.isEmpty ? [] : [UInt8(ascii: "/")]) + Array(name.utf8)
        }
        #expect(path.count > 2 * 4_096)
        let opened = try FileDescriptor(openingFolder: folder.path)
        #expect(try opened.open(beneath: path, FileDescriptor.pathOnly).status().identity == current.status().identity)
    }
}
