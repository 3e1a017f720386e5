// The ledger stores a poll state as a JSON object, and beside it the time of the next poll, by which it finds the feeds
// that are due. Only this file names the fields, once for writing and once for reading.
//
// It is not `Codable`: a feed's state is written at each poll, and an encoder that goes through dictionaries takes longer
// for it than everything else that a 304 needs.

extension PollState {
    /// Absent values are left out.
    package var json: String {
        var json = JSONWriter(capacity: 640)
        json.object { json in
            json.field("dueReason", dueReason.rawValue)
            json.field("notBefore", notBefore)
            json.field("lastAttempt", lastAttempt)
            json.field("lastSuccess", lastSuccess)
            json.field("lastStatus", lastStatus)
            json.field("failure", failure)
            json.field("sourceState", sourceState.rawValue)
            json.field("consecutiveFailures", consecutiveFailures)
            json.field("consecutiveThrottles", consecutiveThrottles)
            if let absence { json.object("absence", absence.write) }
            json.object("validators", validators.write)
            json.object("trust", trust.write)
            json.object("redirects", redirects.write)
            json.object("feedHints", feedHints.write)
            json.object("pace", pace.write)
            json.field("teasers", teasers.text)
            if watchesPages { json.field("watchesPages", true) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// A missing field, in a state that an older version wrote, gets its initial value; an unknown field is ignored.
    /// Nil if the text is no state: the feed is then polled like a new one.
    package init?(json text: String, nextPoll: Int64) {
        guard let json = JSONTree(Array(text.utf8)), json.isObject else { return nil }
        self.init(nextPoll: nextPoll)
        dueReason = json["dueReason"]?.text.flatMap(PollReason.init) ?? .interval
        notBefore = json.integer("notBefore")
        lastAttempt = json.integer("lastAttempt")
        lastSuccess = json.integer("lastSuccess")
        lastStatus = json.integer("lastStatus")
        failure = json["failure"]?.text
        sourceState = json["sourceState"]?.text.flatMap(SourceState.init) ?? .ok
        consecutiveFailures = json.integer("consecutiveFailures") ?? 0
        consecutiveThrottles = json.integer("consecutiveThrottles") ?? 0
        absence = json["absence"].flatMap(NotFoundStreak.init)
        validators = json["validators"].map(Validators.init) ?? Validators()
        trust = json["trust"].map(ValidatorTrust.init) ?? ValidatorTrust()
        redirects = json["redirects"].map(RedirectMemory.init) ?? RedirectMemory()
        feedHints = json["feedHints"].map(FeedHints.init) ?? FeedHints()
        pace = json["pace"].map(ItemPace.init) ?? ItemPace()
        teasers = json["teasers"]?.text.flatMap(TeaserMemory.init) ?? TeaserMemory()
        watchesPages = json["watchesPages"]?.bool ?? false
    }
}

extension NotFoundStreak {
    fileprivate func write(_ json: inout JSONWriter) {
        json.field("status", status)
        json.field("count", count)
    }

    fileprivate init?(_ json: JSONTree) {
        guard let status: Int = json.integer("status"), let count: Int = json.integer("count") else { return nil }
        self.init(status: status, count: count)
    }
}

extension Validators {
    func write(_ json: inout JSONWriter) {
        json.field("etag", etag)
        json.field("lastModified", lastModified)
    }

    init(_ json: JSONTree) {
        self.init(etag: json["etag"]?.text, lastModified: json["lastModified"]?.text)
    }
}

extension ValidatorTrust {
    func write(_ json: inout JSONWriter) {
        json.field("nextUnconditional", nextUnconditional)
        json.field("validatorLies", validatorLies)
        json.field("distrustedUntil", distrustedUntil)
    }

    init(_ json: JSONTree) {
        self.init()
        nextUnconditional = json.integer("nextUnconditional")
        validatorLies = json.integer("validatorLies") ?? 0
        distrustedUntil = json.integer("distrustedUntil")
    }
}

extension RedirectMemory {
    func write(_ json: inout JSONWriter) {
        json.field("movedTo", movedTo)
        if let candidate { json.object("candidate", candidate.write) }
    }

    init(_ json: JSONTree) {
        self.init()
        movedTo = json["movedTo"]?.text
        candidate = json["candidate"].flatMap(Candidate.init)
    }
}

extension RedirectMemory.Candidate {
    fileprivate func write(_ json: inout JSONWriter) {
        json.field("target", target)
        json.field("firstSeen", firstSeen)
        json.field("successes", successes)
    }

    fileprivate init?(_ json: JSONTree) {
        guard let target = json["target"]?.text, let firstSeen: Int64 = json.integer("firstSeen"),
            let successes: Int = json.integer("successes")
        else { return nil }
        self.init(target: target, firstSeen: firstSeen, successes: successes)
    }
}

extension FeedHints {
    fileprivate func write(_ json: inout JSONWriter) {
        json.field("timeToLiveSeconds", timeToLiveSeconds)
        if let skips { json.object("skips", skips.write) }
    }

    fileprivate init(_ json: JSONTree) {
        self.init(timeToLiveSeconds: json.integer("timeToLiveSeconds"), skips: json["skips"].map(SkipTimes.init))
    }
}

extension SkipTimes {
    fileprivate func write(_ json: inout JSONWriter) {
        json.array("hours", hours) { $0.integer($1) }
        json.array("days", days) { $0.integer($1) }
    }

    fileprivate init(_ json: JSONTree) {
        func numbers(_ name: String) -> [Int] { (json[name]?.elements ?? []).compactMap { $0.text.flatMap { Int($0) } } }
        self.init(hours: numbers("hours"), days: numbers("days"))
    }
}

extension ItemPace {
    fileprivate func write(_ json: inout JSONWriter) {
        json.field("lastFresh", lastFresh)
        json.field("itemGapMilliseconds", itemGapMilliseconds)
        json.field("documentItems", documentItems)
    }

    fileprivate init(_ json: JSONTree) {
        self.init()
        lastFresh = json.integer("lastFresh")
        itemGapMilliseconds = json.integer("itemGapMilliseconds")
        documentItems = json.integer("documentItems")
    }
}

extension JSONTree {
    /// The whole number under `name`; nil if there is none, or it does not fit.
    func integer<Number: FixedWidthInteger>(_ name: String) -> Number? { self[name]?.text.flatMap { Number($0) } }
}
