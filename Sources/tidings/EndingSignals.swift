import Glibc

/// TERM and INT as a descriptor that becomes readable, for a command that has something to put in order before it ends. The second
/// of a kind ends the process as it always does.
struct EndingSignals {
    /// Never closed: the handlers know it.
    let descriptor: Int32

    /// To be made once.
    init() throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw Failure(EX_OSERR, "cannot make a pipe") }
        descriptor = ends[0]
        unsafe endingBell = ends[1]
        for number in [SIGTERM, SIGINT] {
            signal(number) { number in
                // Only calls that signal-safety(7) lists; who was interrupted must find its errno again.
                let code = errno
                var ring: UInt8 = 0
                _ = unsafe write(endingBell, &ring, 1)
                signal(number, SIG_DFL)
                errno = code
            }
        }
    }
}

/// Where the handlers write. Set before there are handlers, and never again.
private nonisolated(unsafe) var endingBell: Int32 = -1
