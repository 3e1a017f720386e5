import TidingsStore
import TidingsSystem

/// What the service manager is told.
extension Daemon {
    func tellReady() async {
        let line = await status(sinceLast: 0).text.line
        stage.withLock { told in
            guard told.stage != .stopping else { return }
            told = (.ready, line)
            timeoutExtension?.end()
            notifier?.send(.ready, .status(line))
        }
    }

    func tellStopping() {
        stage.withLock { told in
            told = (.stopping, "stopping")
            timeoutExtension?.begin()
            notifier?.send(.stopping, .status("stopping"))
        }
    }

    /// Before READY=1 the service manager still waits for the start, and a reload is a part of the start.
    func tellReloading() -> Bool {
        stage.withLock { told in
            if told.stage == .ready { notifier?.send(.reloading(monotonicMicroseconds: monotonicMicroseconds())) }
            return told.stage == .ready
        }
    }

    func renewStatus() async {
        var seen: Int64 = 0
        await statusBoard.run {
            let (text, isBehind) = await status(sinceLast: seen)
            seen = text.changes
            stage.withLock { told in
                guard told.stage != .stopping, told.status != text.line else { return }
                told.status = text.line
                notifier?.send(.status(text.line))
            }
            return isBehind
        }
    }

    /// - Parameter seen: the newest change at the look before. A sink that lacks older ones lags; newer ones may be on their way.
    /// - Returns: whether a sink lacks any.
    private func status(sinceLast seen: Int64) async -> (text: StatusText, isBehind: Bool) {
        let names = Set(await sources.names)
        // Without the ledger there is other trouble to tell of.
        let failing = (try? await committer.maintain { try $0.failingSources() }) ?? []
        var text = StatusText(sources: names.count, changes: await committer.lastSequence, trouble: health.message)
        text.failing = failing.filter(names.contains)
        text.troubledSinks = await sinkSet.troubled
        var isBehind = false
        for sink in sinks {
            guard let confirmed = await sink.confirmed else {
                isBehind = true
                continue
            }
            if confirmed < text.changes { isBehind = true }
            if confirmed < seen { text.lagging.append(StatusText.Lag(sink: sink.name, changes: text.changes - confirmed)) }
        }
        return (text, isBehind)
    }
}
