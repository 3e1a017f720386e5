import CLinux
import Glibc

/// A command line of the shell, which gets bytes on its standard input. Standard output and standard error are ours.
@safe package struct ShellCommand: Sendable {
    /// How a run ended (wait(2)).
    package enum End: Equatable, Sendable {
        case exited(status: Int32)
        case killed(signal: Int32)

        /// - Parameter status: as waitpid(2) gives it. WIFEXITED, WEXITSTATUS and WTERMSIG are macros, which Swift does not see.
        init(waitStatus status: Int32) {
            self = status & 0x7F == 0 ? .exited(status: (status >> 8) & 0xFF) : .killed(signal: status & 0x7F)
        }
    }

    package let line: String

    package init(line: String) { self.line = line }

    /// Runs it with `input`, and waits until it ends. A command may end without having read all of its input.
    /// - Throws: what kept it from being started. A program that the shell does not find is no error: the shell exits with 127.
    package func run(input: [UInt8]) throws(SystemError) -> End {
        var ends: [Int32] = [-1, -1]
        guard unsafe tidings_pipe(&ends) == 0 else { throw .last }
        let output = FileDescriptor(ends[1])
        let child: pid_t
        do {
            let input = FileDescriptor(ends[0])
            // A command that does not read must not keep us from seeing that it has ended.
            guard fcntl(output.raw, F_SETFL, O_NONBLOCK) == 0 else { throw .last }
            child = try start(reading: input.raw)
        }
        give(input, to: child, through: output)
        var status: Int32 = 0
        _ = try retryingInterrupted { unsafe Int(waitpid(child, &status, 0)) }
        return End(waitStatus: status)
    }

    private func start(reading input: Int32) throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        // We ignore SIGPIPE, and ignored signals stay ignored in a new program (execve(2)).
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var usual = sigset_t()
        unsafe sigemptyset(&usual)
        unsafe sigaddset(&usual, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &usual)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        var child: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe []
        for argument in ["sh", "-c", line] { unsafe arguments.append(strdup(argument)) }
        unsafe arguments.append(nil)
        defer { unsafe arguments.forEach { unsafe free($0) } }
        let code = unsafe posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ)
        guard code == 0 else { throw SystemError(code: code) }
        return child
    }

    /// Writes until all is written, or the child has closed its end or ended. What it made of that, its status tells.
    private func give(_ bytes: [UInt8], to child: pid_t, through pipe: consuming FileDescriptor) {
        let life = tidings_pidfd_open(child)
        defer { if life >= 0 { close(life) } }
        var rest = bytes[...]
        while !rest.isEmpty {
            var polled = [
                pollfd(fd: pipe.raw, events: Int16(POLLOUT), revents: 0),
                // A negative descriptor is ignored (poll(2)).
                pollfd(fd: life, events: Int16(POLLIN), revents: 0),
            ]
            let count = unsafe poll(&polled, nfds_t(polled.count), -1)
            if count < 0, errno == EINTR { continue }
            if count < 0 || polled[1].revents != 0 { return }
            let written = unsafe rest.withUnsafeBytes { unsafe write(pipe.raw, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return
            }
            rest = rest.dropFirst(written)
        }
    }
}
