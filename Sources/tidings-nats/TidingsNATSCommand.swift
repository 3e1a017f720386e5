import ArgumentParser
import Glibc
import TidingsCore
import TidingsNATS

/// The program's commands. Each reads its arguments and runs one loop of the module.
@main struct TidingsNATSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidings-nats",
        abstract: "Brings the change stream of tidings to NATS JetStream, and has workers fetch for it.",
        discussion: """
            The daemon starts it, as the settings say. README's page "Past one machine" has examples.

            Messages go to standard error. Exit status: 0 its input has ended, 64 usage, 69 the servers refuse it, 75 it is to be \
            started again.
            """,
        version: programVersion,
        subcommands: [PublishCommand.self, DispatchCommand.self, FetchCommand.self])
}

/// How to reach the servers; the same for all commands.
struct BrokerOptions: ParsableArguments {
    @Option(help: "NATS servers, by commas: nats:// or tls://, host and port.")
    var servers = "nats://127.0.0.1:4222"

    @Option(help: ArgumentHelp("User's JWT and NKEY seed, as NATS' tools write them; %d/ is $CREDENTIALS_DIRECTORY.", valueName: "file"))
    var credentials: String?

    @Option(help: ArgumentHelp("Certificate authorities to trust, PEM.", valueName: "file"))
    var caFile: String?

    func settings(name: String) throws -> BrokerSettings {
        let list = servers.split(separator: ",").map { String($0.drop { $0 == " " }) }
        guard !list.isEmpty else { throw ValidationError("--servers names no server") }
        var settings = BrokerSettings(servers: list, name: name)
        settings.caFile = caFile
        settings.credentialsFile = try credentials.map { path in
            guard path.hasPrefix("%d/") else { return path }
            guard let folder = unsafe getenv("CREDENTIALS_DIRECTORY") else {
                throw ValidationError("$CREDENTIALS_DIRECTORY is not set, and --credentials is \(path); add LoadCredential= to the unit")
            }
            return unsafe String(cString: folder) + path.dropFirst(2)
        }
        return settings
    }
}

func say(_ message: String) {
    let line = Array("tidings-nats: \(message)\n".utf8)
    _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
