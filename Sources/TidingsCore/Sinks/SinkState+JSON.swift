// A state that cannot be read counts as new: what matters, the confirmed number, stands beside it.
extension SinkState {
    /// As the ledger keeps it.
    package var json: String {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.field("standing", standing.rawValue)
            json.field("since", since)
            json.field("detail", detail)
            json.field("lastAnswer", lastAnswer)
            json.field("lastAnswerAt", lastAnswerAt)
            json.field("failures", failures)
            json.field("nextTry", nextTry)
            json.field("passed", passed)
            guard let missed else { return }
            json.object("missed") { json in
                json.field("first", missed.first)
                json.field("last", missed.last)
                json.field("at", missed.at)
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    package init(json text: String) {
        self.init()
        guard let json = JSONTree(Array(text.utf8)) else { return }
        func integer(_ json: JSONTree?, _ name: String) -> Int64? { json?[name]?.integer.map(Int64.init) }
        standing = json["standing"]?.text.flatMap(Standing.init) ?? .new
        since = integer(json, "since")
        detail = json["detail"]?.text
        lastAnswer = json["lastAnswer"]?.text
        lastAnswerAt = integer(json, "lastAnswerAt")
        failures = json["failures"]?.integer ?? 0
        nextTry = integer(json, "nextTry")
        passed = integer(json, "passed")
        let gap = json["missed"]
        if let first = integer(gap, "first"), let last = integer(gap, "last"), let at = integer(gap, "at") {
            missed = MissedChanges(first: first, last: last, at: at)
        }
    }
}
