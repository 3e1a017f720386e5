import Testing
import TidingsCore

@testable import TidingsStream

/// What a follower gives until there is nothing for now: the numbers of the lines, with the cursor behind each.
private func drain(_ follower: inout ChangeFollower) throws -> [Int64] {
    var numbers: [Int64] = []
    while let event = try follower.next() {
        guard case .line(let bytes) = event else { continue }
        let number = try #require(ChangeLine.sequence(of: bytes))
        #expect(follower.cursor == StreamCursor(stream: streamID, sequence: number), "the cursor is that of the line just given")
        numbers.append(number)
    }
    return numbers
}

private func cursor(_ sequence: Int64) -> ChangeQuery.Begin { .cursor(StreamCursor(stream: streamID, sequence: sequence)) }

@Suite("following the stream") struct ChangeFollowerTests {
    /// Ten changes, of which 3, 6 and 9 are updates, over two files.
    private func tenChanges() throws -> (Folder, Rows) {
        let folder = try Folder()
        let rows = Rows(5)
        try folder.seal(rows)
        rows.commit(5)
        try folder.publish(rows, at: start + 200 * second)
        return (folder, rows)
    }

    @Test("gives what is asked for, from where it is asked for", arguments: [
        (.oldest, nil, [], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (.oldest, 3, [], [8, 9, 10]),
        (.oldest, 0, [], []),
        (.oldest, 20, [], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (.oldest, nil, ["updated"], [3, 6, 9]),
        // Of those that pass, the last so many: not those that pass among the last so many.
        (.oldest, 2, ["updated"], [6, 9]),
        (.oldest, 0, ["updated"], []),
        (.oldest, 5, ["updated"], [3, 6, 9]),
        (.after(0), nil, [], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (.after(7), nil, [], [8, 9, 10]),
        (.after(4), 2, [], [9, 10]),
        (.after(4), 1, ["updated"], [9]),
        (.after(10), nil, [], []),
        (cursor(7), nil, [], [8, 9, 10]),
        (cursor(0), nil, ["updated"], [3, 6, 9]),
    ] as [(ChangeQuery.Begin, Int?, [String], [Int64])])
    func queries(begin: ChangeQuery.Begin, last: Int?, types: [String], expected: [Int64]) throws {
        let (folder, _) = try tenChanges()
        let filter = ChangeFilter(types: types.compactMap { ChangeTypeName($0) })
        var follower = try ChangeFollower(
            folder: folder.path, query: ChangeQuery(begin: begin, last: last, filter: filter), isFollowing: false)
        #expect(try drain(&follower) == expected)
        #expect(follower.cursor == StreamCursor(stream: streamID, sequence: 10), "what was not asked for is passed, too")
        #expect(try follower.wait() == .cancelled)
    }

    @Test("bytes are those of the row")
    func bytes() throws {
        let (folder, rows) = try tenChanges()
        var follower = try ChangeFollower(folder: folder.path, query: ChangeQuery(begin: .after(9)), isFollowing: false)
        #expect(try follower.next() == .line(rows.all[9].bytes))
    }

    @Test("while the last so many are not known, the cursor stays before all of them")
    func held() throws {
        let (folder, _) = try tenChanges()
        var follower = try ChangeFollower(folder: folder.path, query: ChangeQuery(begin: .after(4), last: 2), isFollowing: false)
        for _ in 5...10 {
            #expect(try follower.next() == .passed)
            #expect(follower.cursor.sequence == 4)
        }
    }

    @Test("goes on with what comes, of which all is given that passes")
    func goesOn() throws {
        let (folder, rows) = try tenChanges()
        let filter = ChangeFilter(types: [try #require(ChangeTypeName("updated"))])
        var follower = try ChangeFollower(
            folder: folder.path, query: ChangeQuery(begin: .oldest, last: 1, filter: filter), isFollowing: true)
        #expect(try drain(&follower) == [9])
        rows.commit(6)
        try folder.publish(rows, at: start + 300 * second)
        #expect(try follower.wait(timeoutMilliseconds: 10_000) == .changed)
        #expect(try drain(&follower) == [12, 15])
        #expect(follower.cursor.sequence == 16)
    }

    @Test("a beginning outside of the stream is told from other errors", arguments: [
        (.after(11), .inFuture(newest: 10)),
        (.cursor(StreamCursor(stream: otherStreamID, sequence: 3)), .cursorOfOtherStream(id: streamID)),
        (cursor(11), .inFuture(newest: 10)),
    ] as [(ChangeQuery.Begin, StreamError.Reason)])
    func outside(begin: ChangeQuery.Begin, reason: StreamError.Reason) throws {
        let (folder, _) = try tenChanges()
        let error = #expect(throws: StreamError.self) {
            _ = try ChangeFollower(folder: folder.path, query: ChangeQuery(begin: begin), isFollowing: false).cursor
        }
        #expect(error?.reason == reason)
        #expect(error?.isOutsideStream == true)
    }

    @Test("what is no longer kept is outside of it, no file is not")
    func notKept() throws {
        let (folder, _) = try tenChanges()
        for name in try folder.names() where StreamFolder.first(ofSealed: name) == 1 { folder.remove(name) }
        let old = #expect(throws: StreamError.self) {
            _ = try ChangeFollower(folder: folder.path, query: ChangeQuery(begin: .after(2)), isFollowing: false).cursor
        }
        #expect(old?.reason == .tooOld(oldest: 6) && old?.isOutsideStream == true)
        folder.remove()
        let none = #expect(throws: StreamError.self) {
            _ = try ChangeFollower(folder: folder.path, query: ChangeQuery(begin: .oldest), isFollowing: false).cursor
        }
        #expect(none?.reason == .noStream && none?.isOutsideStream == false)
    }
}

@Suite("a cursor") struct CursorTests {
    @Test("is one line, and read back from it", arguments: [0, 1042, Int64.max])
    func line(sequence: Int64) throws {
        let cursor = StreamCursor(stream: streamID, sequence: sequence)
        #expect(cursor.line == "urn:uuid:\(streamID) \(sequence)\n")
        #expect(StreamCursor(line: cursor.line) == cursor)
        #expect(StreamCursor(line: String(cursor.line.dropLast())) == cursor)
    }

    @Test("is saved behind the output: what was written, never what was given")
    func behind() {
        let now = ContinuousClock.now
        func at(_ sequence: Int64) -> StreamCursor { StreamCursor(stream: streamID, sequence: sequence) }
        var progress = CursorProgress(saved: at(0), now: now)
        #expect(progress.due(isIdle: true, now: now) == nil, "it is saved already")
        _ = progress.pass(at(1))
        #expect(progress.due(isIdle: true, now: now) == nil, "nothing of it is written")
        progress.wrote()
        _ = progress.pass(at(2))
        #expect(progress.due(isIdle: true, now: now) == at(1), "not what came after the write")
        progress.didSave(at(1), now: now)
        #expect(progress.due(isIdle: true, now: now) == nil)
    }

    @Test("while there is always more it is saved now and then, and at once when there is not")
    func pause() {
        let now = ContinuousClock.now
        let (first, next) = (StreamCursor(stream: streamID, sequence: 1), StreamCursor(stream: streamID, sequence: 2))
        var progress = CursorProgress(saved: first, now: now)
        progress.didSave(first, now: now)
        _ = progress.pass(next)
        progress.wrote()
        let soon = now + .milliseconds(99)
        #expect(progress.due(isIdle: false, now: soon) == nil)
        #expect(progress.due(isIdle: true, now: soon) == next)
        #expect(progress.due(isIdle: false, now: now + .milliseconds(100)) == next)
    }

    @Test("moves on although nothing was asked for, after a thousand changes")
    func passed() {
        var progress = CursorProgress(saved: StreamCursor(stream: streamID, sequence: 0), now: .now)
        for round in 0..<2 {
            let due = (1...1000).map { progress.pass(StreamCursor(stream: streamID, sequence: Int64(round * 1000 + $0))) }
            #expect(due == Array(repeating: false, count: 999) + [true])
            progress.wrote()
        }
    }
}
