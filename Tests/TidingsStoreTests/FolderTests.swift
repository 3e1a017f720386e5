import Testing
import TidingsCore
@testable import TidingsStore

@Suite("Folders in the ledger") struct FolderTests {
    /// What is announced when each step is one commit, a minute after the other.
    private func story(_ steps: (SourceRow) -> [Report]) async throws -> (news: [String], fixture: LedgerFixture) {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        for (minute, report) in steps(sources[0]).enumerated() {
            _ = try await ledger.commit([report], at: Int64(minute + 1) * 60_000)
        }
        return (try fixture.news(), fixture)
    }

    private func gone(_ source: SourceRow, _ paths: String...) -> Report {
        Report(source: source.id, finding: .gone(paths, .confirmed))
    }

    @Test("created, updated, removed, restored")
    func life() async throws {
        let told = try await story { [$0.file("a", "One."), $0.file("a", "Two."), self.gone($0, "a"), $0.file("a", "Three.")] }
        #expect(told.news == ["created a@1", "updated a@2 substantive", "removed a@2 file_deleted", "restored a@2", "updated a@3 substantive"])
    }

    @Test("the same file again is no news, nor is a touched one")
    func again() async throws {
        let told = try await story { [$0.file("a", "One."), $0.file("a", "One."), $0.file("a", " One.\r\n")] }
        #expect(told.news == ["created a@1"])
    }

    @Test("two files with one content are one article, and only the last that goes removes it")
    func copies() async throws {
        let told = try await story { [$0.file("a", "One."), $0.file("b", "One."), self.gone($0, "a"), self.gone($0, "b")] }
        #expect(told.news == ["created a@1", "duplicate b@1", "duplicate_removed a@1 file_deleted", "removed b@1 file_deleted"])
        #expect(try LedgerReader(path: told.fixture.path).counts().contents == 1)
    }

    @Test("an edited copy is a new article, and the old one keeps its history")
    func fork() async throws {
        let told = try await story { [$0.file("a", "One."), $0.file("b", "One."), $0.file("b", "Two."), $0.file("a", "Three.")] }
        #expect(told.news == ["created a@1", "duplicate b@1", "created b@1 forked", "updated a@2 substantive"])
    }

