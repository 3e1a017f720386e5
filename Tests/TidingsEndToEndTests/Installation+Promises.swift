import Foundation
import TestSupport
import Testing
import TidingsCore
import TidingsStore

extension Installation {
    /// The six promises hold for `observations`, each of which is of somebody who saw something; `verify` finds nothing wrong, and
    /// the stream says what the ledger holds.
    /// - Parameters:
    ///   - note: what was done, for whoever reads that it went wrong.
    ///   - resuming: whether new readers are tried, one process each.
    ///   - folding: false where the beginning of the stream is no longer kept.
    func expectPromises(
        _ observations: [Observation] = [], after note: String, resuming: Bool = true, folding: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let ledger = try ledger()
        let rows = try ledger.lines(after: 0, limitBytes: .max).map { String(decoding: $0.bytes.dropLast(), as: UTF8.self) }
        let record = try record()
        let last = try #require(try record.last.map { try StreamLine($0).sequence }, "\(note)", sourceLocation: sourceLocation)
        let blind = observations.filter { $0.lines.isEmpty && $0.start < last }.map(\.name)
        #expect(blind == [], "\(note): they saw nothing", sourceLocation: sourceLocation)
        #expect(record == Array(rows.suffix(record.count)), "\(note): the files end as the ledger does", sourceLocation: sourceLocation)
        let broken = try await brokenPromises(
            to: observations, record: record, versions: try Self.versions(of: ledger), resume: resuming ? { try await self.lines(since: $0) } : nil)
        #expect(broken == [], "\(note)", sourceLocation: sourceLocation)
        #expect(try EventSchema.complaints(record) == [], "\(note): by the schema that consumers are given", sourceLocation: sourceLocation)
        if folding {
            let fold = StreamFold(try rows.map(StreamLine.init))
            #expect(fold.contradictions == [], "\(note)", sourceLocation: sourceLocation)
            #expect(try fold.live == StreamFold.LiveArticles(ledger: ledger), "\(note)", sourceLocation: sourceLocation)
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
        let live = try wholeLines(of: changeFile)
        if !live.isEmpty { return changeBefore(live) }
        guard FileManager.default.fileExists(atPath: changeFile) else { return 0 }
        return try record().last.map { try StreamLine($0).sequence } ?? 0
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
        try ledger.eachArticle(ArticleFilter(includesRemoved: true)) { article in
            articles.append(article.id)
        }
        return try Set(
            articles.flatMap { id in
                try ledger.versions(of: id).map {
                    LedgerVersion(article: id.description, number: $0.summary.number, sequence: $0.summary.sequence)
                }
            })
    }
}

extension StreamFold.LiveArticles {
    init(ledger: LedgerReader) throws {
        self.init()
        try ledger.eachArticle(ArticleFilter()) { article in
            newestVersions[article.id.description] = article.versions
            for sighting in article.sightings {
                bySighting[StreamFold.Sighting(source: sighting.source, key: sighting.key ?? "")] = article.id.description
            }
        }
    }
}
