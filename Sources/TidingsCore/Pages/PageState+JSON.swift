// The ledger stores a page's state as a JSON object, and beside it when the page is due. Only this file names the fields.

extension PageState {
    /// Absent values are left out.
    package var json: String {
        var json = JSONWriter(capacity: 384)
        json.object { json in
            json.field("dueReason", dueReason.rawValue)
            json.field("notBefore", notBefore)
            json.field("lastAttempt", lastAttempt)
            json.field("askedAt", askedAt)
            json.field("lastSuccess", lastSuccess)
            json.field("lastStatus", lastStatus)
            json.field("problem", problem)
            if wasReread { json.field("wasReread", true) }
            json.field("lastChange", lastChange)
            json.field("headline", headline)
            if consecutiveFailures > 0 { json.field("consecutiveFailures", consecutiveFailures) }
            if consecutiveThrottles > 0 { json.field("consecutiveThrottles", consecutiveThrottles) }
            if let absence {
                json.object("absence") { json in
                    json.field("since", absence.since)
                    json.field("looks", absence.looks)
                }
            }
            if let doubt {
                json.object("doubt") { json in
                    json.field("reason", doubt.reason.rawValue)
                    json.field("content", doubt.content.description)
                    json.field("looks", doubt.looks)
                    json.field("since", doubt.since)
                }
            }
            json.object("validators", validators.write)
            json.object("trust", trust.write)
            json.object("redirects", redirects.write)
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// A missing field, in a state that an older version wrote, gets its initial value; an unknown field is ignored.
    /// Nil if the text is no state: the page is then looked at as a new one.
    package init?(json text: String, nextLook: Int64?) {
        guard let json = JSONTree(Array(text.utf8)), json.isObject, let lastChange: Int64 = json.integer("lastChange") else {
            return nil
        }
        self.init(nextLook: nextLook, lastChange: lastChange)
        dueReason = json["dueReason"]?.text.flatMap(PageReason.init) ?? .age
        notBefore = json.integer("notBefore")
        lastAttempt = json.integer("lastAttempt")
        askedAt = json.integer("askedAt")
        lastSuccess = json.integer("lastSuccess")
        lastStatus = json.integer("lastStatus")
        problem = json["problem"]?.text
        wasReread = json["wasReread"]?.bool ?? false
        headline = json["headline"]?.text
        consecutiveFailures = json.integer("consecutiveFailures") ?? 0
        consecutiveThrottles = json.integer("consecutiveThrottles") ?? 0
        absence = json["absence"].flatMap(PageAbsence.init)
        doubt = json["doubt"].flatMap(StandingDoubt.init)
        validators = json["validators"].map(Validators.init) ?? Validators()
        trust = json["trust"].map(ValidatorTrust.init) ?? ValidatorTrust()
        redirects = json["redirects"].map(RedirectMemory.init) ?? RedirectMemory()
    }
}

extension PageAbsence {
    fileprivate init?(_ json: JSONTree) {
        guard let since: Int64 = json.integer("since"), let looks: Int = json.integer("looks") else { return nil }
        self.init(since: since, looks: looks)
    }
}

extension StandingDoubt {
    fileprivate init?(_ json: JSONTree) {
        guard let reason = json["reason"]?.text.flatMap(PageDoubt.init), let looks: Int = json.integer("looks"),
            let content = json["content"]?.text.flatMap({ ContentHash($0) }), let since: Int64 = json.integer("since")
        else { return nil }
        self.init(reason: reason, content: content, looks: looks, since: since)
    }
}
