import Foundation
import TidingsCore

/// A parser that is scored.
protocol FeedParser {
    var name: String { get }
    /// What becomes of each file, in the order of `cases`.
    func outcomes(of cases: [FeedCase]) throws -> [FeedOutcome]
}

/// How long one file may take before it counts as a hang.
let fileLimitSeconds = 10

/// `tidings parse`, a process for each file: a crash costs that file and no other.
struct TidingsParser: FeedParser {
    let program: Program
    let name = "tidings"

    func outcomes(of cases: [FeedCase]) throws -> [FeedOutcome] {
        try concurrentMap(cases) { feed in
            var arguments = ["parse"]
            if let type = feed.contentType { arguments += ["--content-type", type] }
            if let base = feed.baseURL { arguments += ["--base-url", base] }
            let run = try CapturedRun(program.path, arguments + [feed.file], limitSeconds: fileLimitSeconds)
            return switch run.end {
            case .exit(status: 0): .reading(FeedReading(jsonFeed: try JSONValue(parsing: run.output)))
            case .exit: .unreadable(run.errors.split(separator: "\n").last.map(String.init) ?? "")
            case .signal(let signal): .crash(signal: signal)
            case .overdue: .hang(afterSeconds: fileLimitSeconds)
            }
        }
    }
}

/// A parser of the Python package index, through `peers/feeds.py`.
struct PythonParser: FeedParser {
    let name: String
    let python: String

    static let names = ["feedparser", "feedparser-rs", "fastfeedparser"]

    /// Beside this source: it is not built.
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "peers/feeds.py").path

    /// False where Python or the package is missing.
    var isInstalled: Bool {
        (try? CapturedRun(python, [Self.script, "--check", name], limitSeconds: 60))?.end == .exit(status: 0)
    }

    /// The median time of one parse, without reading the file.
    func secondsToParse(_ file: String, rounds: Int) throws -> Double? {
        let run = try CapturedRun(python, [Self.script, "--time", name, file, "\(rounds)"], limitSeconds: 600)
        return String(decoding: run.output, as: UTF8.self).split(separator: "\n").first.flatMap { Double($0) }
    }

    func outcomes(of cases: [FeedCase]) throws -> [FeedOutcome] {
        let list = FileManager.default.temporaryDirectory.appending(path: "tidings-bench-\(name)-\(getpid()).jsonl")
        defer { try? FileManager.default.removeItem(at: list) }
        var outcomes: [FeedOutcome] = []
        // The script ends where a parser crashes or hangs, and is started again after that file.
        while outcomes.count < cases.count {
            try Data(cases[outcomes.count...].map(Self.request).joined().utf8).write(to: list)
            let run = try CapturedRun(
                python, [Self.script, name, list.path, "\(fileLimitSeconds)"], limitSeconds: fileLimitSeconds * cases.count)
            for line in run.output.split(separator: UInt8(ascii: "\n")) {
                let json = try JSONValue(parsing: line)
                outcomes.append(json["error"].text.map(FeedOutcome.unreadable) ?? .reading(FeedReading(json)))
            }
            guard outcomes.count < cases.count else { break }
            switch run.end {
            case .signal(SIGALRM): outcomes.append(.hang(afterSeconds: fileLimitSeconds))
            case .signal(let signal): outcomes.append(.crash(signal: signal))
            default: throw BenchError("\(name) ended early: \(run.errors)")
            }
        }
        return outcomes
    }

    private static func request(_ feed: FeedCase) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("file", feed.file)
            json.field("content_type", feed.contentType)
            json.field("base_url", feed.baseURL)
        }
        return String(decoding: json.bytes, as: UTF8.self) + "\n"
    }
}
