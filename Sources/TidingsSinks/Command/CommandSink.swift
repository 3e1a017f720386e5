import Logging
import Synchronization
import TidingsCore
import TidingsSystem

/// Gives the changes to a program of the user's, which it starts, and starts again when it has died, hangs, or says what is not so.
package final class CommandSink: RunningSink {
    package let settings: SinkSettings
    package let bookkeeper: SinkBookkeeper
    private let command: CommandSettings
    private let environment: [String: String]
    private let surroundings: SinkSurroundings
    private let logger: Logger
    private let control: CommandControl
    private let wake = Alarm()

    /// A program that ran for so long has failed for a new reason.
    private static let longLife = Duration.seconds(60)

    /// - Parameter environment: the daemon's; the program gets it without what is for the daemon alone.
    package init(
        _ settings: SinkSettings, _ command: CommandSettings, environment: [String: String], bookkeeper: SinkBookkeeper,
        surroundings: SinkSurroundings, logger: Logger
    ) throws(SystemError) {
        self.settings = settings
        self.command = command
        self.environment = ChildProgram.environment(environment)
        self.bookkeeper = bookkeeper
        self.surroundings = surroundings
        var logger = logger
        logger[metadataKey: SinkLogKey.sink] = "\(settings.name)"
        self.logger = logger
        control = try CommandControl()
    }

    package func ring() { control.ring() }

    package func stop() {
        control.stop()
        wake.ring()
    }

    private var isEnding: Bool { control.isStopping || Task.isCancelled }

    package func run() async {
        var failures = 0
        while !isEnding {
            let begin = ContinuousClock.now
            let (end, hasProgressed) = await session()
            if hasProgressed || .now - begin > Self.longLife { failures = 0 }
            switch end {
            case .stopped: return
            case .impossible(let why):
                logger.error("the command sink stops", metadata: [SinkLogKey.reason: "\(why)"])
                bookkeeper.update { [surroundings] in $0.state.turn(.stopped, why, at: surroundings.now()) }
                while !isEnding { await wake.wait() }
            case .failed(let why):
                if isEnding { return }
                failures += 1
                await pause(afterFailures: failures, why)
            }
        }
    }

    private func pause(afterFailures failures: Int, _ why: String) async {
        let now = surroundings.now()
        let pause = SinkBackOff.pause(
            afterFailures: failures, ceiling: SinkBackOff.commandCeilingMilliseconds, jitter: surroundings.jitter())
        logger.warning("the program is started again", metadata: [SinkLogKey.reason: "\(why)", SinkLogKey.pause: "\(pause) ms"])
        bookkeeper.update { record in
            record.state.turn(.failing, why, at: now)
            record.state.failures = failures
            record.state.nextTry = now + pause
        }
        let end = ContinuousClock.now + .milliseconds(pause)
        while ContinuousClock.now < end, !isEnding { await wake.wait(until: end) }
    }

    /// Runs the program once, on a thread of its own: it may take hours to read a line.
    private func session() async -> (CommandSession.End, hasProgressed: Bool) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                do throws(SystemError) {
                    // Nobody joins the thread.
                    _ = try SystemThread(name: "sink") { [self] in
                        var session = CommandSession(
                            settings: settings, command: command, environment: environment, bookkeeper: bookkeeper,
                            surroundings: surroundings, control: control, logger: logger)
                        let end = session.run()
                        done.resume(returning: (end, session.hasProgressed))
                    }
                } catch {
                    done.resume(returning: (.failed("there is no thread for the program: \(error.message)"), false))
                }
            }
        } onCancel: {
            control.die()
        }
    }
}
