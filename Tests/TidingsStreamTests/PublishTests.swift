import Synchronization
import Testing
import TidingsCore
import TidingsFailpoints

@testable import TidingsStream

@Suite("publishing") struct PublishTests {
    @Test("each batch is told as progress: of a new file, of what is added, and each line of what is compared")
    func progress() throws {
        let folder = try Folder()
        let rows = Rows(200)
        let marks = Mutex(0)
        func marked(_ body: () throws -> Void) rethrows -> Int {
            marks.withLock { $0 = 0 }
            try body()
            return marks.withLock { $0 }
        }
        var limits = ChangeFile.Limits()
        limits.batchBytes = 2000
        func open() throws -> ChangeFile {
            try ChangeFile(
                folder: folder.path, stream: streamID, committed: rows, nowMilliseconds: { start }, limits: limits,
                onProgress: { marks.withLock { $0 += 1 } })
        }
        #expect(try marked { _ = try open() } > 20)
        #expect(try marked { _ = try open() } > 200)
        var file = try open()
        rows.commit(200)
        #expect(try marked { while try file.publishBatch() {} } > 20)
    }

    @Test("a full disk stops within a line, and later only the missing suffix is written", arguments: [1, 40, 700, 5000])
    func noSpace(room: Int) throws {
        let folder = try Folder()
        let rows = Rows(10)
        var left = Int.max
        var file = try folder.open(rows, room: { wanted in
            defer { left -= min(left, wanted) }
            return min(left, wanted)
        })
        rows.commit(10)
        let inode = try folder.inode()
        left = room
        do {
            _ = try file.publish()
            Issue.record("the disk was full")
        } catch let error as StreamError { #expect(error.reason == .noSpace) }
        let before = try folder.bytes()
        left = Int.max
        _ = try file.publish()
        try expectExact(folder, rows)
        #expect(try folder.inode() == inode)
        #expect(try folder.bytes().starts(with: before))
    }

    @Test("a rebuild for which there is no space leaves no half file and is done later")
    func noSpaceForRebuild() throws {
        let folder = try Folder()
        let rows = Rows(50)
        var left = Int.max
        var file = try folder.open(rows, room: { min(left, $0) })
        try folder.append(Array("x\n".utf8))
        left = 0
        for _ in 1...3 {
            do {
                _ = try file.publish()
                Issue.record("the disk was full")
            } catch let error as StreamError { #expect(error.reason == .noSpace) }
        }
        #expect(try folder.names() == ["changes.ndjson", "changes.ndjson.damaged"])
        left = Int.max
        _ = try file.publish()
        try expectExact(folder, rows)
    }

    @Test("a failed sync is never tried again")
    func failedSync() throws {
        let folder = try Folder()
        let rows = Rows(3)
        var file = try folder.open(rows)
        rows.commit(3)
        let plan = try #require(FailurePlan("append.synced=EIO"))
        var reached = 0
        for _ in 1...3 {
            do {
                _ = try FailurePlan.$current.withValue(plan) { try file.publish() }
                Issue.record("the sync failed")
            } catch let error as StreamError { #expect(error.reason == .syncFailed) }
            // The second call ends before it does anything.
            if reached == 0 { reached = plan.reached }
            #expect(plan.reached == reached)
        }
        try folder.publish(rows)
        try expectExact(folder, rows)
    }

    @Test("a kill at any step of a batch is made good at start, in the same file")
    func killedBatch() throws {
        for step in 1... {
            let folder = try Folder()
            let rows = Rows(5)
            try folder.publish(rows)
            let inode = try folder.inode()
            rows.commit(30)
            var file = try folder.open(rows, room: { min($0, 777) })
            let wasKilled = try dies(at: step) { _ = try file.publish() }
            let before = try folder.bytes()
            try folder.publish(rows)
            try expectExact(folder, rows)
            #expect(try folder.bytes().starts(with: before))
            #expect(try folder.inode() == inode)
            if !wasKilled { break }
        }
    }

    @Test("rows are published in batches of limited size, also lines larger than a batch")
    func batches() throws {
        let folder = try Folder()
        let rows = Rows()
        var limits = ChangeFile.Limits()
        limits.batchBytes = 600
        var file = try folder.open(rows, limits: limits)
        rows.commit(100)
        _ = try file.publish()
        try expectExact(folder, rows)
    }

    @Test("a hole in the ledger is an error, not a hole in the stream")
    func hole() throws {
        let folder = try Folder()
        let rows = Rows(10)
        try folder.publish(rows)
        rows.commit(10)
        rows.oldest = 15
        var file = try folder.open(rows)
        #expect(throws: StreamError(.hole(sequence: 11), attempt: "publish to", path: folder.live)) {
            _ = try file.publish()
        }
    }
}
