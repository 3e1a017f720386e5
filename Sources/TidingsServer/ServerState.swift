import TidingsCore
import TidingsStore
import TidingsStream

/// What the routes answer from: the change files, the ledger, and what only the daemon knows.
package struct ServerState: Sendable {
    let streamFolder: String
    /// The ledger's file.
    let database: String
    /// The file of the search index, beside the ledger's.
    let searchIndex: String
    /// What is newest in the change files.
    let recent: RecentChanges
    let ledger: LedgerPool
    let daemon: any DaemonFacts
    /// Reads the change files.
    let streams: StreamThreads
    let heartbeat: Heartbeat
    /// What all servers of this state do.
    let traffic = HTTPTraffic()

    /// - Parameters:
    ///   - database: the ledger's file.
    ///   - streamFolder: the folder of the change files.
    package init(database: String, streamFolder: String, recent: RecentChanges, daemon: any DaemonFacts) {
        self.database = database
        self.streamFolder = streamFolder
        searchIndex = String(database[..<(database.lastIndex(of: "/") ?? database.startIndex)]) + "/search.db"
        self.recent = recent
        self.daemon = daemon
        ledger = LedgerPool(database: database)
        streams = StreamThreads(folder: streamFolder, recent: recent)
        heartbeat = Heartbeat(recent: recent, loop: HTTPService.group.next())
    }
}

/// What the daemon tells the server. None of it is a secret: it may be shown to everybody who may read the stream.
package protocol DaemonFacts: Sendable {
    /// The present problems, for people; nil if there are none.
    var trouble: String? { get }
    /// What `tidings status` tells. Calls block.
    func status() throws -> StateStatus
    /// What only its memory knows.
    func figures() async -> DaemonFigures
}
