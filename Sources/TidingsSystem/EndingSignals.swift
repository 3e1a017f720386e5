import Glibc

/// TERM and INT as a descriptor that becomes readable, for a program that has something to do before it ends. A second signal of
/// the same kind ends the process at once.
package struct EndingSignals {
    /// Never closed: the handlers write to its other end.
    package let descriptor: Int32

    /// Called once in a process.
    package init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .last }
        descriptor = ends[0]
        unsafe endingBell = ends[1]
        // Who started the program may have them blocked: "the signal mask is preserved across execve(2)" (sigprocmask(2)).
        var ending = sigset_t()
        unsafe sigemptyset(&ending)
        for number in [SIGTERM, SIGINT] {
            unsafe sigaddset(&ending, number)
            signal(number) { number in
                // Only calls that signal-safety(7) lists. The code that was interrupted must find its errno unchanged.
                let code = errno
                var ring: UInt8 = 0
                _ = unsafe write(endingBell, &ring, 1)
                signal(number, SIG_DFL)
                errno = code
            }
        }
        unsafe pthread_sigmask(SIG_UNBLOCK, &ending, nil)
    }
}

/// The end of the pipe that the handlers write to. Set before they are installed, and never again.
private nonisolated(unsafe) var endingBell: Int32 = -1
