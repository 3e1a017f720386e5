import TidingsCore
import TidingsStore

// How a source stands, and what to do about it.
extension SourceStatus {
    var tone: Tone {
        if source.removalsHeld != nil { return .bad }
        switch stateName {
        case "ok": return .good
        case "failing", "gone": return .bad
        case "new": return .noted
        default: return .quiet
        }
    }

    var stateWords: String {
        switch stateName {
        case "new": "not read yet"
        default: stateName.replacing("_", with: " ")
        }
    }

    /// Whether somebody should look at it.
    var needsAttention: Bool { source.isSubscribed && tone == .bad }

    /// Why it is not well, without what is known to its subscriber alone.
    var shownDetail: String? { source.detail.map { hidingPlaces(in: $0) } }

    /// Its address; for a folder nothing, because its path says how this machine is arranged.
    var shownAddress: OutsideAddress? {
        // What a list of pages has as its locator is a name or a file.
        source.kind == .feed ? .source(source.locator) : nil
    }

    func hidingPlaces(in text: String) -> String { source.hidingPlaces(in: text) }

    /// What comes next, or what a person should do; for a source that needs nothing, when it is looked at next.
    func nextStep(_ moment: Moment) -> String {
        let name = source.name
        if let held = source.removalsHeld {
            return "\(counted(held, "removal")) held back: if they are meant, run `tidings reingest \(name) --accept-removals`; "
                + "else they are announced once they have stood for a day"
        }
        guard source.isSubscribed else { return "Nothing is looked at: add it to the settings again, or leave it so." }
        switch (stateName, source.kind) {
        case ("failing", .feed):
            return "Asked again \(nextPoll(moment) ?? "later"). If it does not come back, correct its address in the settings."
        case ("failing", .folder): return "Looked at again by itself. See that the folder is there, and may be read by the daemon's user."
        case ("failing", .page): return "Looked at again by itself. See that the list of its addresses may be read."
        case ("gone", _): return "Asked once in eight days. Correct its address in the settings, or remove it there."
        case ("new", .feed): return "Asked \(pollState?.lastAttempt == nil ? "for the first time" : "again") \(nextPoll(moment) ?? "soon")."
        case ("new", _): return "Looked at for the first time soon."
        default: return routine(moment)
        }
    }

    private func routine(_ moment: Moment) -> String {
        if let poll = pollState { return "Next poll \(moment.relative(max(poll.nextPoll, moment.now))), because of \(poll.dueReason.words)." }
        if source.kind == .page, let due = pages?.nextDueMilliseconds { return "Next look \(moment.relative(max(due, moment.now)))." }
        return "Watched: a change is read when its file is closed."
    }

    private func nextPoll(_ moment: Moment) -> String? {
        pollState.map { moment.relative(max($0.nextPoll, moment.now)) }
    }
}

extension PollReason {
    /// `Next poll in 12 m, because of …`
    var words: String {
        switch self {
        case .interval: "the interval in the settings"
        case .maxAge: "its Cache-Control"
        case .expires: "its Expires"
        case .ttl: "its ttl"
        case .skipHours: "its skipHours or skipDays"
        case .quiet: "how seldom something new comes"
        case .busy: "how much new comes"
        case .hub: "its hub, which tells of what is new"
        case .backOff: "its failures"
        case .retryAfter: "its Retry-After"
        case .gone: "being gone"
        case .noNetwork: "the missing network"
        case .start: "the start of the daemon"
        }
    }
}

extension PageReason {
    var words: String {
        switch self {
        case .first: "it was never read"
        case .age: "the age of its last change"
        case .interval: "the interval in the settings"
        case .maxAge: "its Cache-Control or Expires"
        case .asked: "its feed or a person asked for it"
        case .doubt: "what it showed is doubtful"
        case .confirmation: "a second look settles what is new"
        case .notFound: "it was not found"
        case .backOff: "its failures"
        case .retryAfter: "its Retry-After"
        case .robots: "robots.txt does not allow it"
        case .rests: "it rests"
        }
    }
}
