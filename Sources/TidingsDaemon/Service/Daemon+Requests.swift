import Logging
import TidingsCore
import TidingsServer
import TidingsStore
import TidingsStream
import TidingsSystem

/// What signals and commands ask of the daemon.
extension Daemon {
    /// Reads the settings again and applies them. Bad settings change nothing.
    func reload() async -> ControlReply {
        let isReady = tellReloading()
        let reply: ControlReply
        do {
            let new = try SettingsFile.load(settingsFile, environment: environment)
            let needRestart = try await sources.reload(new)
            try await sinkSet.reload(new.sinks)
            health.clear(.settings)
            logger.notice("settings reloaded", metadata: [LogKey.path: "\(settingsFile)"])
            var message = "the settings are in effect"
            if !needRestart.isEmpty {
                let keys = needRestart.joined(separator: ", ")
                logger.warning("some settings take effect at the next start", metadata: [LogKey.reason: "\(keys)"])
                message += ", but for what takes effect at the next start: \(keys)"
            }
            reply = ControlReply(.done, message)
        } catch is CancellationError {
            reply = ControlReply(.notNow, "the daemon stops; the settings take effect at its next start")
        } catch {
            health.report(.settings, "the old settings stay in effect: \(error)")
            logger.error("settings not reloaded; the old ones stay", metadata: [LogKey.reason: "\(error)"])
            reply = ControlReply(.badSettings, "\(error)")
        }
        if isReady { await tellReady() }
        return reply
    }

    /// Begins a new change file.
    /// - Returns: `notNow` if that is too soon; it then comes by itself.
    func rotate() async -> ControlReply {
        do {
            switch try await changeFile.rotate() {
            case .sealed(let name): return ControlReply(.done, "sealed \(name)")
            case .tooSoon(let wait):
                let seconds = counted(Int((wait + 999) / 1000), "second")
                return ControlReply(
                    .notNow, "the last new change file is too young (stream.rotate_spacing); the next one comes in \(seconds), by itself")
            case .nothingToSeal, .notDue: return ControlReply(.done, "nothing to seal: the change file has no changes yet")
            }
        } catch {
            logger.error("change file not rotated", metadata: [LogKey.reason: "\(error)"])
            let isTransient = (error as? StreamError).map { $0.reason != .syncFailed } ?? false
            if !isTransient { health.fail(error) }
            return ControlReply(.failed, "\(error)")
        }
    }

    /// Makes sources read everything again, and waits for them.
    /// - Parameter names: the sources; all if it is empty.
    /// - Returns: the results, sorted by name.
    func reingest(
        _ names: [String], acceptsRemovals: Bool,
        onEach: @escaping @Sendable (String, PassResult) -> Void = { _, _ in }
    ) async -> [(name: String, result: PassResult)] {
        await sources.reingest(names, acceptsRemovals: acceptsRemovals, onEach: onEach)
    }

    /// The present problems, for people; nil if there are none.
    package var trouble: String? { health.message }

    var sourceNames: [String] { get async { await sources.names } }
}
