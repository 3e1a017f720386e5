import Foundation

/// A program that was run to its end, and what it wrote.
struct CapturedRun: Sendable {
    enum End: Equatable, Sendable {
        case exit(status: Int32)
        case signal(Int32)
        /// It was killed, because it took longer than it may.
        case overdue
    }

    let end: End
    let output: [UInt8]
    let errors: String

    init(_ program: String, _ arguments: [String], limitSeconds: Int) throws {
        let output = try Pipe()
        let errors = try Pipe()
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        // "the FD_CLOEXEC flag [...] is not set" on what dup2 made (dup(2)); all else is closed for the program.
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.writer, STDERR_FILENO)
        var id: pid_t = 0
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let code = unsafe withCStrings([program] + arguments) { arguments in
            unsafe withCStrings(environment) { unsafe posix_spawnp(&id, program, &actions, nil, arguments, $0) }
        }
        output.closeWriter()
        errors.closeWriter()
        guard code == 0 else { throw BenchError("cannot start \(program): \(unsafe String(cString: strerror(code)))") }

        let isInTime = drain(output, errors, until: .now + .seconds(limitSeconds))
        if !isInTime { kill(id, SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        end = !isInTime ? .overdue : signal != 0 ? .signal(signal) : .exit(status: status >> 8 & 0xFF)
        self.output = output.bytes
        self.errors = String(decoding: errors.bytes, as: UTF8.self)
    }
}

/// Reads both to their ends, so that a program that writes much to one is not kept waiting by the other.
/// - Returns: false if they had not ended at `deadline`.
private func drain(_ output: Pipe, _ errors: Pipe, until deadline: ContinuousClock.Instant) -> Bool {
    while !output.isAtEnd || !errors.isAtEnd {
        let milliseconds = Int32(max(0, (deadline - .now).inSeconds * 1e3))
        // A negative descriptor is not watched (poll(2)).
        var watched = [output, errors].map { pollfd(fd: $0.isAtEnd ? -1 : $0.reader, events: Int16(POLLIN), revents: 0) }
        let count = unsafe watched.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, 2, milliseconds) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        if watched[0].revents != 0 { output.read() }
        if watched[1].revents != 0 { errors.read() }
    }
    return true
}

/// A pipe, and what was read from it.
private final class Pipe {
    let reader: Int32
    private(set) var writer: Int32
    private(set) var bytes: [UInt8] = []
    private(set) var isAtEnd = false

    init() throws {
        var ends: [Int32] = [-1, -1]
        // Closed in programs that other threads start at this moment, which would hold it open. Swift's Glibc lacks pipe2.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw BenchError.system("make a pipe") }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        closeWriter()
    }

    func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Waits for bytes, or for the end, which comes when the last process with a writer has closed it.
    func read() {
        var page = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe page.withUnsafeMutableBytes { unsafe Glibc.read(reader, $0.baseAddress, $0.count) }
        if count > 0 { bytes += page[..<count] }
        if count == 0 || (count < 0 && errno != EINTR) { isAtEnd = true }
    }
}
