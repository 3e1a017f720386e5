// What the stream promises, as functions over what consumers really saw. Every test of a fault ends with
// `brokenPromises(to:record:…)`; a promise that is kept gives no words.
//
// A consumer that deals with numbers, as `tidings tail` does, is held to all of them. A plain `tail -F` sees a change file that had
// to be made anew from its beginning; then `Observation.firstSights` is what it is held to.

/// What one consumer saw, in the order in which it saw it.
package struct Observation: Sendable {
    package let name: String
    package let lines: [StreamLine]
    /// The change after which it began.
    package let start: Int64

    /// - Parameter lines: whole lines; headers of files may be among them, and do not count.
    package init(_ name: String, after start: Int64 = 0, lines: some Sequence<String>) {
        self.name = name
        self.start = start
        self.lines = lines.filter { !StreamLine.isHeader($0) }.map(StreamLine.init(seen:))
    }

    private init(_ name: String, after start: Int64, seen: [StreamLine]) {
        self.name = name
        self.start = start
        lines = seen
    }

    /// As a consumer sees it that ignores what it has dealt with: each number of each stream when it was seen first.
    package var firstSights: Observation {
        var known: Set<StreamLine.Place> = []
        return Observation(name, after: start, seen: lines.filter { known.insert($0.place).inserted })
    }
}

/// A version as the ledger has it, and the change that announced it.
package struct LedgerVersion: Hashable, Sendable {
    package let article: String
    package let number: Int
    package let sequence: Int64

    package init(article: String, number: Int, sequence: Int64) {
        self.article = article
        self.number = number
        self.sequence = sequence
    }
}

/// The six promises, held against what each consumer saw and what is on record in the end.
/// - Parameters:
///   - record: the lines of the change files in the end, or of the ledger's rows, from the oldest that is kept.
///   - versions: of the ledger; nil where it is not looked at.
///   - resume: what a new reader is given that begins after a number; nil where it is not tried.
/// - Returns: a sentence for each promise that was broken.
package func brokenPromises(
    to observations: [Observation], record: [String], versions: Set<LedgerVersion>? = nil,
    resume: ((Int64) async throws -> [String])? = nil
) async throws -> [String] {
    let whole = Observation("the record", after: changeBefore(record), lines: record)
    var broken: [String] = []
    for observation in [whole] + observations {
        broken += durable(observation, whole) + ordered(observation) + unique(observation) + gapless(observation)
    }
    broken += deterministic([whole] + observations) + atomic(whole, versions)
    if let resume { broken += try await resumable(whole, resume) }
    return broken
}

/// The change before the first of `lines`, of whole lines or headers.
package func changeBefore(_ lines: [String]) -> Int64 {
    (lines.first { !StreamLine.isHeader($0) }.map { StreamLine(seen: $0).sequence } ?? 1) - 1
}

/// What was seen is on record for ever, unless a reset began a new stream or it is older than what is kept.
package func durable(_ observation: Observation, _ record: Observation) -> [String] {
    guard let stream = record.lines.last?.place.stream else {
        return first(observation.lines, "durable: \(observation.name) saw a change and nothing is on record")
    }
    let kept = Set(record.lines.map(\.place))
    let oldest = record.start
    return first(
        observation.lines.filter { $0.place.stream == stream && $0.sequence > oldest && !kept.contains($0.place) },
        "durable: \(observation.name) saw a change that is not on record")
}

/// Numbers rise.
package func ordered(_ observation: Observation) -> [String] {
    first(
        zip(observation.lines, observation.lines.dropFirst()).filter { $0.sequence > $1.sequence }.map(\.1),
        "ordered: \(observation.name) saw a smaller number after a greater one")
}

/// No number comes twice, and no version is announced twice.
package func unique(_ observation: Observation) -> [String] {
    var numbers: Set<StreamLine.Place> = []
    var versions: Set<String> = []
    return first(
        observation.lines.filter { !numbers.insert($0.place).inserted }, "unique: \(observation.name) saw a change twice")
        + first(
            observation.lines.filter {
                $0.announcesVersion && !versions.insert("\($0.place.stream) \($0.subject ?? "")@\($0.data.version ?? 0)").inserted
            }, "unique: \(observation.name) saw a version announced twice")
}

/// After n comes n + 1, from where the observation began. A reset may leave numbers out, because others may have used them.
package func gapless(_ observation: Observation) -> [String] {
    var last = observation.start
    return first(
        observation.lines.filter { line in
            defer { last = line.sequence }
            return line.sequence > last + 1 && line.type != "tidings.stream.reset"
        }, "gapless: \(observation.name) missed the change before")
}

/// A version and the change that announces it are both there or both not, and the changes of one commit stand together.
package func atomic(_ record: Observation, _ versions: Set<LedgerVersion>?) -> [String] {
    var broken: [String] = []
    if let versions {
        let announced = Set(
            record.lines.filter(\.announcesVersion).map {
                LedgerVersion(article: $0.subject ?? "", number: $0.data.version ?? 0, sequence: $0.sequence)
            })
        // Of what is older than the record the line is gone and the version may stay.
        let expected = versions.filter { $0.sequence > record.start }
        if let half = expected.subtracting(announced).min(by: { $0.sequence < $1.sequence }) {
            broken.append("atomic: no change announced version \(half.number) of \(half.article), which was to be \(half.sequence)")
        }
        let stored = Set(versions.map { "\($0.article)@\($0.number)" })
        let articles = Set(versions.map(\.article))
        if let half = announced.filter({ !articles.contains($0.article) || $0.number == 1 && !stored.contains("\($0.article)@1") })
            .min(by: { $0.sequence < $1.sequence })
        {
            broken.append("atomic: change \(half.sequence) announced version \(half.number) of \(half.article), which is not there")
        }
    }
    var times: Set<String> = []
    var last: String?
    let torn = record.lines.filter { line in
        defer { last = line.time }
        return line.time != last && !times.insert(line.time).inserted
    }
    return broken + first(torn, "atomic: changes of one time stand apart")
}

/// The same number has the same bytes, whoever saw it and whenever.
package func deterministic(_ observations: [Observation]) -> [String] {
    var known: [StreamLine.Place: String] = [:]
    return observations.flatMap { observation in
        first(
            observation.lines.filter { line in
                defer { known[line.place] = known[line.place] ?? line.text }
                return known[line.place].map { $0 != line.text } ?? false
            }, "deterministic: \(observation.name) saw other bytes than somebody before")
    }
}

/// Whoever begins after a number gets all that comes after it. Tried at both ends, and at places between.
package func resumable(_ record: Observation, _ resume: (Int64) async throws -> [String]) async throws -> [String] {
    let count = record.lines.count
    for known in Set([0, 1, count / 3, count / 2, count - 1, count]).sorted() where (0...count).contains(known) {
        let start = known == 0 ? record.start : record.lines[known - 1].sequence
        let given = try await resume(start).filter { !StreamLine.isHeader($0) }
        if given != record.lines.dropFirst(known).map(\.text) {
            return ["resumable: after \(start) a reader gets \(given.count) changes where \(count - known) are on record"]
        }
    }
    return []
}

private func first(_ lines: [StreamLine], _ message: String) -> [String] {
    lines.first.map { ["\(message): \($0.sequence) (\(lines.count) such): \($0.text.prefix(160))"] } ?? []
}
