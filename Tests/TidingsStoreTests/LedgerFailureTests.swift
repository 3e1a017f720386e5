import TestSupport
import Testing
import TidingsCore
import TidingsFailpoints

@testable import TidingsStore

/// Whatever step of its work is the last, or fails: the ledger has what it had, or all of what was to come.
@Suite("A ledger whose work is cut short") struct LedgerFailureTests {
    /// Commits that build on each other: to make one again before the ones before it would be news.
    private static let history: [@Sendable (SourceRow) -> [Report]] = [
        { [$0.file("a", "One."), $0.file("b", "Two.")] },
        { [$0.file("a", "One, edited."), $0.file("copy", "Two.")] },
        { [$0.file("c", "Two.", missing: ["b"]), Report(source: $0.id, finding: .gone(["b"], nil))] },
        { [$0.file("a", "One."), $0.list("list", ["1": "First.", "2": "Second."])] },
        { [$0.list("list", ["2": "Second, edited.", "3": "Third."])] },
    ]

    @Test("a commit that fails at a step leaves nothing, and can be made again", arguments: ["EIO", "ENOSPC", "EROFS", "EACCES", "die"])
    func failingCommit(_ failure: String) async throws {
        for step in [Failpoint.commitBegun, .commitApplied] {
            let fixture = try LedgerFixture()
            var (ledger, rows) = try await fixture.open(folders: ["docs"])
            for reports in Self.history {
                let before = try (fixture.lines(), await ledger.lastSequence)
                let plan = try #require(FailurePlan("\(step.rawValue)=\(failure)"))
                await #expect(throws: StoreError.self) {
                    try await FailurePlan.$current.withValue(plan) { _ = try await ledger.commit(reports(rows[0]), at: 2) }
                }
                #expect(try fixture.lines() == before.0)
                #expect(await ledger.lastSequence == before.1)
                if failure == "EIO" {
                    // After that the disk is not believed: only a new start goes on.
                    await #expect(throws: StoreError.self) { _ = try await ledger.commit(reports(rows[0]), at: 2) }
                    (ledger, rows) = try await fixture.open(folders: ["docs"])
                }
                _ = try await ledger.commit(reports(rows[0]), at: 2)
            }
            #expect(try await fixture.lines() == Self.undisturbed())
            #expect(try LedgerReader(path: fixture.path).check() == [])
        }
    }

    @Test("a commit that is made and then thought to have failed is not said twice")
    func failureAfterCommit() async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        for reports in Self.history {
            let plan = try #require(FailurePlan("commit.committed=ENOSPC"))
            let error = await #expect(throws: StoreError.self) {
                try await FailurePlan.$current.withValue(plan) { _ = try await ledger.commit(reports(rows[0]), at: 2) }
            }
            #expect(error?.isTransient == true)
            #expect(try await ledger.commit(reports(rows[0]), at: 2).changes.isEmpty)
        }
        #expect(try await fixture.lines() == Self.undisturbed())
    }

    @Test("a ledger that dies at any step of its life, and again, has the same history as one that does not")
    func deathAtEachStep() async throws {
        let expected = try await Self.undisturbed()
        for first in 1... {
            var hasDied = false
            for second in isLongRun ? 1...60 : 1 + first % 7...1 + first % 7 {
                let fixture = try LedgerFixture()
                var lives = [first, second].map { FailurePlan("*=die@\($0)-") }
                var done = 0
                while done < Self.history.count {
                    let plan = lives.isEmpty ? nil : lives.removeFirst()
                    do {
                        try await FailurePlan.$current.withValue(plan) {
                            let ledger = try Ledger(path: fixture.path)
                            let docs = ConfiguredSource(name: "docs", kind: .folder, locator: "/docs")
                            let row = try #require(try await ledger.configure([docs], at: 1).rows.first)
                            try await ledger.completeImport(of: row.id, at: 1)
                            while done < Self.history.count {
                                _ = try await ledger.commit(Self.history[done](row), at: 2)
                                done += 1
                            }
                        }
                    } catch let error as StoreError {
                        #expect(error.reason == .other(code: Fault.death))
                        hasDied = hasDied || lives.count == 1
                    }
                }
                #expect(try fixture.lines() == expected, "died at \(first), then at \(second)")
                #expect(try LedgerReader(path: fixture.path).check() == [])
                guard hasDied else { return print("\(first - 1) steps, each the last one once") }
            }
        }
    }

    @Test("a new stream begins whole or not at all", arguments: ["EIO", "die"])
    func reset(_ failure: String) async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([rows[0].file("a", "One.")], at: 2)
        let plan = try #require(FailurePlan("reset.committed=\(failure)"))
        await #expect(throws: StoreError.self) {
            try await FailurePlan.$current.withValue(plan) { try await ledger.resetStream(after: 9, now: 3) }
        }
        let reader = try LedgerReader(path: fixture.path)
        #expect(try reader.stream() == (await ledger.stream))
        #expect(try reader.firstSequence() == 10)
        _ = try await ledger.commit([rows[0].file("b", "Two.")], at: 4)
        #expect(try fixture.events().map(\.id) == ["1", "2", "10", "11"])
    }

    /// What the stream says when nothing fails.
    private static func undisturbed() async throws -> [String] {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        for reports in history { _ = try await ledger.commit(reports(rows[0]), at: 2) }
        return try fixture.lines()
    }
}
