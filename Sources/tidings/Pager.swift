import FoundationEssentials
import Glibc
import TidingsSystem

/// A program through which a person reads what is longer than the screen: $TIDINGS_PAGER, else $PAGER, else `less`. An empty
/// name, or `cat`, means none, as for git.
struct Pager {
    private let command: String

    /// Nil if standard output is no terminal, or there is no pager.
    init?(_ environment: [String: String] = processEnvironment) {
        guard standardOutput.isTerminal else { return nil }
        if let command = environment["TIDINGS_PAGER"] ?? environment["PAGER"] {
            guard !["", "cat"].contains(command) else { return nil }
            self.command = command
        } else {
            // `less` waits for a key before it begins where the terminal can do nothing.
            let folders = (environment["PATH"] ?? "").split(separator: ":")
            guard let terminal = environment["TERM"], terminal != "dumb",
                folders.contains(where: { unsafe access("\($0)/less", X_OK) == 0 })
            else { return nil }
            command = "less"
        }
    }

    /// Waits until the person has read it.
    /// - Returns: whether the pager could be started.
    func show(_ text: [UInt8]) -> Bool {
        // It ends at once if all fits on the screen, shows colours, and leaves the text there. A person's own choice stands.
        unsafe setenv("LESS", "FRX", 0)
        unsafe setenv("LV", "-c", 0)
        // The pager gets these as they usually are. An interrupt is for it alone, from then on.
        signal(SIGPIPE, SIG_DFL)
        guard let pipe = unsafe popen(command, "w") else { return false }
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        // An error means that the reader has seen enough.
        try? unsafe writeAll(text, to: fileno(pipe))
        let status = unsafe pclose(pipe)
        // The shell's statuses for a program that is not there or cannot be run (POSIX, Shell & Utilities 2.8.2).
        return ![126, 127].contains((status >> 8) & 0xFF)
    }
}
