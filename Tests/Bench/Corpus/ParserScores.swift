/// One parser's scores over all cases.
struct ParserScores {
    let parser: String
    let cases: [FeedCase]
    let outcomes: [FeedOutcome]
    /// For each case, its stated fields.
    let fields: [[FieldScore]]

    init(_ parser: String, _ cases: [FeedCase], _ outcomes: [FeedOutcome]) {
        self.parser = parser
        self.cases = cases
        self.outcomes = outcomes
        precondition(cases.count == outcomes.count)
        fields = zip(cases, outcomes).map { score($1.reading, against: $0.expected) }
    }

    /// What is counted of what.
    struct Share {
        var right = 0
        var all = 0

        mutating func count(_ isRight: Bool) {
            right += isRight ? 1 : 0
            all += 1
        }

        var percent: Double { all == 0 ? 0 : Double(right) * 100 / Double(all) }
    }

    /// The share of stated fields that agree, by field.
    var byField: [String: Share] {
        fields.joined().reduce(into: [:]) { $0[$1.field, default: Share()].count($1.agrees) }
    }

    /// The share of cases that are right in all they state, by who states it and by suite; "all" is every suite.
    var byGroup: [String: [String: Share]] {
        var shares: [String: [String: Share]] = [:]
        for index in cases.indices {
            let isRight = isRight(index)
            for suite in [cases[index].suite, "all"] {
                shares[cases[index].how, default: [:]][suite, default: Share()].count(isRight)
            }
        }
        return shares
    }

    /// A case that states nothing is right when the parser survives it.
    private func isRight(_ index: Int) -> Bool {
        switch outcomes[index] {
        case .crash, .hang: false
        default: fields[index].allSatisfy { $0.agrees || $0.field == unscoredField }
        }
    }

    var crashes: Int { outcomes.count { if case .crash = $0 { true } else { false } } }
    var hangs: Int { outcomes.count { if case .hang = $0 { true } else { false } } }
    var unreadable: Int { outcomes.count { if case .unreadable = $0 { true } else { false } } }

    func showFailures(_ output: BenchOutput) {
        for index in cases.indices where !isRight(index) {
            output.line("\(cases[index].id) (\(cases[index].how))\(outcomes[index].message.map { ": \($0)" } ?? "")")
            for field in fields[index] where !field.agrees && field.field != unscoredField {
                output.line("    \(field.place)\n        expected \(shown(field.expected))\n        got      \(shown(field.got))")
                output.json { json in
                    json.field("failure", cases[index].id)
                    json.field("how", cases[index].how)
                    json.field("field", field.place)
                    json.field("expected", field.expected)
                    json.field("got", field.got)
                }
            }
        }
    }

    /// Texts from where people would see that they differ; whole ones are in the JSON.
    private func shown(_ text: String) -> String {
        let limit = 200
        let line = text.replacing("\t", with: " ")
        return line.count > limit ? "\(line.prefix(limit))… (\(line.count) characters)" : line.isEmpty ? "(nothing)" : line
    }
}

/// Shown in the table, and no part of whether a case is right; the command's help says why.
private let unscoredField = "malformed"

func showAgreement(_ parsers: [ParserScores], _ output: BenchOutput) {
    guard let first = parsers.first else { return }
    let head = parsers.map { output.column($0.parser, 22, right: true) }.joined()
    func cell(_ share: ParserScores.Share?) -> String {
        output.column(share.map { "\(decimal($0.percent)) %  \($0.right)/\($0.all)" } ?? "", 22, right: true)
    }
    func json(_ parser: ParserScores, _ figure: String, _ share: ParserScores.Share?, how: String? = nil, suite: String? = nil) {
        guard let share else { return }
        output.json { json in
            json.field("benchmark", "corpus")
            json.field("figure", figure)
            json.field("parser", parser.parser)
            json.field("how", how)
            json.field("suite", suite)
            json.field("right", share.right)
            json.field("all", share.all)
        }
    }

    output.line(output.column("field: agrees where it is stated", 36) + head)
    let byField = parsers.map(\.byField)
    for field in byField[0].keys.sorted() {
        output.line(output.column(field, 36) + byField.map { cell($0[field]) }.joined())
        for (parser, shares) in zip(parsers, byField) { json(parser, field, shares[field]) }
    }

    output.line("\n" + output.column("cases with every stated field right", 36) + head)
    let byGroup = parsers.map(\.byGroup)
    for how in ["expect", "consensus", "none"] {
        for suite in (byGroup[0][how] ?? [:]).sorted(by: { $0.value.all > $1.value.all }).map(\.key) {
            output.line(output.column("\(how): \(suite)", 36) + byGroup.map { cell($0[how]?[suite]) }.joined())
            for (parser, shares) in zip(parsers, byGroup) { json(parser, "cases", shares[how]?[suite], how: how, suite: suite) }
        }
    }

    output.line("")
    for (message, count) in [("not read", \ParserScores.unreadable), ("crashes", \.crashes), ("hangs", \.hangs)] {
        output.line(
            output.column("files: \(message)", 36)
                + parsers.map { output.column("\($0[keyPath: count])/\(first.cases.count)", 22, right: true) }.joined())
        for parser in parsers { json(parser, message, .init(right: parser[keyPath: count], all: first.cases.count)) }
    }
}
