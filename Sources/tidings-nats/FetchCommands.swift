import ArgumentParser
import Glibc
import TidingsNATS
import TidingsSystem

/// Which queue of jobs; the same for both commands.
struct QueueOptions: ParsableArguments {
    @Option(help: "JetStream work queue, and first part of its subjects; it is made if it is missing.")
    var queue = "TIDINGS_FETCH"

    @Option(help: "Servers that keep a copy, if the queue is made: 1, 3 or 5.")
    var replicas = 1

    @Option(help: ArgumentHelp("How long a worker may be silent before another one gets its requests, if the queue is made.", valueName: "seconds"))
    var silence = 30

    func validate() throws {
        guard (1...600).contains(silence) else { throw ValidationError("--silence is \(silence): write 1 to 600") }
        guard [1, 3, 5].contains(replicas) else { throw ValidationError("--replicas is \(replicas): write 1, 3 or 5") }
        guard !queue.isEmpty, !queue.contains(where: { " .*>/\\".contains($0) }) else {
            throw ValidationError("--queue '\(queue)' cannot name a stream: write it without ' ', '.', '*', '>', '/' and '\\'")
        }
    }

    var value: JobQueue { JobQueue(name: queue, replicas: replicas, silence: .seconds(silence)) }
}

/// Arguments of `tidings-nats dispatch`.
struct DispatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "Gives the daemon's requests to workers.",
        discussion: """
            fetch:
              command: [tidings-nats, dispatch, --servers, "nats://a:4222,nats://b:4222", --replicas, "3"]
            """)

    @OptionGroup var broker: BrokerOptions
    @OptionGroup var queue: QueueOptions

    func run() throws {
        try connected {
            var dispatcher = try Dispatcher(try broker.settings(name: "tidings-nats dispatch"), queue.value, say: say)
            try dispatcher.run()
        }
    }
}

/// Arguments of `tidings-nats fetch`.
struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Works off requests of daemons; any number of these may run, on any machine.",
        discussion: "TERM and INT end it; others then get at once what it has begun.")

    @OptionGroup var broker: BrokerOptions
    @OptionGroup var queue: QueueOptions

    @Option(help: "Requests at the same time, 1 to 10000.")
    var concurrency = 64

    func validate() throws {
        guard (1...10_000).contains(concurrency) else { throw ValidationError("--concurrency is \(concurrency): write 1 to 10000") }
    }

    func run() throws {
        let stop = try EndingSignals()
        try connected {
            var worker = try Worker(
                try broker.settings(name: "tidings-nats fetch"), queue.value, concurrency: concurrency, say: say)
            worker.run(until: stop.descriptor)
        }
    }
}

/// Runs `body`. An error of the broker ends the program with a message.
func connected(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as BrokerError {
        say("\(error)")
        throw ExitCode(EX_UNAVAILABLE)
    }
}
