import Foundation
import Testing

@testable import TidingsStore

/// Somebody removes or replaces the log of an open database. What was committed and stands only in the log must not be lost.
@Suite("A log that is moved while it is open") struct MovedLogTests {
    private let fixture: LedgerFixture
    private let connection: Connection
    private var log: String { fixture.path + "-wal" }

    /// A database with one table and the number 1.
    init() throws {
        fixture = try LedgerFixture()
        connection = try Connection(path: fixture.path, access: .write)
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("CREATE TABLE numbers (n INTEGER)")
        try connection.execute("INSERT INTO numbers VALUES (1)")
        connection.watchPlace()
    }

    @Test("is written anew, although a reader keeps it from being copied into the database")
    func removed() throws {
        let reader = try Connection(path: fixture.path, access: .read)
        try reader.execute("BEGIN")
        #expect(try sum(reader) == 1)
        try connection.execute("INSERT INTO numbers VALUES (2)")
        try FileManager.default.removeItem(atPath: log)
        let error = try #require(throws: StoreError.self) { try connection.checkPlace() }
        #expect(error.reason == .moved)
        #expect(error.detail.hasSuffix("-wal was moved, removed or replaced while it was open; its contents are written there again"))
        #expect(throws: error) { try connection.execute("INSERT INTO numbers VALUES (4)") }
        #expect(throws: error) { try connection.checkPlace() }
        #expect(try sumAtTheNextStart() == 3)
    }

    @Test("in a transaction, which is rolled back, is written anew")
    func inTransaction() throws {
        #expect(throws: StoreError.self) {
            try connection.transaction { () throws(StoreError) in
                try connection.execute("INSERT INTO numbers VALUES (2)")
                try? FileManager.default.removeItem(atPath: log)
            }
        }
        #expect(try sumAtTheNextStart() == 1)
    }

    @Test("is written anew when another has its name, and the other is kept")
    func replaced() throws {
        let other = Data("another file".utf8)
        try other.write(to: URL(filePath: log), options: .atomic)
        let error = #expect(throws: StoreError.self) { try connection.checkPlace() }
        #expect(error?.detail.hasSuffix("written there again, and what had its name is kept as \(log).kept") == true)
        #expect(try Data(contentsOf: URL(filePath: log + ".kept")) == other)
        #expect(try sumAtTheNextStart() == 1)
    }

    @Test("is not written by a reader, which may have opened another database beside it")
    func reader() throws {
        let reader = try Connection(path: fixture.path, access: .read)
        #expect(try sum(reader) == 1)
        reader.watchPlace()
        try FileManager.default.removeItem(atPath: log)
        let error = #expect(throws: StoreError.self) { try reader.checkPlace() }
        #expect(error?.detail.hasSuffix("-wal was moved, removed or replaced while it was open") == true)
        #expect(!FileManager.default.fileExists(atPath: log))
    }

    @Test("is said to be lost where it cannot be written")
    func notWritable() throws {
        try FileManager.default.removeItem(atPath: log)
        try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: false)
        let error = #expect(throws: StoreError.self) { try connection.checkPlace() }
        #expect(error?.detail.contains("; the last changes, which were only in it, are lost: ") == true)
    }

    /// What a program reads that finds the files as they are now.
    private func sumAtTheNextStart() throws -> Int64 {
        let copy = fixture.folder.appending(path: "copy.db").path
        for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: fixture.path + end, toPath: copy + end) }
        return try sum(Connection(path: copy, access: .write))
    }

    private func sum(_ connection: Connection) throws -> Int64 { try connection.integer("SELECT sum(n) FROM numbers") }
}
