import Foundation

/// Compares the feeds that `tidings opml import` finds in the lists of `corpus/opml` with those that its cases state.
func scoreSubscriptionLists(in corpus: String, _ tidings: Program, _ output: BenchOutput, showsFailures: Bool) throws {
    let path = "\(corpus)/opml/cases.jsonl"
    guard FileManager.default.fileExists(atPath: path) else { return }
    let help = try CapturedRun(tidings.path, ["opml", "import", "--help"], limitSeconds: fileLimitSeconds)
    guard String(decoding: help.output, as: UTF8.self).contains("--dry-run") else { return output.progress("opml: this tidings has no command for it") }

    let lists = try JSONValue.lines(of: path)
    output.progress("opml: \(lists.count) files …")
    var right = ParserScores.Share()
    for list in lists {
        let file = "\(corpus)/opml/\(list["file"].text ?? "")"
        let run = try CapturedRun(tidings.path, ["opml", "import", "--dry-run", "--json", file], limitSeconds: fileLimitSeconds)
        let answer = run.output.isEmpty ? JSONValue.null : try JSONValue(parsing: run.output)
        let got = answer["feeds"].list.map { $0["url"].text ?? "" }
        // A broken list, of which no addresses are stated, need only be survived, with words.
        var stated: [String]?
        if case .list(let urls) = list["xml_urls"] { stated = urls.map { $0.text ?? "" } }
        let hasWords = !answer["problems"].list.isEmpty || !run.errors.isEmpty
        let agrees = if case .exit = run.end { stated.map { $0 == got } ?? hasWords } else { false }
        right.count(agrees)
        guard !agrees, showsFailures else { continue }
        output.line("\(list["id"].text ?? file) (opml): \(run.end)")
        output.line("    expected \(stated ?? ["message on what is wrong"])\n    got      \(got)")
    }
    output.line("\n" + output.column("opml: lists read as stated", 36) + "\(decimal(right.percent)) %  \(right.right)/\(right.all)")
    output.json { json in
        json.field("benchmark", "corpus")
        json.field("figure", "opml")
        json.field("right", right.right)
        json.field("all", right.all)
    }
}
