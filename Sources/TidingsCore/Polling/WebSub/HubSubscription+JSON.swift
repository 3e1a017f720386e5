// As the ledger keeps it: one JSON object for each feed.

extension HubSubscription {
    package var json: String {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.array("hubs", links.hubs) { $0.string($1) }
            json.field("topic", links.topic)
            json.field("hub", hub)
            json.field("token", token)
            json.field("key", key)
            json.field("askedAt", askedAt)
            json.field("leaseEnd", leaseEnd)
            json.field("nextRequest", nextRequest)
            if failures > 0 { json.field("failures", failures) }
            json.field("problem", problem)
            json.object("trust", trust.write)
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Nil if it cannot be read: the hub is then asked anew.
    package init?(json text: String) {
        guard let json = JSONTree(Array(text.utf8)), let topic = json["topic"]?.text, let hub = json["hub"]?.text,
            let token = json["token"]?.text, let key = json["key"]?.text, let next: Int64 = json.integer("nextRequest"),
            let links = HubLinks(
                header: ((json["hubs"]?.elements ?? []).compactMap(\.text), topic), document: ([], nil), asked: topic),
            links.hubs.contains(hub)
        else { return nil }
        self.init(links, hub: hub, token: token, key: key, nextRequest: next)
        askedAt = json.integer("askedAt")
        leaseEnd = json.integer("leaseEnd")
        failures = json.integer("failures") ?? 0
        problem = json["problem"]?.text
        trust = json["trust"].map(PushTrust.init) ?? PushTrust()
    }
}

extension PushTrust {
    fileprivate func write(_ json: inout JSONWriter) {
        if isProven { json.field("isProven", true) }
        json.field("lastPush", lastPush)
        if misses > 0 { json.field("misses", misses) }
        json.field("lastMiss", lastMiss)
        switch expectation {
        case .push(let since): json.field("expectsSince", since)
        case .start: json.field("isNew", true)
        case nil: break
        }
    }

    fileprivate init(_ json: JSONTree) {
        self.init()
        isProven = json["isProven"]?.bool ?? false
        lastPush = json.integer("lastPush")
        misses = json.integer("misses") ?? 0
        lastMiss = json.integer("lastMiss")
        expectation = json.integer("expectsSince").map { .push(since: $0) } ?? (json["isNew"]?.bool == true ? .start : nil)
    }
}
