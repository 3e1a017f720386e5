import ArgumentParser
import Glibc
import TidingsDaemon
import TidingsServer

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Make the running daemon read its settings again.",
        discussion: """
            Mistakes are reported, with exit status 78, and the daemon keeps its old settings. Settings that take effect only at the \
            next start are named. Feeds whose headers_file was missing are asked again.

            EXAMPLES
              tidings reload
              tidings reload --no-wait            only tell the daemon
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var answer: AnswerOptions

    func run() throws { try command(.reload, on: common.state(), answer) }
}

struct ReingestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reingest", abstract: "Make the running daemon read everything again.",
        discussion: """
            Files and feeds are read whatever their times and validators say. What has not changed is not announced.

            EXAMPLES
              tidings reingest                          all sources
              tidings reingest seeds astana-times       these two
              tidings reingest seeds --accept-removals  believe a mass removal that `tidings status` shows as held
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var answer: AnswerOptions

    @Argument(help: ArgumentHelp("Names of sources; all if none is given.", valueName: "source"))
    var sources: [String] = []

    @Flag(help: "Removals that are held are meant: carry them out.")
    var acceptRemovals = false

    func run() throws {
        if acceptRemovals, sources.isEmpty { throw ValidationError("--accept-removals needs the name of the source.") }
        let request = ControlRequest.reingest(sources: sources, acceptsRemovals: acceptRemovals)
        try command(request, on: common.state(), answer)
    }
}

struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make the running daemon begin a new change file.",
        discussion: """
            Too soon after the one before (stream.rotate_spacing), the new file comes a little later, by itself: the exit status is 75, \
            and the message says when.

            EXAMPLES
              tidings rotate
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var answer: AnswerOptions

    func run() throws { try command(.rotate, on: common.state(), answer) }
}

struct AnswerOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Wait until it is done and say how it went.")
    var wait = true

    @Flag(help: "The daemon's answer as one JSON object.")
    var json = false
}

/// Sends `request` to the daemon and shows what it says.
private func command(_ request: ControlRequest, on state: StateFolder, _ options: AnswerOptions) throws {
    let bar = ProgressBar("the daemon works")
    defer { bar.finish() }
    let reply = try ControlClient.send(request, to: state, waits: options.wait) { bar.show($0) }
    bar.finish()
    if options.json { standardOutput.line(reply.json) } else if reply.outcome == .done { say(reply.message) }
    let status: Int32? =
        switch reply.outcome {
        case .done: nil
        case .badSettings: EX_CONFIG
        case .badRequest: EX_USAGE
        case .notNow: EX_TEMPFAIL
        case .failed: EX_SOFTWARE
        }
    if let status { throw Failure(status, options.json ? "" : reply.message) }
}
