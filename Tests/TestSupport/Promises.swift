// What the stream promises, as functions over what consumers really saw. Every test of a fault ends with
// `brokenPromises(to:record:…)`; a promise that is kept gives no words.
//
// A consumer that deals with numbers, as `tidings tail` does, is held to all of them. A plain `tail -F` sees a change file that had
// to be made anew from its beginning; then `Witness.firstSights` is what it is held to.

/// What one consumer saw, in the order in which it saw it.
package struct Witness: Sendable {
    package let name: String
    package let lines: [SeenLine]
    /// The change after which it began.
    package let start: Int64

    /// - Parameter lines: whole lines; headers of files may be among them, and do not count.
    package init(_ name: String, after start: Int64 = 0, lines: some Sequence<String>) {
        self.name = name
        self.start = start
        self.lines = lines.compactMap(SeenLine.init)
    }

    private init(_ name: String, after start: Int64, seen: [SeenLine]) {
        self.name = name
        self.start = start
        lines = seen
    }

    /// As a consumer sees it that ignores what it has dealt with: each number of each stream when it was seen first.
    package var firstSights: Witness {
        var known: Set<SeenLine.Place> = []
        return Witness(name, after: start, seen: lines.filter { known.insert($0.place).inserted })
    }
}

/// A line of the change stream with the few fields that promises are about.
package struct SeenLine: Equatable, Sendable {
    package struct Place: Hashable, Sendable {
        package let stream: String
        package let sequence: Int64
    }

    package let text: String
    package let place: Place
    package var sequence: Int64 { place.sequence }

    /// Nil for the header of a file. What is no line of the stream at all gets the number -1, which no promise allows.
    package init?(_ text: String) {
        if text.contains(#""type":"tidings.stream.header""#) { return nil }
        self.text = text
        let sequence = Self.string(#""id":""#, in: text).flatMap { Int64($0) } ?? -1
        place = Place(stream: Self.string(#""source":""#, in: text) ?? "", sequence: sequence)
    }

    package var type: String { Self.string(#""type":""#, in: text) ?? "" }
    package var time: String { Self.string(#""time":""#, in: text) ?? "" }
    package var subject: String? { Self.string(#""subject":""#, in: text) }
    package var version: Int? {
        guard let start = text.utf8.firstRange(of: #""data":{"version":"#.utf8)?.upperBound else { return nil }
        return Int(text.utf8[start...].prefix { (0x30...0x39).contains($0) }.reduce(0) { $0 * 10 + Int($1 & 15) })
    }

    /// Whether it announces a version that was not there before.
    var announcesVersion: Bool { type == "tidings.article.created" || type == "tidings.article.updated" }

    /// The value after the first `key`. The fields asked for stand before all that a publisher writes, in an order that is fixed.
    private static func string(_ key: String, in text: String) -> String? {
        guard let start = text.utf8.firstRange(of: key.utf8)?.upperBound else { return nil }
        return String(text[start...].utf8.prefix { $0 != UInt8(ascii: "\"") })
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

/// The six promises, held against what each witness saw and what is on record in the end.
/// - Parameters:
///   - record: the lines of the change files in the end, or of the ledger's rows, from the oldest that is kept.
///   - versions: of the ledger; nil where it is not looked at.
///   - resume: what a new reader is given that begins after a number; nil where it is not tried.
/// - Returns: a sentence for each promise that was broken.
package func brokenPromises(
    to witnesses: [Witness], record: [String], versions: Set<LedgerVersion>? = nil,
    resume: ((Int64) async throws -> [String])? = nil
) async throws -> [String] {
    let whole = Witness("the record", after: (record.lazy.compactMap(SeenLine.init).first?.sequence ?? 1) - 1, lines: record)
    var broken: [String] = []
    for witness in [whole] + witnesses {
        broken += durable(witness, whole) + ordered(witness) + unique(witness) + gapless(witness)
    }
    broken += deterministic([whole] + witnesses) + atomic(whole, versions)
    if let resume { broken += try await resumable(whole, resume) }
    return broken
}

/// What was seen is on record for ever, unless a reset began a new stream or it is older than what is kept.
package func durable(_ witness: Witness, _ record: Witness) -> [String] {
    guard let stream = record.lines.last?.place.stream else { return [] }
    let kept = Set(record.lines.map(\.place))
    let oldest = record.start
    return first(
        witness.lines.filter { $0.place.stream == stream && $0.sequence > oldest && !kept.contains($0.place) },
        "durable: \(witness.name) saw a change that is not on record")
}

/// Numbers rise.
package func ordered(_ witness: Witness) -> [String] {
    first(
        zip(witness.lines, witness.lines.dropFirst()).filter { $0.sequence > $1.sequence }.map(\.1),
        "ordered: \(witness.name) saw a smaller number after a greater one")
}

/// No number comes twice, and no version is announced twice.
package func unique(_ witness: Witness) -> [String] {
    var numbers: Set<SeenLine.Place> = []
    var versions: Set<String> = []
    return first(
        witness.lines.filter { !numbers.insert($0.place).inserted }, "unique: \(witness.name) saw a change twice")
        + first(
            witness.lines.filter {
                $0.announcesVersion && !versions.insert("\($0.place.stream) \($0.subject ?? "")@\($0.version ?? 0)").inserted
            }, "unique: \(witness.name) saw a version announced twice")
}

/// After n comes n + 1, from where the witness began. A reset may leave numbers out, because others may have used them.
package func gapless(_ witness: Witness) -> [String] {
    var last = witness.start
    return first(
        witness.lines.filter { line in
            defer { last = line.sequence }
            return line.sequence > last + 1 && line.type != "tidings.stream.reset"
        }, "gapless: \(witness.name) missed the change before")
}

/// A version and the change that announces it are both there or both not, and the changes of one commit stand together.
package func atomic(_ record: Witness, _ versions: Set<LedgerVersion>?) -> [String] {
    var broken: [String] = []
    if let versions {
        let announced = Set(
            record.lines.filter(\.announcesVersion).map {
                LedgerVersion(article: $0.subject ?? "", number: $0.version ?? 0, sequence: $0.sequence)
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
package func deterministic(_ witnesses: [Witness]) -> [String] {
    var known: [SeenLine.Place: String] = [:]
    return witnesses.flatMap { witness in
        first(
            witness.lines.filter { line in
                defer { known[line.place] = known[line.place] ?? line.text }
                return known[line.place].map { $0 != line.text } ?? false
            }, "deterministic: \(witness.name) saw other bytes than somebody before")
    }
}

/// Whoever begins after a number gets all that comes after it. Tried at both ends, and at places between.
package func resumable(_ record: Witness, _ resume: (Int64) async throws -> [String]) async throws -> [String] {
    let count = record.lines.count
    for known in Set([0, 1, count / 3, count / 2, count - 1, count]).sorted() where (0...count).contains(known) {
        let start = known == 0 ? record.start : record.lines[known - 1].sequence
        let given = try await resume(start).compactMap(SeenLine.init)
        if given != Array(record.lines.dropFirst(known)) {
            return ["resumable: after \(start) a reader gets \(given.count) changes where \(count - known) are on record"]
        }
    }
    return []
}

private func first(_ lines: [SeenLine], _ message: String) -> [String] {
    lines.first.map { ["\(message): \($0.sequence) (\(lines.count) such): \($0.text.prefix(160))"] } ?? []
}
