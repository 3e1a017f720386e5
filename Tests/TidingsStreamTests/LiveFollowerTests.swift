import Testing
import TidingsCore
import TidingsSystem

@testable import TidingsStream

/// Everything there is for now, in parts of `limit` lines.
private func drain(_ follower: inout LiveFollower, limit: Int = 3) throws -> [Int64] {
    var numbers: [Int64] = []
    while true {
        let batch = try follower.next(limit: limit, limitBytes: 1 << 20)
        numbers += batch.lines.map(\.sequence)
        #expect(batch.lines.count <= limit)
        #expect(batch.lines.allSatisfy { ChangeLine.sequence(of: $0.bytes) == $0.sequence })
        #expect(batch.cursor == follower.cursor.sequence)
        if batch.isAtEnd { return numbers }
    }
}

@Suite("following within the daemon") struct LiveFollowerTests {
    /// Ten changes in two files, of which `recent` was told of the last `told`.
    private func tenChanges(told: Int, limitBytes: Int = 1 << 20) throws -> (folder: Folder, rows: Rows, recent: RecentChanges) {
        let folder = try Folder()
        let rows = Rows(5)
        try folder.seal(rows)
        rows.commit(5)
        try folder.publish(rows, at: start + 200 * second)
        let recent = RecentChanges(limitBytes: limitBytes)
        recent.begin(stream: streamID, newest: Int64(10 - told))
        recent.add(rows.lines(after: Int64(10 - told), limitBytes: .max))
        return (folder, rows, recent)
    }

    @Test("gives each change once, whatever part of them is in memory", arguments: 0...10, [0, 4, 9, 10] as [Int64])
    func memoryAndFiles(told: Int, after: Int64) throws {
        let (folder, rows, recent) = try tenChanges(told: told)
        var follower = try LiveFollower(folder: folder.path, after: after, filter: ChangeFilter(), recent: recent)
        #expect(try drain(&follower) == Array(after + 1..<11))
        rows.commit(4)
        try folder.publish(rows, at: start + 300 * second)
        recent.add(rows.lines(after: 10, limitBytes: .max))
        #expect(try drain(&follower) == [11, 12, 13, 14])
        #expect(try drain(&follower) == [])
    }

    @Test("the bytes are those of the row, from memory as from the files", arguments: [0, 10])
    func bytes(told: Int) throws {
        let (folder, rows, recent) = try tenChanges(told: told)
        var follower = try LiveFollower(folder: folder.path, after: 0, filter: ChangeFilter(), recent: recent)
        let batch = try follower.next(limit: .max, limitBytes: .max)
        #expect(batch.lines.flatMap(\.bytes) == rows.bytes(1...10))
    }

    @Test("memory has a limit, and what is no longer in it comes from the files")
    func limit() throws {
        let (folder, rows, recent) = try tenChanges(told: 10, limitBytes: 700)
        #expect(recent.lines(after: 0, limitBytes: .max) == nil)
        #expect(recent.lines(after: 9, limitBytes: .max)?.map { $0 } == [rows.bytes(10...10)])
        var follower = try LiveFollower(folder: folder.path, after: 0, filter: ChangeFilter(), recent: recent)
        #expect(try drain(&follower, limit: 100) == Array(1...10))
    }

    @Test("what was not asked for is passed, and the cursor moves over it", arguments: [0, 10])
    func filter(told: Int) throws {
        let (folder, _, recent) = try tenChanges(told: told)
        let filter = ChangeFilter(types: [try #require(ChangeTypeName("updated"))])
        var follower = try LiveFollower(folder: folder.path, after: 0, filter: filter, recent: recent)
        #expect(try drain(&follower, limit: 1) == [3, 6, 9])
        #expect(follower.cursor.sequence == 10)
    }

    @Test("without a number it begins with what is new")
    func fromNow() throws {
        let (folder, rows, recent) = try tenChanges(told: 10)
        var follower = try LiveFollower(folder: folder.path, after: nil, filter: ChangeFilter(), recent: recent)
        #expect(try drain(&follower) == [])
        rows.commit(1)
        recent.add(rows.lines(after: 10, limitBytes: .max))
        #expect(try drain(&follower) == [11])
    }

    @Test("a beginning outside of the stream is told as what it is")
    func outside() throws {
        let (folder, _, recent) = try tenChanges(told: 10)
        func reason(after: Int64, stream: String? = nil) -> StreamError.Reason? {
            do {
                _ = try LiveFollower(folder: folder.path, after: after, stream: stream, filter: ChangeFilter(), recent: recent)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(reason(after: 11) == .inFuture(newest: 10))
        #expect(reason(after: 3, stream: "another") == .cursorOfOtherStream(id: streamID))
        #expect(reason(after: 3, stream: streamID) == nil)
        folder.remove("changes-0000000000000000001.ndjson")
        recent.begin(stream: streamID, newest: 11)
        #expect(reason(after: 0) == .tooOld(oldest: 6))
    }

    @Test("a hole in what it is told empties the memory, so that no change is passed over")
    func hole() throws {
        let (folder, rows, recent) = try tenChanges(told: 10)
        rows.commit(5)
        try folder.publish(rows, at: start + 300 * second)
        recent.add(rows.lines(after: 13, limitBytes: .max))
        #expect(recent.lines(after: 10, limitBytes: .max) == nil)
        var follower = try LiveFollower(folder: folder.path, after: 8, filter: ChangeFilter(), recent: recent)
        #expect(try drain(&follower) == [9, 10, 11, 12, 13, 14, 15])
    }

    @Test("who waits is rung by an addition, and by a file that was made anew with more in it")
    func rings() async throws {
        let (_, rows, recent) = try tenChanges(told: 10)
        let alarm = Alarm()
        recent.subscribe(alarm)
        #expect(recent.followers == 1)
        rows.commit(1)
        recent.add(rows.lines(after: 10, limitBytes: .max))
        await alarm.wait()
        recent.begin(stream: streamID, newest: 12)
        await alarm.wait()
        recent.unsubscribe(alarm)
        #expect(recent.followers == 0)
    }
}
