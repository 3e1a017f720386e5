import Glibc

extension Daemon {
    /// Makes one full pass over all sources.
    /// - Returns: status 0, or 1 if a source failed or a signal stopped the pass.
    func runOnce() async throws -> RunEnd {
        // Copies committed changes while the sources still look. `publish()` below writes the rest.
        async let _ = runSinks()
        let results = await withTaskGroup(of: [(name: String, result: PassResult)]?.self) { group in
            group.addTask { await self.sources.lookOnce() }
            group.addTask {
                for await requests in self.inbox where requests.contains(.stop) { return nil }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        await sources.close()
        quarantine.close()
        for sink in sinks { try await sink.deliverAll() }
        await retention?.tidy()
        if let error = health.fatalError { throw error }
        await emptyLog()

        guard let results else { return RunEnd(EXIT_FAILURE, ["stopped by a signal; the next run goes on"]) }
        let pass = PassReport(
            results: results, announced: await committer.announced, changeFile: "\(state.streamFolder)/changes.ndjson")
        var lines = pass.lines
        let waiting = settings.sinks.map(\.name)
        if !waiting.isEmpty { lines.append("\(waiting.joined(separator: ", ")): webhooks and commands get these changes from the running daemon") }
        return RunEnd(pass.isDone ? EXIT_SUCCESS : EXIT_FAILURE, lines, pass: pass)
    }

    /// Each until it fails, or the task is cancelled.
    private func runSinks() async {
        await withTaskGroup(of: Void.self) { group in
            for sink in sinks { group.addTask { try? await sink.run() } }
        }
    }
}
