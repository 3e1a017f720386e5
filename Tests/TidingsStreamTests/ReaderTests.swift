import Glibc
import Testing
import TidingsCore

@testable import TidingsStream

/// Reads all there is now: the lines' numbers, after a check of their bytes, and what else happened.
private func drain(_ reader: inout ChangeReader, _ rows: Rows) throws -> [Int64] {
    var numbers: [Int64] = []
    while let event = try reader.next() {
        guard case .line(let sequence, let bytes) = event else {
            Issue.record("\(event)")
            continue
        }
        #expect(bytes == rows.all[Int(sequence - 1)].bytes)
        numbers.append(sequence)
    }
    return numbers
}

/// Forty changes in three sealed segments (1…10, 11…20, 21…30) and the live one (31…40).
private func fourSegments() throws -> (Folder, Rows) {
    let folder = try Folder()
    let rows = Rows()
    var file = try folder.open(rows)
    for segment in 1...4 {
        folder.now = start + Int64(segment) * 100 * second
        rows.commit(10)
        _ = try file.publish()
        if segment < 4 { _ = try file.rotate(.requested) }
    }
    return (folder, rows)
}

@Suite("reading") struct ReaderTests {
    @Test("any change that is kept is a place to start", arguments: [
        (.after(0), 1), (.after(9), 10), (.after(10), 11), (.after(25), 26), (.after(39), 40), (.after(40), 41),
        (.last(0), 41), (.last(1), 40), (.last(10), 31), (.last(11), 30), (.last(35), 6), (.last(1000), 1),
    ] as [(ChangeReader.Start, Int64)])
    func starts(at start: ChangeReader.Start, first: Int64) throws {
        let (folder, rows) = try fourSegments()
        var reader = try ChangeReader(folder: folder.path, from: start, isFollowing: false)
        #expect(try drain(&reader, rows) == Array(first..<41))
        #expect(reader.last == 40)
        #expect(reader.stream == streamID)
    }

    @Test("a place is found in a large segment without reading all of it")
    func halving() throws {
        let folder = try Folder()
        let rows = Rows(5000)
        try folder.publish(rows)
        for after in stride(from: Int64(0), through: 5000, by: 487) {
            var reader = try ChangeReader(folder: folder.path, from: .after(after), isFollowing: false)
            #expect(try drain(&reader, rows) == Array(after + 1..<5001))
        }
    }

    @Test("what is no longer kept, and what has not happened, are refused")
    func refusals() throws {
        let (folder, _) = try fourSegments()
        folder.remove(StreamFolder.sealedName(first: 1))
        func reason(_ start: ChangeReader.Start, in path: String) -> StreamError.Reason? {
            do throws(StreamError) {
                let reader = try ChangeReader(folder: path, from: start, isFollowing: true)
                return reader.last < 0 ? .noStream : nil
            } catch { return error.reason }
        }
        #expect(reason(.after(9), in: folder.path) == .tooOld(oldest: 11))
        #expect(reason(.after(10), in: folder.path) == nil)
        #expect(reason(.after(41), in: folder.path) == .inFuture(newest: 40))
        #expect(reason(.last(1), in: folder.path + "/nowhere") == .noStream)
    }

    @Test("a torn line is given once, when it is whole")
    func tornLine() throws {
        let folder = try Folder()
        let rows = Rows(5)
        try folder.publish(rows)
        var reader = try ChangeReader(folder: folder.path, from: .after(0), isFollowing: true)
        #expect(try drain(&reader, rows) == [1, 2, 3, 4, 5])
        rows.commit(1)
        let line = rows.bytes(6...6)
        try folder.append(line.prefix(20) + [])
        #expect(try reader.wait(timeoutMilliseconds: 10_000) == .changed)
        #expect(try drain(&reader, rows) == [])
        try folder.append(line.dropFirst(20) + [])
        #expect(try reader.wait(timeoutMilliseconds: 10_000) == .changed)
        #expect(try drain(&reader, rows) == [6])
    }

    @Test("rotations, a segment made anew, deletion and truncation neither repeat nor skip a line")
    func follows() throws {
        let folder = try Folder()
        let rows = Rows(5)
        var file = try folder.open(rows)
        _ = try file.publish()
        var reader = try ChangeReader(folder: folder.path, from: .after(2), isFollowing: true)
        var lazy = try ChangeReader(folder: folder.path, from: .after(2), isFollowing: true)
        #expect(try drain(&reader, rows) == [3, 4, 5])
        #expect(try lazy.next() == .line(sequence: 3, bytes: rows.bytes(3...3)))
        func step(_ damage: () throws -> Void) throws {
            try damage()
            let from = rows.last() + 1
            rows.commit(4)
            _ = try file.publish()
            #expect(try reader.wait(timeoutMilliseconds: 10_000) == .changed)
            #expect(try drain(&reader, rows) == Array(from...rows.last()))
        }
        for _ in 1...3 {
            try step {
                folder.now += 100 * second
                guard case .sealed = try file.rotate(.requested) else {
                    Issue.record("not rotated")
                    return
                }
            }
            try step { folder.remove() }
            try step { try folder.overwrite([]) }
            try step { try folder.append(Array("garbage\n".utf8)) }
            try step { try folder.overwrite(folder.bytes().dropLast(100)) }
        }
        #expect(try drain(&lazy, rows) == Array(4...rows.last()))
    }