    @Test("A, B, A: version 3 is a revert that shares the content of version 1; then they flap")
    func revert() async throws {
        let told = try await story { source in ["A", "B", "A", "B", "C"].map { source.file("a", $0) } }
        #expect(
            told.news == [
                "created a@1", "updated a@2 substantive", "updated a@3 revert", "updated a@4 flap", "updated a@5 substantive",
            ])
        let reader = try LedgerReader(path: told.fixture.path)
        #expect(try reader.counts().contents == 3)
        #expect(try reader.connection.integer("SELECT count(DISTINCT content) FROM versions WHERE number IN (1, 3)") == 1)
        let versions = try reader.versions(of: ArticleID(source: "docs", key: "a"))
        #expect(versions.map(\.form.text) == ["A", "B", "A", "B", "C"])
        #expect(versions.map(\.summary.number) == [1, 2, 3, 4, 5])
        #expect(versions.map(\.summary.changeClass) == [nil, .substantive, .revert, .flap, .substantive])
    }

    @Test("a renamed file keeps its article, edited or not; a folder of copies keeps names together")
    func moves() async throws {
        let told = try await story {
            [
                $0.file("a", "One."), $0.file("b", "One.", missing: ["a"]), self.gone($0, "a"),
                $0.file("x/1", "Same."), $0.file("x/2", "Same."), $0.file("y/2", "Same.", missing: ["x/1", "x/2"]),
                $0.file("y/1", "Same.", missing: ["x/1"]), self.gone($0, "x/1", "x/2"),
            ]
        }
        #expect(told.news == ["created a@1", "moved a to b@1", "created x/1@1", "duplicate x/2@1", "moved x/2 to y/2@1", "moved x/1 to y/1@1"])
    }

    @Test("what comes back under another name is the same article")
    func back() async throws {
        let told = try await story { [$0.file("a", "One."), self.gone($0, "a"), $0.file("b", "One."), $0.file("a", "New.")] }
        #expect(told.news == ["created a@1", "removed a@1 file_deleted", "restored b@1", "created a@1"])
        let subjects = Set(try told.fixture.events().compactMap(\.subject))
        #expect(subjects == [ArticleID(source: "docs", key: "a").description, ArticleID(source: "docs", key: "a", ordinal: 1).description])
    }

    @Test("a new author is a version of class metadata, from the leader only")
    func metadata() async throws {
        let told = try await story {
            [$0.file("a", "One."), $0.file("b", "One."), $0.file("b", "One.", author: "X"), $0.file("a", "One.", author: "Y")]
        }
        #expect(told.news == ["created a@1", "duplicate b@1", "updated a@2 metadata"])
        #expect(try told.fixture.events().last?.data.changed == ["authors"])
    }

    @Test("an item that a whole list lacks is removed; a partial list, an empty one, a window and an unreadable file prove nothing")
    func lists() async throws {
        let told = try await story {
            [
                $0.list("l", ["1": "One.", "2": "Two.", "3": "Three."]), $0.list("l", ["1": "One."], isPartial: true),
                $0.list("l", ["1": "One."], isWindow: true), $0.list("l", [:]), $0.unreadable("l"), $0.list("l", ["3": "Three.", "1": "One."]),
            ]
        }
        #expect(told.news == ["created l#1@1", "created l#2@1", "created l#3@1", "removed l#2@1 file_deleted"])
    }

    @Test("everything in a file goes with it")
    func goneFile() async throws {
        let told = try await story { [$0.list("l", ["1": "One.", "2": "Two."]), self.gone($0, "l")] }
        #expect(told.news.suffix(2) == ["removed l#1@1 file_deleted", "removed l#2@1 file_deleted"])
        #expect(try LedgerReader(path: told.fixture.path).sourceStatuses()[0].captures == 0)
    }

    @Test("files that say nothing are articles of their own")
    func empty() async throws {
        let told = try await story { [$0.file("a", ""), $0.file("b", " "), $0.file("a", "One.")] }
        #expect(told.news == ["created a@1", "created b@1", "updated a@2 substantive"])
    }

    @Test("a first import is marked until it is complete, and only then")
    func backfill() async throws {
        let fixture = try LedgerFixture()
        let ledger = try Ledger(path: fixture.path)
        let source = try await ledger.configure([ConfiguredSource(name: "docs", kind: .folder, locator: "/docs")], at: 1).rows[0]
        _ = try await ledger.commit([source.file("a", "One.")], at: 2)
        try await ledger.completeImport(of: source.id, at: 3)
        _ = try await ledger.commit([source.file("b", "Two.")], at: 4)
        #expect(try fixture.news() == ["created a@1 backfill", "created b@1"])
    }

    @Test("a mass removal is held until it is confirmed or has stood for a day", arguments: [true, false])
    func held(isConfirmed: Bool) async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        let paths = (0..<60).map { "f\($0)" }
        _ = try await ledger.commit(paths.map { sources[0].file($0, "Text \($0)") }, at: 1)
        let day: Int64 = 24 * 3600 * 1000
        #expect(try await ledger.remove(paths, of: sources[0].id, pass: .usual, at: 10) == .held(count: 60, sinceMilliseconds: 10))
        #expect(try await ledger.remove(paths, of: sources[0].id, pass: .usual, at: 9 + day) == .held(count: 60, sinceMilliseconds: 10))
        #expect(try fixture.reader().sources()[0].removalsHeld == 60)
        #expect(try fixture.news().count == 60)
        let report = Report(source: sources[0].id, finding: .gone(paths, isConfirmed ? .confirmed : .usual))
        let commit = try await ledger.commit([report], at: isConfirmed ? 11 : 10 + day)
        #expect(commit == Commit(outcomes: [.done], changes: [.articleRemoved: 60], pages: []))
        #expect(try fixture.reader().sources()[0].removalsHeld == nil)
    }

    @Test("a hold is forgotten when the files are there again")
    func holdEnds() async throws {
        let fixture = try LedgerFixture()
        let (ledger, sources) = try await fixture.open(folders: ["docs"])
        let paths = (0..<60).map { "f\($0)" }
        _ = try await ledger.commit(paths.map { sources[0].file($0, "Text \($0)") }, at: 1)
        _ = try await ledger.remove(paths, of: sources[0].id, pass: .usual, at: 10)
        _ = try await ledger.remove([], of: sources[0].id, pass: .usual, at: 20)
        let day: Int64 = 24 * 3600 * 1000
        #expect(try await ledger.remove(paths, of: sources[0].id, pass: .usual, at: 10 + day) == .held(count: 60, sinceMilliseconds: 10 + day))
    }
}
