import TidingsCore

// What is remembered of robots.txt files. It is no part of the change stream: without it a file is fetched again.

extension Ledger {
    /// Stores what a fetch of the robots.txt at `address` came to.
    package func putRobots(_ state: RobotsState, at address: String) throws(StoreError) {
        try connection.prepare(
            "INSERT INTO robots VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state"
        ).run(.text(address), .text(state.token), .text(state.json))
    }
}

extension LedgerReader {
    /// What is remembered of the robots.txt at `address`, as it was read for the product token `token`; nil if nothing is.
    package func robots(at address: String, token: String) throws(StoreError) -> RobotsState? {
        try statement("SELECT state FROM robots WHERE address = ? AND token = ?").first(.text(address), .text(token)) {
            RobotsState(json: $0.text(0))
        } ?? nil
    }
}
