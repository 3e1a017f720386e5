// The ledger stores a robots state as a JSON object. Only this file names the fields.

extension RobotsState {
    /// Absent values are left out.
    package var json: String {
        var json = JSONWriter(capacity: 256 + (rules?.lines.count ?? 0))
        json.object { json in
            json.field("token", token)
            json.field("rules", rules?.stored)
            json.field("fetchedAt", fetchedAt)
            json.field("status", status)
            if failures > 0 { json.field("failures", failures) }
            json.field("failingSince", failingSince)
            json.field("nextFetch", nextFetch)
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Nil if the text is no state: then the file is asked for as if it never was.
    package init?(json text: String) {
        guard let json = JSONTree(Array(text.utf8)), let token = json["token"]?.string, let next = json["nextFetch"]?.integer
        else { return nil }
        self.init(token: token, nextFetch: Int64(next))
        rules = (json["rules"]?.string).map(RobotsRules.init(stored:))
        fetchedAt = (json["fetchedAt"]?.integer).map(Int64.init)
        status = json["status"]?.integer
        failures = min(max(json["failures"]?.integer ?? 0, 0), Self.failuresCounted)
        failingSince = (json["failingSince"]?.integer).map(Int64.init)
    }
}
