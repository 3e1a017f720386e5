import Testing

@testable import TidingsStream

@Suite("repair of the stream folder") struct StreamRepairTests {
    /// Three segments: 1 … 10, 11 … 20, and the live one from 21 on.
    private func threeSegments() throws -> (folder: Folder, rows: Rows, first: String, second: String) {
        let folder = try Folder()
        let rows = Rows(10)
        var file = try folder.open(rows)
        _ = try file.publish()
        for turn in 1...2 {
            _ = try folder.at(start + Int64(turn) * 100 * second) { try file.rotate(.requested) }
            rows.commit(10)
            _ = try file.publish()
        }
        return (folder, rows, StreamFolder.sealedName(first: 1), StreamFolder.sealedName(first: 11))
    }

    private func repair(_ folder: Folder, _ rows: Rows) throws -> StreamRepair {
        try StreamRepair.run(folder: folder.path, stream: streamID, committed: rows, nowMilliseconds: { start + 500 * second })
    }

    @Test("a line in the middle of any segment is put right, and what it was is kept")
    func editedMiddles() throws {
        let (folder, rows, first, second) = try threeSegments()
        for name in [first, second, StreamFolder.liveName] {
            var bytes = try folder.bytes(name)
            bytes[bytes.count / 2] ^= 1
            try folder.overwrite(bytes, name: name)
        }
        let damaged = try folder.bytes(first)
        #expect(try StreamCheck.run(folder: folder.path, stream: streamID, committed: rows).differences.count >= 3)
        #expect(Set(try repair(folder, rows).remade) == [StreamFolder.liveName, first, second])
        let check = try StreamCheck.run(folder: folder.path, stream: streamID, committed: rows)
        #expect(check.differences == [] && check.equalLines == 30 && check.segments == 3)
        #expect(try folder.bytes(first + ".damaged") == damaged)
        #expect(try repair(folder, rows) == StreamRepair(), "a second time there is nothing to do")
    }

    @Test("a segment whose rows are no longer kept stays as it is")
    func prunedRows() throws {
        let (folder, rows, first, _) = try threeSegments()
        rows.oldest = 5
        var bytes = try folder.bytes(first)
        bytes[bytes.count - 20] ^= 1
        try folder.overwrite(bytes, name: first)
        #expect(try repair(folder, rows) == StreamRepair(remade: [], beyondRepair: [first]))
        #expect(try folder.bytes(first) == bytes)
    }

    @Test("what no reader opens is told apart, and the newest line is found")
    func leftovers() throws {
        let (folder, rows, first, second) = try threeSegments()
        #expect(try StreamRepair.newestPublished(folder: folder.path) == 30)
        let header = Array(try folder.bytes(second).prefix { $0 != 0x0A }) + [0x0A]
        let name = StreamFolder.setAsideName(first: 11, stream: streamID)
        try folder.overwrite(header + rows.bytes(11...12), name: name)
        let broken = StreamFolder.setAsideName(first: 11, stream: "0198f2a4")
        try folder.overwrite(header + rows.bytes(12...12), name: broken)
        try folder.overwrite([1], name: first + ".new")
        try folder.overwrite([1], name: first + ".damaged-2")
        #expect(try StreamLeftover.all(in: folder.path).sorted { $0.name < $1.name } == [
            StreamLeftover(name: first + ".damaged-2", kind: .damagedCopy), StreamLeftover(name: first + ".new", kind: .temporary),
            StreamLeftover(name: broken, kind: .earlierStream(problem: "line 2 is not change 11 of its stream")),
            StreamLeftover(name: name, kind: .earlierStream(problem: nil)),
        ].sorted { $0.name < $1.name })
        _ = try repair(folder, rows)
        #expect(try !StreamLeftover.all(in: folder.path).contains { $0.kind == .temporary })
    }
}
