import TidingsCore
import TidingsDaemon
import TidingsFormats

/// What `tidings opml import` says.
struct OPMLReport {
    private var problems: [(file: String, problem: Problem)] = []
    private(set) var hasUnreadable = false

    mutating func add(_ problems: [Problem], of file: String) { self.problems += problems.map { (file, $0) } }

    mutating func addUnreadable(_ file: String, _ message: String) {
        problems.append((file, Problem(message)))
        hasUnreadable = true
    }

    /// Writes a line for each feed and a sum to standard output, and what is wrong with the lists to standard error.
    func show(_ plan: FeedImport, isDryRun: Bool) {
        for (file, problem) in problems { say("\(file): \(problem.message)" + (problem.line.map { ", line \($0)" } ?? "")) }
        var (added, known, refused) = (0, 0, 0)
        for (subscription, outcome) in plan.feeds {
            switch outcome {
            case .added(let name):
                added += 1
                standardOutput.line(inWidth("added    \(name)  \(printable(subscription.url))"))
            case .known(let name):
                known += 1
                standardOutput.line(inWidth("known    \(name)  \(printable(subscription.url))"))
            case .refused(let reason):
                refused += 1
                standardOutput.line(inTerminal("refused  \(printable(subscription.title ?? "(no title)")): \(printable(reason))", indent: 9))
            }
        }
        let verb = isDryRun ? "would add" : "added"
        standardOutput.line("\(verb) \(added), \(known) already there, \(refused) left out")
    }

    private func inWidth(_ line: String) -> String { terminalWidth().map { fitted(line, to: $0) } ?? line }

    func json(_ plan: FeedImport) -> [UInt8] {
        var json = JSONWriter(capacity: 16 << 10)
        json.object { json in
            // `array` leaves an empty list out; a program that reads this expects one.
            if plan.feeds.isEmpty { json.field("feeds", json: Array("[]".utf8)) }
            json.array("feeds", plan.feeds) { json, feed in
                json.object { json in Self.write(feed.subscription, feed.outcome, into: &json) }
            }
            if problems.isEmpty { json.field("problems", json: Array("[]".utf8)) }
            json.array("problems", problems) { json, entry in
                json.object { json in
                    json.field("file", entry.file)
                    json.field("message", entry.problem.message)
                    json.field("line", entry.problem.line)
                }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ subscription: Subscription, _ outcome: FeedImport.Outcome, into json: inout JSONWriter) {
        json.field("url", subscription.url)
        json.field("title", subscription.title)
        var reason: String?
        let status: String
        switch outcome {
        case .added(let name):
            json.field("name", name)
            status = "added"
        case .known(let name):
            json.field("name", name)
            status = "known"
        case .refused(let message):
            status = "refused"
            reason = message
        }
        json.array("tags", subscription.tags) { json, tag in json.string(tag) }
        json.field("status", status)
        json.field("reason", reason)
    }
}
