/// The problems of one document: the first `limit` as messages, the others as a count. A feed can have an error in each
/// line, and nobody reads the thousandth.
struct ProblemLog: Sendable {
    static let limit = 40

    private var problems: [Problem] = []
    private var unlisted = 0

    mutating func add(_ problem: Problem) {
        if problems.count < Self.limit { problems.append(problem) } else { unlisted += 1 }
    }

    var isFull: Bool { problems.count >= Self.limit }

    /// The stored problems, and one that counts the others.
    var all: [Problem] { unlisted == 0 ? problems : problems + [Problem("and \(unlisted) more problems")] }
}
