import TestSupport
import Testing

/// The promises can be broken: each is given a story that breaks it, and says so.
@Suite("promises") struct PromiseTests {
    private func line(_ number: Int, _ type: String = "article.created", stream: String = "urn:uuid:a", version: Int = 1, of article: String? = nil) -> String {
        #"{"specversion":"1.0","id":"\#(number)","source":"\#(stream)","type":"tidings.\#(type)","time":"2026-01-01T00:00:00.\#(100 + number)Z","subject":"\#(article ?? "n\(number)")","sequence":"\#(number)","data":{"version":\#(version),"x":1}}"#
    }

    @Test("a whole story breaks none")
    func kept() async throws {
        let lines = (1...9).map { line($0) }
        let versions = Set((1...9).map { LedgerVersion(article: "n\($0)", number: 1, sequence: Int64($0)) })
        let broken = try await brokenPromises(
            to: [Observation("tail", lines: lines), Observation("late", after: 4, lines: lines.dropFirst(4))], record: lines,
            versions: versions, resume: { Array(lines.dropFirst(Int($0))) })
        #expect(broken == [])
    }

    @Test("each one that is broken is named", arguments: [
        ("durable", [1, 2, 3, 4], [1, 2, 3]), ("ordered", [1, 3, 2], [1, 2, 3]), ("unique", [1, 2, 2, 3], [1, 2, 3]),
        ("gapless", [1, 3], [1, 2, 3]), ("gapless", [2, 3], [1, 2, 3]), ("gapless", [1, 3], [1, 3]),
    ] as [(String, [Int], [Int])])
    func broken(promise: String, seen: [Int], record: [Int]) async throws {
        let broken = try await brokenPromises(to: [Observation("tail", lines: seen.map { line($0) })], record: record.map { line($0) })
        #expect(broken.contains { $0.hasPrefix(promise) }, "\(broken)")
    }

    @Test("a version without its change, a change without its version, and other bytes are named")
    func halves() async {
        let lines = (1...3).map { line($0) }
        let all = Set((1...3).map { LedgerVersion(article: "n\($0)", number: 1, sequence: Int64($0)) })
        let silent = LedgerVersion(article: "n1", number: 2, sequence: 4)
        #expect(atomic(Observation("record", lines: lines), all.union([silent])).count == 1)
        #expect(atomic(Observation("record", lines: lines), all.filter { $0.article != "n2" }).count == 1)
        #expect(deterministic([Observation("a", lines: lines), Observation("b", lines: [line(2, version: 7)])]).count == 1)
        #expect(unique(Observation("a", lines: [line(1, of: "n"), line(2, "article.updated", of: "n")])).count == 1)
    }

    @Test("a reader that is given too little, and garbage between lines, are named")
    func resumed() async throws {
        let lines = (1...6).map { line($0) }
        #expect(try await brokenPromises(to: [], record: lines, resume: { Array(lines.dropFirst(Int($0) + 1)) }).count == 1)
        #expect(try await !brokenPromises(to: [Observation("tail", lines: [lines[0], "junk", lines[1]])], record: lines).isEmpty)
    }

    @Test("after a reset numbers may be left out, and the old stream's lines need not be on record")
    func reset() async throws {
        let before = (1...3).map { line($0) }
        let after = [line(7, "stream.reset", stream: "urn:uuid:b"), line(8, stream: "urn:uuid:b")]
        #expect(try await brokenPromises(to: [Observation("tail", lines: before + after)], record: after) == [])
        #expect(Observation("F", lines: before + before + after).firstSights.lines.count == 5)
    }
}
