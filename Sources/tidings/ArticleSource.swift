import TidingsDaemon
import TidingsStore

/// Where a command reads articles.
enum ArticleSource {
    case ledger(LedgerReader)
    /// The daemon that runs on the state: what members of its group may use.
    case daemon(DaemonReader)
}
