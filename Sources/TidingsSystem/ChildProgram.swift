import CLinux
import Glibc

/// A program that runs as our child, in a process group of its own, with pipes to its standard input, output and error. Our ends do not
/// block. Whoever lets go of it while it runs kills it. Used by one thread.
///
/// A class, because the move checker of Swift 6.3 does not come to an end over a `~Copyable` struct with these descriptors.
@safe package final class ChildProgram {
    package let pid: pid_t
    private var inputEnd: FileDescriptor?
    package let output: FileDescriptor
    package let errors: FileDescriptor
    /// Readable when the program has ended (pidfd_open(2)).
    package let life: FileDescriptor
    private var isReaped = false

    /// What the daemon got from its own manager, and no other program is to use.
    private static let ownVariables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"]

    /// The environment for a program that the daemon starts.
    /// - Parameter environment: the daemon's.
    package static func environment(_ environment: [String: String]) -> [String: String] {
        environment.filter { !ownVariables.contains($0.key) }
    }

    /// - Parameters:
    ///   - command: a path, or a name to be found in `$PATH`, and the arguments. No shell reads them.
    ///   - environment: all of the program's.
    /// - Throws: what kept it from being started.
    package init(_ command: [String], environment: [String: String]) throws(SystemError) {
        let input = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        for ours in [input.writing.raw, output.reading.raw, errors.reading.raw] {
            guard fcntl(ours, F_SETFL, O_NONBLOCK) == 0 else { throw .last }
        }
        let child = try Self.spawn(command, environment: environment, [input.reading.raw, output.writing.raw, errors.writing.raw])
        let raw = tidings_pidfd_open(child)
        guard raw >= 0 else {
            let error = SystemError.last
            kill(-child, SIGKILL)
            throw error
        }
        pid = child
        life = FileDescriptor(raw)
        inputEnd = input.takeWriting()
        self.output = output.takeReading()
        self.errors = errors.takeReading()
    }

    /// To its standard input; nil once it is closed.
    package var input: Int32? { inputEnd?.raw }

    package func closeInput() { inputEnd = nil }

    /// Whether it has ended. Asked before the last look at its output, all that it has written is seen.
    package var hasEnded: Bool {
        var polled = [pollfd(fd: life.raw, events: Int16(POLLIN), revents: 0)]
        return unsafe poll(&polled, 1, 0) > 0
    }

    deinit {
        if isReaped { return }
        kill(-pid, SIGKILL)
        _ = try? retryingInterrupted { Int(waitpid(pid, nil, 0)) }
    }

    /// Sends `signal` to the program and to what it has started, as far as that is in its process group.
    package func signalGroup(_ signal: Int32) { kill(-pid, signal) }

    /// How the program ended. To be called when `life` is readable, and once. Ends what it has left behind in its process group, too:
    /// until it is waited for, nobody else can have its number.
    package func reap() throws(SystemError) -> ShellCommand.End {
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        _ = try retryingInterrupted { unsafe Int(waitpid(pid, &status, 0)) }
        isReaped = true
        return ShellCommand.End(waitStatus: status)
    }

    private static func spawn(
        _ command: [String], environment: [String: String], _ standard: [Int32]
    ) throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in standard.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Ignored signals stay ignored in a new program (execve(2)), and blocked ones blocked: the daemon ignores SIGPIPE, and its
        // main thread blocks what it waits for.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var arguments = unsafe strings(command)
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var variables = unsafe strings(environment.map { "\($0.key)=\($0.value)" }.sorted())
        defer { unsafe variables.forEach { unsafe free($0) } }
        var child: pid_t = 0
        // The HTTP server opens its sockets without that flag: they would outlive the daemon in the program.
        _ = tidings_close_on_exec_from(UInt32(standard.count))
        let code = unsafe posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw SystemError(code: code) }
        return child
    }

    /// C strings, and the null pointer that ends their list.
    private static func strings(_ list: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe []
        for text in list { unsafe copies.append(strdup(text)) }
        unsafe copies.append(nil)
        return unsafe copies
    }
}

private struct Pipe: ~Copyable {
    let reading: FileDescriptor
    let writing: FileDescriptor

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe tidings_pipe(&ends) == 0 else { throw .last }
        reading = FileDescriptor(ends[0])
        writing = FileDescriptor(ends[1])
    }

    /// Closes the other end.
    consuming func takeReading() -> FileDescriptor { reading }
    consuming func takeWriting() -> FileDescriptor { writing }
}
