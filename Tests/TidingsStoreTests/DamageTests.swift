import Foundation
import Testing

@testable import TidingsStore

@Suite("a ledger that somebody or something has damaged")
struct DamageTests {
    @Test("a line that is not the one that was committed is not given to who publishes")
    func lostBit() async throws {
        let (fixture, path) = try await Self.withTwoArticles()
        let writer = try Connection(path: path, access: .write)
        let line = try #require(try writer.prepare("SELECT line FROM changes WHERE seq = 2").first { $0.line(0) })
        let other = line.map { $0 == UInt8(ascii: "2") ? UInt8(ascii: "3") : $0 }
        try #require(other != line)
        try writer.prepare("UPDATE changes SET line = ? WHERE seq = 2").run(.blob(other))
        let reader = try LedgerReader(path: path)
        let error = #expect(throws: StoreError.self) { try reader.lines(after: 0, limitBytes: .max) }
        #expect(error?.reason == .corrupt && error?.attempt == "read change 2")
        #expect(try reader.lines(after: 0, limitBytes: .max, trusting: true).count == 3)
        #expect(try reader.lines(after: 2, limitBytes: .max).map(\.sequence) == [3])
        withExtendedLifetime(fixture) {}
    }

    @Test("a database that was moved away gives no more lines to who publishes")
    func moved() async throws {
        let (fixture, path) = try await Self.withTwoArticles()
        let reader = try LedgerReader(path: path)
        #expect(try reader.lines(after: 0, limitBytes: .max).count == 3)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        let error = #expect(throws: StoreError.self) { try reader.lines(after: 0, limitBytes: .max) }
        #expect(error?.reason == .moved)
        withExtendedLifetime(fixture) {}
    }

    @Test("a ledger that has lost its newest change does not use its number again")
    func lostNewest() async throws {
        let (fixture, path) = try await Self.withTwoArticles()
        try Connection(path: path, access: .write).execute("DELETE FROM changes WHERE seq = 3")
        let error = #expect(throws: StoreError.self) { try Ledger(path: path) }
        #expect(error?.reason == .corrupt)
        #expect(try LedgerReader(path: path).check().map(\.message).contains("changes 3 … 3 are lost"))
        withExtendedLifetime(fixture) {}
    }

    @Test("a ledger that has lost its memory of numbers, as one put together from its parts, counts by its rows")
    func lostMemory() async throws {
        let (fixture, path) = try await Self.withTwoArticles()
        try Connection(path: path, access: .write).execute("DELETE FROM sqlite_sequence")
        let reader = try LedgerReader(path: path)
        #expect(try reader.lastSequence() == 3)
        try reader.inSnapshot(of: nil) { head, _ in #expect(head.sequence == 3) }
        let (ledger, rows) = try await fixture.open(folders: ["news"])
        _ = try await ledger.commit([rows[0].file("c.txt", "three")], at: 10)
        #expect(await ledger.lastSequence == 4)
    }

    @Test("a schema that is not ours is damage, and no bug")
    func schema() async throws {
        let (fixture, path) = try await Self.withTwoArticles()
        try Connection(path: path, access: .write).execute("ALTER TABLE sightings RENAME COLUMN alias TO alxas")
        #expect(throws: StoreError.self) { try Ledger(path: path) }
        #expect((#expect(throws: StoreError.self) { try Ledger(path: path) })?.reason == .corrupt)
        withExtendedLifetime(fixture) {}
    }

    @Test("salvage gives up what is damaged, keeps the rest, and begins a stream after all that was seen")
    func salvage() async throws {
        let (fixture, path) = try await Self.withTwoArticles()
        let connection = try Connection(path: path, access: .write)
        try connection.execute("UPDATE contents SET form = x'00' WHERE content = 1")
        let kept = try fixture.events().last?.subject
        let repair = try LedgerRepair(path: path)
        let loss = try repair.salvage(after: 7, now: 9)
        #expect(loss.articles == 1 && loss.versions == 1 && loss.changes == 0)
        #expect(try LedgerReader(path: path).check() == [])
        #expect(try LedgerReader(path: path).lines(after: 7, limitBytes: .max).map(\.sequence) == [8])
        #expect(try LedgerReader(path: path).firstSequence() == 8)
        let (ledger, rows) = try await fixture.open(folders: ["news"])
        #expect(await ledger.stream == loss.stream)
        let before = try fixture.events().first { $0.data.origin?.key == "a.txt" }?.subject
        _ = try await ledger.commit([rows[0].file("a.txt", "one"), rows[0].file("b.txt", "two")], at: 10)
        let again = try fixture.events().suffix(1)
        #expect(again.map(\.type) == ["tidings.article.created"] && again.first?.subject == before, "the same id")
        #expect(kept != before)
        #expect(try LedgerReader(path: path).check() == [])
    }

    @Test("the holder of the write lock is read from the kernel's list", arguments: [
        ("1: POSIX  ADVISORY  WRITE 4711 08:01:131 120 120", 4711), ("1: POSIX  ADVISORY  READ 4711 08:01:131 120 120", nil),
        ("1: POSIX  ADVISORY  WRITE 4711 08:01:132 120 120", nil), ("1: POSIX  ADVISORY  WRITE 4711 08:01:131 123 123", nil),
        ("1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF", nil), ("3: POSIX  ADVISORY  WRITE 4711 08:01:131 0 EOF", 4711),
        ("2: -> POSIX  ADVISORY  WRITE 12 08:01:131 120 120\n1: POSIX  ADVISORY  WRITE 4711 00:2f:131 120 120", 4711),
    ] as [(String, Int32?)])
    func lockHolder(line: String, pid: Int32?) {
        #expect(LockHolder.pid(inLocks: line, inode: 131) == pid)
    }

    private static func withTwoArticles() async throws -> (LedgerFixture, String) {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["news"])
        for (name, text) in [("a.txt", "one"), ("b.txt", "two")] {
            _ = try await ledger.commit([rows[0].file(name, text)], at: 2)
        }
        return (fixture, fixture.path)
    }
}
