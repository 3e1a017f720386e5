import Glibc
import Synchronization
import Testing
import TidingsCore

@testable import TidingsStream

@Suite("files of a stream that the ledger has never been") struct OtherStreamTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The change up to which the files went; nil if they tell nothing of another stream.
        let highest: Int64?
        let change: @Sendable (Folder) throws -> Void

        init(_ description: String, highest: Int64?, _ change: @escaping @Sendable (Folder) throws -> Void = { _ in }) {
            testDescription = description
            self.highest = highest
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("as they were left", highest: 25),
        Case("with a torn end", highest: 24) { try $0.overwrite($0.bytes().dropLast(10)) },
        Case("with zeros at the end", highest: 25) { try $0.append([UInt8](repeating: 0, count: 4096)) },
        Case("without a live file", highest: 20) { $0.remove() },
        Case("with an empty live file", highest: 20) { try $0.overwrite([]) },
        Case("with a live file that has no header", highest: 20) { try $0.overwrite(Array("tide\n".utf8)) },
        Case("with a number that garbage invents", highest: 25) {
            let line = #"{"specversion":"1.0","id":"9223372036854775807","source":"urn:uuid:x","type":"x","time":"x"}"# + "\n"
            try $0.append(Array(line.utf8))
        },
        Case("with nothing in the folder", highest: nil) { folder in
            for name in try folder.names() { folder.remove(name) }
        },
    ]

    @Test("say how far they go, and are left alone; once superseded they are set aside", arguments: cases)
    func found(_ row: Case) throws {
        let folder = try Folder()
        let old = Rows(20)
        var file = try folder.open(old)
        _ = try file.publish()
        _ = try folder.at(start + 100 * second) { try file.rotate(.requested) }
        old.commit(5)
        _ = try file.publish()
        try row.change(folder)
        let names = try folder.names()

        let rows = Rows()
        rows.stream = otherStreamID
        func open(superseded: Set<String>) throws {
            var file = try ChangeFile(
                folder: folder.path, stream: otherStreamID, superseded: superseded, committed: rows, nowMilliseconds: { start })
            _ = try file.publish()
        }
        if let highest = row.highest {
            let expected = StreamError(.otherStream(id: streamID, highest: highest), attempt: "recover", path: folder.live)
            #expect(throws: expected) { try open(superseded: []) }
            #expect(throws: expected) { try open(superseded: ["0198f2a4-0000-7000-8000-000000000003"]) }
            #expect(try folder.names() == names)
            rows.commit(Int(highest) + 3)
            rows.oldest = highest + 1
        } else {
            rows.commit(3)
        }
        try open(superseded: [streamID])
        try expectExact(folder, rows, from: rows.oldest)
        try open(superseded: [streamID])
        try expectExact(folder, rows, from: rows.oldest, "and again")
    }
}

@Suite("a header that somebody edited") struct EditedHeaderTests {
    @Test("makes no other stream of ours")
    func edited() throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.publish(rows)
        let text = String(decoding: try folder.bytes(), as: UTF8.self)
        let end = try #require(text.firstIndex(of: "\n"))
        try folder.overwrite(Array((text[..<end].replacing(streamID, with: otherStreamID) + text[end...]).utf8))
        var file = try ChangeFile(
            folder: folder.path, stream: streamID, superseded: [], committed: rows, nowMilliseconds: { start })
        #expect(try file.publish() == 20)
        try expectExact(folder, rows)
        #expect(try folder.names() == ["changes.ndjson", "changes.ndjson.damaged"])
    }
}

@Suite("an edit while nobody looked") struct LeftFileTests {
    @Test("before the end of the file is found with the first publish, unless the file is as it was left")
    func edited() throws {
        let folder = try Folder()
        let rows = Rows(2000)
        func publish() throws -> String? {
            var file = try folder.open(rows)
            _ = try file.publish()
            return file.left
        }
        let left = try publish()
        try #require(left != nil)
        let looks = Mutex(0)
        func restart(left: String?) throws -> Int {
            looks.withLock { $0 = 0 }
            var file = try ChangeFile(
                folder: folder.path, stream: streamID, left: left, committed: rows, nowMilliseconds: { start },
                onProgress: { looks.withLock { $0 += 1 } })
            let atStart = looks.withLock { $0 }
            #expect(atStart < 1600, "the start itself compares the end")
            _ = try file.publish()
            return looks.withLock { $0 } - atStart
        }
        #expect(try restart(left: left) == 0)
        #expect(try restart(left: nil) > 2000)
        var bytes = try folder.bytes()
        bytes[1_900] ^= 1
        try folder.overwrite(bytes)
        // Who ends before anything was published has not looked, and does not say that all is well.
        #expect(try folder.open(rows).left == nil)
        #expect(try restart(left: left) > 0)
        try expectExact(folder, rows)
        #expect(try folder.bytes("changes.ndjson.damaged") == bytes)
    }
}

@Suite("the watch for meddlers") struct StreamWatchTests {
    @Test("tells of what others do to change files, and not of the writer's own appends", .timeLimit(.minutes(1)))
    func events() async throws {
        let folder = try Folder()
        let rows = Rows(20)
        var file = try folder.open(rows)
        _ = try file.publish()
        let (events, sink) = AsyncStream.makeStream(of: StreamWatch.Events.self)
        let watch = try StreamWatch(folder: folder.path) { sink.yield($0) }
        var told = events.makeAsyncIterator()
        // What the writer does comes before the event that is waited for, and would be with it.
        rows.commit(5)
        _ = try file.publish()
        try folder.overwrite(Array("x".utf8), name: StreamFolder.sealedName(first: 9))
        #expect(await told.next() == .sealed)
        try folder.append(Array("x\n".utf8))
        #expect(await told.next() == .live)
        try folder.overwrite(Array("x".utf8), name: "changes.ndjson.damaged")
        folder.remove()
        #expect(await told.next() == .live)
        try #require(unsafe rename(folder.path, folder.path + ".old") == 0)
        #expect(await told.next() == [.live, .folder])
        try #require(unsafe rename(folder.path + ".old", folder.path) == 0)
        _ = consume watch
    }
}
