import ArgumentParser
import Foundation

struct CorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Compare what Tidings reads in feeds with what a corpus states of them.",
        discussion: """
            DIR/feeds/cases.jsonl names the files and states fields of them; only these count. Each file is given to the tidings \
            executable that lies beside this one, in a process of its own. Titles and texts are compared without tags, character \
            references and runs of white space; dates as instants, to the second; categories in any order; ids and addresses byte \
            for byte; entries by position. An entry's only text counts as its summary and as its content.

            "malformed" has a row in the table, and is no part of whether a case is right: the cases state whether one parser \
            found the XML well-formed, and Tidings says what is wrong with a document, which is more and less than that.

              tidings-bench corpus ../corpus --peers
              tidings-bench corpus ../corpus --failures --how expect --suite gofeed
            """)

    @Argument(help: ArgumentHelp("The corpus.", valueName: "dir"))
    var corpus: String

    @Option(help: "Only cases stated so: expect, consensus or none.")
    var how: String?

    @Option(help: "Only cases of this suite.")
    var suite: String?

    @Option(name: .customLong("case"), help: "Only cases with this in their name.")
    var name: String?

    @Flag(help: "Show each field that differs.")
    var failures = false

    @Flag(help: "Score feedparser, feedparser-rs and fastfeedparser too, where they are installed.")
    var peers = false

    @Option(help: "The Python that has the peers.")
    var python = "python3"

    @Flag(help: "Write one JSON object per figure on standard output, and the tables on standard error.")
    var json = false

    func run() throws {
        let tidings = try Program.besideThis()
        let output = BenchOutput(isJSON: json)
        let cases = try FeedCase.all(in: corpus).filter { feed in
            (how ?? feed.how) == feed.how && (suite ?? feed.suite) == feed.suite && (name.map(feed.id.contains) ?? true)
        }
        guard !cases.isEmpty else { throw ValidationError("No case is meant.") }
        var scores: [ParserScores] = []
        for parser in try parsers(tidings) {
            output.progress("\(parser.name): \(cases.count) files …")
            scores.append(ParserScores(parser.name, cases, try parser.outcomes(of: cases)))
        }
        if failures { scores.first?.showFailures(output) }
        showAgreement(scores, output)
        try scoreSubscriptionLists(in: corpus, tidings, output, showsFailures: failures)
    }

    private func parsers(_ tidings: Program) throws -> [any FeedParser] {
        var parsers: [any FeedParser] = [TidingsParser(program: tidings)]
        guard peers else { return parsers }
        for name in PythonParser.names {
            let peer = PythonParser(name: name, python: python)
            if peer.isInstalled { parsers.append(peer) } else { BenchOutput(isJSON: json).progress("\(name): not installed") }
        }
        return parsers
    }
}
