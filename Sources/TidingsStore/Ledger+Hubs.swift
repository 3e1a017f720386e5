import TidingsCore

// What is remembered of subscriptions at hubs. It is no part of the change stream: without it a hub is asked anew.

extension Ledger {
    /// Stores the subscription of a feed; removes it if it is nil.
    package func putHubSubscription(_ subscription: HubSubscription?, of source: SourceID) throws(StoreError) {
        guard let subscription else {
            return try connection.prepare("DELETE FROM hub_subscriptions WHERE source = ?").run(.integer(source.row))
        }
        try connection.prepare(
            "INSERT INTO hub_subscriptions VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state"
        ).run(.integer(source.row), .text(subscription.json))
    }

    /// Forgets all subscriptions, where hubs can reach the daemon no longer.
    package func removeHubSubscriptions() throws(StoreError) { try connection.execute("DELETE FROM hub_subscriptions") }
}

extension LedgerReader {
    /// The subscriptions of all feeds.
    package func hubSubscriptions() throws(StoreError) -> [SourceID: HubSubscription] {
        guard try Schema.hasHubs(connection) else { return [:] }
        var list: [SourceID: HubSubscription] = [:]
        try connection.prepare("SELECT source, state FROM hub_subscriptions").each { row in
            list[SourceID(row: row.integer(0))] = HubSubscription(json: row.text(1))
            return true
        }
        return list
    }
}
