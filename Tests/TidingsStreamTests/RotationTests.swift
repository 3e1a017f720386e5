import Glibc
import Testing
import TidingsCore

@testable import TidingsStream

@Suite("rotation") struct RotationTests {
    @Test("seals by size, age or request, at least a minute apart, and never an empty segment")
    func rules() throws {
        let folder = try Folder()
        let rows = Rows()
        var limits = ChangeFile.Limits()
        limits.segmentBytes = 5000
        var file = try folder.open(rows, limits: limits)
        #expect(try folder.at(start + 61 * second) { try file.rotate(.requested) } == .nothingToSeal)
        rows.commit(2)
        _ = try file.publish()
        #expect(try folder.at(start + 61 * second) { try file.rotate(.due) } == .notDue)
        #expect(try folder.at(start + 59 * second) { try file.rotate(.requested) } == .tooSoon(waitMilliseconds: 1000))
        let day = start + 86_400 * second
        #expect(try folder.at(day) { try file.rotate(.due) } == .sealed(name: "changes-0000000000000000001.ndjson"))
        rows.commit(20)
        _ = try folder.at(day) { try file.publish() }
        #expect(try folder.at(day + 30 * second) { try file.rotate(.due) } == .tooSoon(waitMilliseconds: 30_000))
        let setBack = day - 90 * second
        #expect(try folder.at(setBack) { try file.rotate(.due) } == .sealed(name: StreamFolder.sealedName(first: 3)))
        try expectExact(folder, rows)
        let check = try StreamCheck.run(folder: folder.path, stream: streamID, committed: rows)
        #expect(check == StreamCheck(segments: 3, equalLines: 22))
    }

    @Test("a kill at any step is made good, and the name is never missing")
    func killed() throws {
        for step in 1... {
            let folder = try Folder()
            let rows = Rows(12)
            try folder.publish(rows)
            let later = start + 100 * second
            let wasKilled = try dies(at: step) {
                var file = try folder.open(rows, at: later)
                _ = try file.rotate(.requested)
            }
            #expect(unsafe access(folder.live, F_OK) == 0)
            rows.commit(3)
            var file = try folder.open(rows, at: later)
            _ = try file.publish()
            _ = try folder.at(later + 100 * second) { try file.rotate(.requested) }
            try expectExact(folder, rows, "killed at step \(step)")
            if !wasKilled { break }
        }
    }

    @Test("a file that is damaged after the link of a killed rotation is made anew")
    func damagedHalfWay() throws {
        let folder = try Folder()
        let rows = Rows(12)
        try folder.publish(rows)
        unsafe link(folder.live, folder.path + "/" + StreamFolder.sealedName(first: 1))
        try folder.append(Array("garbage\n".utf8))
        try folder.publish(rows)
        try expectExact(folder, rows)
    }
}
