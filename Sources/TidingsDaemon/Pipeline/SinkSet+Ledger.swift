import Logging
import TidingsCore
import TidingsSinks
import TidingsStore
import TidingsStream
import TidingsSystem

extension LedgerReader: SinkChanges {}

extension SinkSet {
    /// The webhooks and commands of `settings`, which read the ledger by readers of their own and write to it through `committer`.
    /// - Parameter onTurn: called when one of them stands otherwise than before.
    init(
        _ settings: Settings, state: StateFolder, committer: Committer, environment: [String: String],
        onTurn: @escaping @Sendable () -> Void, logger: Logger
    ) {
        let database = state.database
        let ledger = Ledger(
            surroundings: SinkSurroundings(
                open: { try LedgerReader(path: database) }, noteFailure: { committer.noteFailure($0) }),
            configure: { sinks in
                let reader = try LedgerReader(path: database)
                let begins = try sinks.map { (name: $0.name, kind: $0.kind, begin: try reader.begin($0.from)) }
                return try await committer.maintain { ledger in try ledger.configureSinks(begins, at: wallClockMilliseconds()) }
            },
            save: { record in try await committer.maintain { try $0.putSink(record) } }, onTurn: onTurn)
        let fetch = settings.fetch
        self.init(
            settings.sinks, ledger: ledger,
            makeClient: {
                WebhookClient(userAgent: fetch.userAgent, caFile: fetch.caFile, proxy: fetch.proxy.choice, environment: environment)
            }, environment: environment, logger: logger)
    }
}
