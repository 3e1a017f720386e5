import ArgumentParser
import Glibc
import TidingsCore

/// The program's commands. Each reads its arguments, asks the modules, and shows what they say.
struct Tidings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidings",
        abstract: "Watches folders and feeds, keeps every version of every article, and announces each change once.",
        discussion: """
            The settings file is the first of: --config, $TIDINGS_CONFIG, $CONFIGURATION_DIRECTORY/tidings.yaml, \
            ./config/tidings.yaml, $XDG_CONFIG_HOME/tidings/tidings.yaml, /etc/tidings/tidings.yaml. The state folder is the one that \
            it names, else $STATE_DIRECTORY, else /var/lib/tidings for the settings in /etc, else $XDG_STATE_HOME/tidings.

            What you ask for goes to standard output; messages about it go to standard error. Exit status: 0 done, \
            64 usage, 65 data, 69 no daemon or no state, 73 file exists, 74 input or output failed, 75 try again later, \
            77 no permission, 78 settings.

            EXAMPLES
              tidings check && tidings run        start the daemon in this terminal
              tidings tail -f                     watch the changes as they come
              tidings status                      how the daemon and its sources are doing
            """,
        version: programVersion,
        groupedSubcommands: [
            CommandGroup(name: "The daemon:", subcommands: [
                RunCommand.self, StatusCommand.self, ReloadCommand.self, ReingestCommand.self, RotateCommand.self,
            ]),
            CommandGroup(name: "What it knows:", subcommands: [
                TailCommand.self, SnapshotCommand.self, ListCommand.self, SearchCommand.self, LogCommand.self, ShowCommand.self,
                DiffCommand.self, BoilerplateCommand.self,
            ]),
            CommandGroup(name: "Its feeds:", subcommands: [OPMLCommand.self]),
            CommandGroup(
                name: "Checks:",
                subcommands: [CheckCommand.self, ParseCommand.self, VerifyCommand.self, BackupCommand.self]),
        ])
}

/// Unblocks all signals, so that they end this process as they end any command. A parent whose starting thread has them blocked,
/// as Dispatch's threads have, passes that on ("the signal mask is preserved across execve(2)", sigprocmask(2)).
func admitSignals() {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
}

/// Runs the command that the arguments name, and exits with its status.
func runCommandLine() -> Never {
    // A reader that has closed the pipe (`| head`) is then an error of write(2), which ends the command without a message.
    signal(SIGPIPE, SIG_IGN)
    do {
        var command = try Tidings.parseAsRoot()
        try command.run()
        standardOutput.flush()
        exit(EX_OK)
    } catch {
        standardOutput.flush()
        guard let failure = Failure(error) else { Tidings.exit(withError: error) }
        say(failure.message)
        exit(failure.status)
    }
}
