/// A feed of the corpus, and what is stated of it.
struct FeedCase: Sendable {
    let id: String
    let suite: String
    /// Who states it: `expect` the suite itself, `consensus` at least two other parsers, `none` nobody.
    let how: String
    let file: String
    let contentType: String?
    let baseURL: String?
    let expected: FeedReading

    /// The cases of `corpus/feeds/cases.jsonl`.
    static func all(in corpus: String) throws -> [FeedCase] {
        try JSONValue.lines(of: "\(corpus)/feeds/cases.jsonl").map { line in
            guard let id = line["id"].text, let suite = line["suite"].text, let how = line["how"].text,
                let file = line["file"].text
            else { throw BenchError("a case of \(corpus)/feeds/cases.jsonl has no id, suite, how or file") }
            return FeedCase(
                id: id, suite: suite, how: how, file: "\(corpus)/feeds/\(file)", contentType: line["content_type"].text,
                baseURL: line["base_url"].text, expected: FeedReading(line["expect"]))
        }
    }
}

/// What a parser says of a feed, or a case states, under the corpus's names. What is absent is not stated.
struct FeedReading: Sendable {
    var feed: [String: JSONValue] = [:]
    var entries: [[String: JSONValue]] = []
    var entryCount: Int?
    var isMalformed: Bool?
    var encoding: String?
    var version: String?
}

extension FeedReading {
    init(_ json: JSONValue) {
        feed = json["feed"].members
        entries = json["entries"].list.map(\.members)
        entryCount = json["entry_count"].number
        isMalformed = json["malformed"].boolean
        encoding = json["encoding"].text
        version = json["version"].text
    }
}

/// What became of one file in one parser.
enum FeedOutcome: Sendable {
    case reading(FeedReading)
    /// Refused, in the parser's words.
    case unreadable(String)
    case crash(signal: Int32)
    case hang(afterSeconds: Int)

    /// What counts as its fields: of a file that was not read, none.
    var reading: FeedReading {
        if case .reading(let reading) = self { reading } else { FeedReading() }
    }

    /// What is shown in place of a reading.
    var message: String? {
        switch self {
        case .reading: nil
        case .unreadable(let message): "not read: \(message)"
        case .crash(let signal): "CRASH: signal \(signal)"
        case .hang(let seconds): "HANG: more than \(seconds) s"
        }
    }
}
