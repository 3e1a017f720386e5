import TidingsCore
import TidingsDaemon
import TidingsStore

// For people: how the page of an article is doing.
extension PageProvenance {
    /// Facts and their names, for `show --provenance`.
    var facts: [(String, String?)] {
        [
            ("page", locator),
            ("moved to", state.redirects.movedTo),
            ("text", givesText ? "the page's" : "the feed's"),
            ("last look", state.lastAttempt.map { "\(localTime(milliseconds: $0)), \(answer)" } ?? "none yet"),
            ("last read", lastRead),
            ("doubt", doubt),
            ("next look", nextLook),
        ]
    }

    /// In one line, for `log`.
    var message: String {
        let last = state.lastAttempt.map { "looked at \(localTime(milliseconds: $0)), \(answer)" } ?? "not looked at yet"
        return [last, doubt, "next look \(nextLook)", givesText ? nil : "the text is the feed's"].compactMap(\.self).joined(separator: "; ")
    }

    /// What the last look brought: `200`, `200 (paywall)`, `timeout`.
    private var answer: String {
        let problem = state.problem?.replacing("_", with: " ")
        // Of robots.txt: the page was not asked, and the status is of an answer before.
        guard let status = state.lastStatus, state.dueReason != .robots else { return problem ?? "no answer" }
        return problem.map { "\(status) (\($0))" } ?? "\(status)"
    }

    /// When an article was there last; nil if that was the last look.
    private var lastRead: String? {
        guard state.lastAttempt != nil, state.problem != nil else { return nil }
        return state.lastSuccess.map { localTime(milliseconds: $0) } ?? "none"
    }

    private var doubt: String? {
        if let doubt = state.doubt {
            let looks = doubt.looks > 1 ? "\(doubt.looks) equal looks" : "one look"
            return "\(doubt.reason.rawValue.replacing("_", with: " ")), \(looks) since \(localTime(milliseconds: doubt.since))"
        }
        guard let absence = state.absence else { return nil }
        return "not found, \(counted(absence.looks, "look")) since \(localTime(milliseconds: absence.since))"
    }

    private var nextLook: String {
        guard let next = state.nextLook else { return "none, \(PageReason.rests.message)" }
        return "\(localTime(milliseconds: next)): \(state.dueReason.message)"
    }
}

extension PageReason {
    /// Why the next look comes then.
    fileprivate var message: String {
        switch self {
        case .first: "it was never read"
        case .age: "by the age of its last change"
        case .interval: "as the settings say"
        case .maxAge: "the server says that it is fresh until then"
        case .asked: "its feed's item has changed, or a person asked"
        case .doubt: "to see whether what is doubtful stands"
        case .confirmation: "to tell an edit from what moves around the article"
        case .notFound: "to see whether it stays away"
        case .backOff: "the last look failed"
        case .retryAfter: "the server asked to wait"
        case .robots: "robots.txt is asked again then"
        case .rests: "it rests"
        }
    }
}
