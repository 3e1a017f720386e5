import ArgumentParser
import Glibc
import TidingsNATS

/// Arguments of `tidings-nats publish`.
struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publishes the changes of a command sink: each once, in order.",
        discussion: """
            sinks:
              - name: bus
                command: [tidings-nats, publish, --servers, "nats://a:4222,nats://b:4222", --replicas, "3"]
                from: start
            """)

    @OptionGroup var broker: BrokerOptions

    @Option(help: "JetStream stream; it is made if it is missing.")
    var stream = "TIDINGS"

    @Option(help: "Subject of the messages.")
    var subject = "tidings.changes"

    @Option(help: "Servers that keep a copy, if the stream is made: 1, 3 or 5.")
    var replicas = 1

    func validate() throws {
        guard [1, 3, 5].contains(replicas) else { throw ValidationError("--replicas is \(replicas): write 1, 3 or 5") }
        let hasWildcard = subject.split(separator: ".", omittingEmptySubsequences: false).contains { ["", "*", ">"].contains($0) }
        guard !hasWildcard else { throw ValidationError("--subject '\(subject)' is no subject to publish to") }
    }

    func run() throws {
        try connected {
            var publisher = try Publisher(
                try broker.settings(name: "tidings-nats publish"),
                StreamPlan(name: stream, subject: subject, replicas: replicas), say: say)
            switch publisher.run() {
            case .inputEnded: return
            case .startAgain(let why):
                say(why)
                throw ExitCode(EX_TEMPFAIL)
            }
        }
    }
}