    @Test("a follower waits at garbage until the file is made anew; another is told")
    func garbage() throws {
        let folder = try Folder()
        let rows = Rows(5)
        try folder.publish(rows)
        try folder.append(Array("garbage\n".utf8))
        var once = try ChangeReader(folder: folder.path, from: .after(4), isFollowing: false)
        #expect(try once.next() == .line(sequence: 5, bytes: rows.bytes(5...5)))
        do {
            _ = try once.next()
            Issue.record("garbage was taken for a line")
        } catch { #expect(error.reason == .damaged(after: 5)) }
        var follower = try ChangeReader(folder: folder.path, from: .after(4), isFollowing: true)
        #expect(try drain(&follower, rows) == [5])
        rows.commit(2)
        try folder.publish(rows)
        #expect(try drain(&follower, rows) == [6, 7])
    }

    @Test("without a live file what is sealed is a place to start, and its follower goes on when there is one again")
    func withoutLiveFile() throws {
        let (folder, rows) = try fourSegments()
        folder.remove()
        var reader = try ChangeReader(folder: folder.path, from: .after(8), isFollowing: true)
        #expect(reader.stream == streamID && reader.last == 8)
        try folder.publish(rows)
        #expect(try drain(&reader, rows) == Array(9...40))
    }

    @Test("a hole is an error, never passed over in silence")
    func hole() throws {
        let (folder, rows) = try fourSegments()
        var reader = try ChangeReader(folder: folder.path, from: .after(8), isFollowing: true)
        #expect(try reader.next() != nil)
        folder.remove(StreamFolder.sealedName(first: 11))
        #expect(try reader.next() != nil)
        do {
            _ = try reader.next()
            Issue.record("the hole was not seen")
        } catch { #expect(error.reason == .tooOld(oldest: 21)) }
        #expect(rows.last() == 40)
    }

    @Test("a new stream id is an event, and its lines follow")
    func reset() throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.publish(rows)
        var reader = try ChangeReader(folder: folder.path, from: .last(1), isFollowing: true)
        #expect(try drain(&reader, rows) == [20])
        rows.stream = otherStreamID
        rows.oldest = 21
        rows.commit(2)
        try folder.publish(rows)
        #expect(try reader.next() == .streamChanged(id: otherStreamID))
        #expect(try drain(&reader, rows) == [21, 22])
        #expect(reader.stream == otherStreamID)
    }

    @Test("a new stream whose reset is no longer kept is refused")
    func lostReset() throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.publish(rows)
        var reader = try ChangeReader(folder: folder.path, from: .last(1), isFollowing: true)
        #expect(try drain(&reader, rows) == [20])
        rows.stream = otherStreamID
        rows.oldest = 21
        rows.commit(2)
        var file = try folder.open(rows)
        _ = try file.publish()
        _ = try folder.at(start + 100 * second) { try file.rotate(.requested) }
        rows.commit(1)
        _ = try folder.at(start + 100 * second) { try file.publish() }
        folder.remove(StreamFolder.sealedName(first: 21))
        do {
            _ = try reader.next()
            Issue.record("the hole was not seen")
        } catch { #expect(error.reason == .tooOld(oldest: 23)) }
    }

    @Test("a wait ends by time or by its cancellation")
    func cancellation() throws {
        let folder = try Folder()
        try folder.publish(Rows(1))
        var reader = try ChangeReader(folder: folder.path, from: .last(0), isFollowing: true)
        #expect(try reader.wait(timeoutMilliseconds: 1) == .timedOut)
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(unsafe write(ends[1], "x", 1) == 1)
        #expect(try reader.wait(cancellation: ends[0]) == .cancelled)
    }

    @Test("the fields of a line are read from its bytes")
    func fields() throws {
        let fields = try #require(ChangeLineFields(Rows(3).bytes(3...3)))
        #expect(fields.type == "tidings.article.updated")
        #expect(fields.stream == streamID)
        #expect(fields.subject == ArticleID(source: "harbour", key: "3").description)
        #expect(fields.sourceName == "harbour \"east\"")
        #expect(ChangeLineFields(Array("{}\n".utf8)) == nil)
        #expect(ChangeLineFields(ChangeLine.header(stream: streamID, first: 1, milliseconds: 0))?.subject == nil)
    }
}
