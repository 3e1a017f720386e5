import Glibc
import TidingsCore

extension Daemon {
    /// Makes one full pass over all sources.
    /// - Returns: 0, or 1 if a source failed or a signal stopped the pass; and a summary for people.
    func runOnce() async throws -> (status: Int32, message: [String]) {
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

        guard let results else {
            return (EXIT_FAILURE, ["stopped by a signal; the next run goes on"])
        }
        let total = await committer.announced
        let counts = ChangeType.allCases.compactMap { type in total[type].map { "\($0) \(type.rawValue)" } }
        let count = total.values.reduce(0, +)
        let summary =
            "\(counted(count, "change")) in \(state.streamFolder)/changes.ndjson"
            + (counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))")
        return (
            results.allSatisfy(\.result.isDone) ? EXIT_SUCCESS : EXIT_FAILURE,
            results.map { "\($0.name): \($0.result.message)" } + [summary]
        )
    }

    /// Each until it fails, or the task is cancelled.
    private func runSinks() async {
        await withTaskGroup(of: Void.self) { group in
            for sink in sinks { group.addTask { try? await sink.run() } }
        }
    }
}
