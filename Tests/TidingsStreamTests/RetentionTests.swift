import FoundationEssentials
import Glibc
import Testing
import TidingsCore
import TidingsFailpoints

@testable import TidingsStream

@Suite("retention of change files") struct RetentionTests {
    private let day = 86_400 * second
    private static let stranger = ["notes.txt", "changes-old.ndjson", "changes.ndjson.bak", "changes-0000000000000000001.ndjson.damaged-x"]

    /// Segments 1…10, 11…20, 21…30 and 31…40 sealed, 41…45 live; the rows of each committed a day after those before.
    private func segments(_ folder: Folder, _ rows: Rows) throws -> ChangeFile {
        var file = try folder.open(rows)
        for round in 0..<5 {
            let now = start + Int64(round) * day
            rows.commit(round < 4 ? 10 : 5, at: now)
            _ = try folder.at(now) { try file.publish() }
            if round < 4 { _ = try folder.at(now + 60 * second) { try file.rotate(.requested) } }
        }
        return file
    }

    /// Every number that is kept can be begun after, and none below.
    private func expectReadable(_ folder: Folder, _ rows: Rows, from oldest: Int64, _ note: String = "") throws {
        #expect(try ChangeReader.oldest(in: folder.path) == oldest, "\(note)")
        for number in (oldest - 1)...rows.last() {
            var reader = try ChangeReader(folder: folder.path, from: .after(number), isFollowing: false)
            var lines: [[UInt8]] = []
            while let event = try reader.next() { if case .line(_, let bytes) = event { lines.append(bytes) } }
            #expect(lines == rows.all.dropFirst(Int(number)).map(\.bytes), "after \(number) \(note)")
        }
        guard oldest > 1 else { return }
        let error = #expect(throws: StreamError.self) {
            try { _ = try ChangeReader(folder: folder.path, from: .after(oldest - 2), isFollowing: true) }()
        }
        #expect(error?.reason == .tooOld(oldest: oldest))
    }

    @Test("whole files go by the age of their newest change, oldest first, and the live one never", arguments: [
        (daysLater: 4, oldest: 1), (daysLater: 5, oldest: 11), (daysLater: 6, oldest: 21), (daysLater: 900, oldest: 41),
    ] as [(daysLater: Int64, oldest: Int64)])
    func age(daysLater: Int64, oldest: Int64) throws {
        let folder = try Folder()
        let rows = Rows()
        var file = try segments(folder, rows)
        let limit = RetentionLimit(ageMilliseconds: 4 * day)
        let now = start + daysLater * day
        let removal = try folder.at(now) { try file.removeOld(keeping: limit) }
        #expect(removal.files == Int(oldest / 10))
        try expectReadable(folder, rows, from: oldest)
        try expectExact(folder, rows, from: oldest)
        #expect(try folder.at(now) { try file.removeOld(keeping: limit) }.files == 0)
        // They do not come back with the next start, although the rows are there.
        try folder.publish(rows, at: now)
        try expectExact(folder, rows, from: oldest)
    }

    @Test("files go until the rest fits the size, the live one counted")
    func size() throws {
        let folder = try Folder()
        let rows = Rows()
        var file = try segments(folder, rows)
        let sizes = try ["changes-0000000000000000021.ndjson", "changes-0000000000000000031.ndjson", "changes.ndjson"]
            .map { Int64(try folder.bytes($0).count) }
        let limit = RetentionLimit(bytes: sizes.reduce(0, +))
        #expect(try file.removeOld(keeping: limit).files == 2)
        try expectReadable(folder, rows, from: 21)
        #expect(try file.removeOld(keeping: RetentionLimit(bytes: 1)).files == 2)
        try expectReadable(folder, rows, from: 41)
        rows.commit(3)
        #expect(try file.publish() == 48)
        try expectExact(folder, rows, from: 41)
    }

    @Test("damaged copies and earlier streams' segments go too; what is not ours stays")
    func aside() throws {
        let folder = try Folder()
        let rows = Rows()
        var file = try segments(folder, rows)
        let copies = [
            "changes.ndjson.damaged", "changes-0000000000000000011.ndjson.damaged-2",
            "changes-0000000000000000007.\(otherStreamID).ndjson", "changes-0000000000000000007.\(otherStreamID).ndjson.damaged",
        ]
        for name in copies + Self.stranger { try folder.create(name, modified: start / 1000) }
        try FileManager.default.createDirectory(atPath: folder.path + "/changes.ndjson.damaged-3", withIntermediateDirectories: false)
        let removal = try folder.at(start + 3 * day) { try file.removeOld(keeping: RetentionLimit(ageMilliseconds: day)) }
        #expect(removal.files == 4 + 2)
        #expect(
            try folder.names()
                == (Self.stranger + [
                    "changes-0000000000000000021.ndjson", "changes-0000000000000000031.ndjson", "changes.ndjson", "changes.ndjson.damaged-3",
                ]).sorted())
        try expectReadable(folder, rows, from: 21)
    }

    @Test("a sealed segment whose date is wrong waits for those before it")
    func order() {
        func sealed(_ first: Int64, _ time: Int64) -> ChangeFile.Removable {
            ChangeFile.Removable(
                name: StreamFolder.sealedName(first: first), first: first, thing: RetentionLimit.Thing(milliseconds: time, bytes: 1))
        }
        let copy = ChangeFile.Removable(
            name: "changes.ndjson.damaged", first: nil, thing: RetentionLimit.Thing(milliseconds: 45, bytes: 1))
        let files = inOrder([sealed(30, 20), copy, sealed(1, 10), sealed(20, 50)])
        #expect(files.map(\.first) == [1, nil, 20, 30])
        #expect(files.map(\.thing.milliseconds) == [10, 45, 50, 50])
    }

    @Test("a follower that stands in a file that goes reads it to its end and goes on")
    func follower() throws {
        let folder = try Folder()
        let rows = Rows()
        var file = try segments(folder, rows)
        var reader = try ChangeReader(folder: folder.path, from: .after(22), isFollowing: true)
        var late = try ChangeReader(folder: folder.path, from: .after(5), isFollowing: true)
        #expect(try reader.next() == .line(sequence: 23, bytes: rows.all[22].bytes))
        _ = try folder.at(start + 3 * day) { try file.removeOld(keeping: RetentionLimit(ageMilliseconds: 1)) }
        var seen: [Int64] = []
        while case .line(let sequence, _)? = try reader.next() { seen.append(sequence) }
        #expect(seen == Array(24...45))
        // Who had not opened it yet is told where it can begin.
        let error = #expect(throws: StreamError.self) { try late.nextOrThrow() }
        #expect(error?.reason == .tooOld(oldest: 31))
    }

    @Test("a kill at any step leaves no hole, and the next time removes the rest")
    func killed() throws {
        for step in 1... {
            let folder = try Folder()
            let rows = Rows()
            var file = try segments(folder, rows)
            let limit = RetentionLimit(ageMilliseconds: day)
            let now = start + 4 * day
            let wasKilled = try dies(at: step) { _ = try folder.at(now) { try file.removeOld(keeping: limit) } }
            let oldest = Int64(min(step, 4) * 10 + 1)
            try expectReadable(folder, rows, from: min(oldest, 31), "killed at \(step)")
            var next = try folder.open(rows, at: now)
            _ = try folder.at(now) { try next.removeOld(keeping: limit) }
            try expectExact(folder, rows, from: 31, "killed at \(step)")
            if !wasKilled {
                #expect(step == 4)
                break
            }
        }
    }

    @Test("rows that go while a segment is made anew from them are no error", arguments: [16, 31])
    func raced(oldest: Int64) throws {
        let folder = try Folder()
        let rows = Rows()
        _ = try segments(folder, rows)
        folder.remove("changes-0000000000000000011.ndjson")
        let racing = RacingRows(rows, pruningAfter: 1, upTo: oldest)
        var file = try ChangeFile(folder: folder.path, stream: streamID, committed: racing, nowMilliseconds: { start })
        #expect(racing.first() == oldest)
        #expect(try file.publish() == 45)
        try expectReadable(folder, rows, from: 21)
        #expect(try !folder.names().contains("changes-0000000000000000011.ndjson"), "no file that ends too soon")
        let check = try StreamCheck.run(folder: folder.path, stream: streamID, committed: RacingRows(rows, pruningAfter: 2, upTo: 31))
        #expect(check.differences.map(\.kind) == [.missing(through: 20)])
    }
}

/// Rows of which the oldest are pruned in the middle of the reading.
private final class RacingRows: CommittedLines {
    private let rows: Rows
    private var reads: Int
    private let oldest: Int64

    /// - Parameter oldest: what is the oldest then.
    init(_ rows: Rows, pruningAfter reads: Int, upTo oldest: Int64) {
        self.rows = rows
        self.reads = reads
        self.oldest = oldest
        rows.oldest = 1
    }

    func last() -> Int64 { rows.last() }
    func first() -> Int64 { rows.first() }
    func lines(after sequence: Int64, limitBytes: Int) -> [CommittedLine] {
        reads -= 1
        if reads < 0 { rows.oldest = oldest }
        return rows.lines(after: sequence, limitBytes: 1000)
    }
}

extension ChangeReader {
    fileprivate mutating func nextOrThrow() throws { _ = try next() }
}

extension Folder {
    fileprivate func create(_ name: String, modified seconds: Int64) throws {
        _ = FileManager.default.createFile(atPath: path + "/" + name, contents: Data("copy\n".utf8))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(seconds))], ofItemAtPath: path + "/" + name)
    }
}
