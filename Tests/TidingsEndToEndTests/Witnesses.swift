import Foundation
import TestSupport
import Testing
import TidingsCore
import TidingsStore

// Whoever sees the stream while something is done to the daemon, and what must hold for all of them when it is over.

extension Installation {
    /// The six promises hold for `witnesses`, `verify` finds nothing wrong, and the stream says what the ledger holds.
    /// - Parameters:
    ///   - note: what was done, for whoever reads that it went wrong.
    ///   - resuming: whether new readers are tried, one process each.
    ///   - folding: false where the beginning of the stream is no longer kept.
    func expectPromises(
        _ witnesses: [Witness] = [], after note: String, resuming: Bool = true, folding: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let ledger = try ledger()
        let rows = try ledger.lines(after: 0, limitBytes: .max).map { String(decoding: $0.bytes.dropLast(), as: UTF8.self) }
        let record = try record()
        #expect(record == Array(rows.suffix(record.count)), "\(note): the files end as the ledger does", sourceLocation: sourceLocation)
        let broken = try await brokenPromises(
            to: witnesses, record: record, versions: try Self.versions(of: ledger), resume: resuming ? { try await self.lines(since: $0) } : nil)
        #expect(broken == [], "\(note)", sourceLocation: sourceLocation)
        if folding {
            let fold = Fold(try rows.map(StreamLine.init))
            #expect(try fold.known == Fold.Known(ledger: ledger), "\(note)", sourceLocation: sourceLocation)
        }
        let check = try await run("verify")
        #expect(check.status == 0, "\(note): \(check.output)\(check.errors)", sourceLocation: sourceLocation)
    }

    /// The lines of the change files of the present stream, without headers. What an earlier stream left is not among them.
    func record() throws -> [String] {
        let folder = state + "/stream"
        let sealed = try FileManager.default.contentsOfDirectory(atPath: folder).filter(Self.isSealed).sorted()
        return try (sealed + ["changes.ndjson"]).flatMap { try wholeLines(of: folder + "/" + $0) }
    }

    /// The change before the first one of the live change file: what who begins to follow it now has missed.
    func changeBeforeLiveFile() throws -> Int64 {
        if let first = try wholeLines(of: changeFile).lazy.compactMap(SeenLine.init).first { return first.sequence - 1 }
        return try FileManager.default.fileExists(atPath: changeFile) ? record().last.flatMap(SeenLine.init)?.sequence ?? 0 : 0
    }

    /// `changes-`, 19 digits and `.ndjson`: names that sort as their contents do.
    private static func isSealed(_ name: String) -> Bool {
        guard name.hasPrefix("changes-"), name.hasSuffix(".ndjson") else { return false }
        let digits = name.dropFirst("changes-".count).dropLast(".ndjson".count)
        return digits.count == 19 && digits.allSatisfy(\.isNumber)
    }

    /// What a new reader is given that begins after a number.
    func lines(since sequence: Int64) async throws -> [String] {
        let result = try await run("tail", "--since", "\(sequence)")
        guard result.status == 0 else { throw Unreadable(message: result.errors) }
        return result.lines
    }

    struct Unreadable: Error, CustomStringConvertible {
        let message: String
        var description: String { message }
    }

    /// Every version of the ledger with the change that announced it.
    private static func versions(of ledger: LedgerReader) throws -> Set<LedgerVersion> {
        var articles: [ArticleID] = []
        try ledger.eachArticle(source: nil, includesRemoved: true) { article in
            articles.append(article.id)
            return true
        }
        return try Set(
            articles.flatMap { id in
                try ledger.versions(of: id).map {
                    LedgerVersion(article: id.description, number: $0.summary.number, sequence: $0.summary.sequence)
                }
            })
    }
}

extension Follower {
    /// What it has shown so far. A file that had to be made anew is shown from its beginning, so that first sights count.
    var witness: Witness { witness(after: 0) }

    /// - Parameter start: the change before the first that the live file could show when it began.
    func witness(after start: Int64) -> Witness { Witness("tail -F", after: start, lines: lines).firstSights }

    /// Waits until it has shown the last line of the change files.
    func catchUp(with tidings: Installation, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        guard let last = try tidings.record().last else { return }
        try await tidings.wait("tail -F has seen \(last.prefix(60))", sourceLocation: sourceLocation) { lines.contains(last) }
    }
}

/// A consumer that reads all change files now and then, and keeps what it has not seen before.
struct Rereader {
    /// What is done to the files while it looks may leave lines in them that are none.
    let toleratesDamage: Bool
    private var seen: [String] = []
    private var known: Set<String> = []
    private var hasSeenName = false

    init(toleratesDamage: Bool = false) { self.toleratesDamage = toleratesDamage }

    var witness: Witness { Witness("who read the files now and then", lines: seen) }

    /// Reads all files. The name `changes.ndjson` must be there if it ever was, and nothing that was there may be gone.
    mutating func look(
        at tidings: Installation, after note: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let isThere = FileManager.default.fileExists(atPath: tidings.changeFile)
        #expect(isThere || !hasSeenName, "\(note): the name is gone", sourceLocation: sourceLocation)
        guard isThere else { return }
        hasSeenName = true
        var lines = try tidings.record()
        if toleratesDamage {
            // As far as it can be read without a hole.
            let isRight = lines.indices.map { SeenLine(lines[$0])?.sequence == Int64($0 + 1) && lines[$0].hasSuffix("}") }
            lines = Array(lines.prefix(isRight.firstIndex(of: false) ?? lines.count))
        } else if let oldest = lines.first.flatMap(SeenLine.init) {
            // Older ones may be set aside already, when a new stream is about to begin, or be no longer kept.
            let now = Set(lines)
            let lost = seen.filter { text in
                guard !now.contains(text), let line = SeenLine(text) else { return false }
                return line.place.stream == oldest.place.stream && line.sequence >= oldest.sequence
            }
            #expect(lost == [], "\(note): lines are gone", sourceLocation: sourceLocation)
        }
        for line in lines where known.insert(line).inserted { seen.append(line) }
    }
}
