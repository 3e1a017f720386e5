import Glibc
import Testing
import TidingsCore

@testable import TidingsStream

@Suite("the live segment renamed away by somebody else") struct ExternalRotationTests {
    private static let renamed = "changes.ndjson.1"
    private static let first = StreamFolder.sealedName(first: 1)

    /// A writer with twenty lines in its file, and a reader that has seen them.
    private final class Scene {
        let folder: Folder
        let rows = Rows(20)
        var file: ChangeFile
        var reader: ChangeReader
        private var seen: [[UInt8]] = []

        init(room: @escaping (Int) -> Int = { $0 }) throws {
            folder = try Folder()
            file = try folder.open(rows, room: room)
            _ = try file.publish()
            reader = try ChangeReader(folder: folder.path, from: .after(0), isFollowing: true)
            try read()
        }

        func read() throws {
            while let event = try reader.next() {
                if case .line(_, let bytes) = event { seen.append(bytes) }
            }
        }

        func rename(to name: String = ExternalRotationTests.renamed) throws {
            try #require(unsafe Glibc.rename(folder.live, folder.path + "/" + name) == 0)
        }

        /// The files are the rows, and so is what the reader saw.
        func expectExact(_ note: String = "") throws {
            try TidingsStreamTests.expectExact(folder, rows, note)
            try read()
            #expect(seen == rows.all.map(\.bytes), "\(note)")
        }
    }

    @Test("it becomes a sealed segment as well, and a new one goes on", arguments: [false, true])
    func renamedAway(isFileCreated: Bool) throws {
        let scene = try Scene()
        try scene.rename()
        if isFileCreated { try scene.folder.overwrite([]) }
        let inode = try scene.folder.inode(Self.renamed)
        // Without anything new, as the watch has it look.
        #expect(try scene.file.publish() == 20)
        #expect(try scene.folder.inode(Self.first) == inode)
        try scene.expectExact("before the next change")
        scene.rows.commit(5)
        _ = try scene.file.publish()
        try scene.expectExact("after it")
        #expect(try scene.folder.bytes().count < scene.folder.bytes(Self.renamed).count, "only the new lines")
        #expect(try scene.folder.names() == [Self.first, "changes.ndjson", Self.renamed])
        // A second time, and the next start.
        try scene.rename(to: "elsewhere")
        scene.rows.commit(2)
        _ = try scene.file.publish()
        try scene.folder.publish(scene.rows)
        try scene.expectExact("after another one")
    }

    @Test("a line that a full disk had cut is completed in it first")
    func torn() throws {
        let room = Room()
        let scene = try Scene(room: { room.take($0) })
        scene.rows.commit(4)
        room.left = scene.rows.bytes(21...21).count + 50
        #expect(throws: StreamError.self) { _ = try scene.file.publish() }
        try scene.rename()
        #expect(throws: StreamError.self) { _ = try scene.file.publish() }
        room.left = .max
        _ = try scene.file.publish()
        #expect(try scene.folder.bytes(Self.first).suffix(scene.rows.bytes(21...22).count) + [] == scene.rows.bytes(21...22))
        try scene.expectExact()
    }

    private final class Room {
        var left = Int.max
        var onWrite: () -> Void = {}

        func take(_ wanted: Int) -> Int {
            onWrite()
            defer { left -= min(left, wanted) }
            return min(left, wanted)
        }
    }

    @Test("a batch that was written while the name went away comes again under the name", arguments: [false, true])
    func inTheMiddleOfABatch(hasLines: Bool) throws {
        let room = Room()
        let folder = try Folder()
        let rows = Rows(hasLines ? 20 : 0)
        var file = try folder.open(rows, room: { room.take($0) })
        _ = try file.publish()
        rows.commit(5)
        room.onWrite = { [live = folder.live, renamed = folder.path + "/" + Self.renamed] in
            if unsafe access(renamed, F_OK) != 0 { unsafe rename(live, renamed) }
        }
        _ = try file.publish()
        try expectExact(folder, rows)
        // Who follows the name may have missed them in the renamed file.
        let batch = rows.bytes(hasLines ? 21...25 : 1...5)
        #expect(try folder.bytes().suffix(batch.count) + [] == batch)
        #expect(try folder.bytes(Self.renamed).suffix(batch.count) + [] == batch)
        #expect(try folder.names() == (hasLines ? [Self.first] : []) + ["changes.ndjson", Self.renamed], "nothing was damaged")
    }

    @Test("the folder itself may be renamed while a batch is written")
    func folderInTheMiddleOfABatch() throws {
        let room = Room()
        let folder = try Folder()
        let rows = Rows(20)
        var file = try folder.open(rows, room: { room.take($0) })
        _ = try file.publish()
        rows.commit(5)
        room.onWrite = { [path = folder.path] in
            if unsafe access(path + ".old", F_OK) != 0 { unsafe rename(path, path + ".old") }
        }
        #expect(try file.publish() == 25)
        try expectExact(folder, rows)
        #expect(try folder.bytes().suffix(rows.bytes(21...25).count) + [] == rows.bytes(21...25))
    }

    enum Spoiling: CaseIterable { case deleted, appendedTo, nothingInIt, nameTaken }

    @Test("what cannot serve as a segment any more is made anew", arguments: Spoiling.allCases)
    func notIntact(_ spoiling: Spoiling) throws {
        let folder = try Folder()
        let rows = Rows(spoiling == .nothingInIt ? 0 : 20)
        var file = try folder.open(rows)
        _ = try file.publish()
        try #require(unsafe rename(folder.live, folder.path + "/" + Self.renamed) == 0)
        switch spoiling {
        case .deleted: folder.remove(Self.renamed)
        case .appendedTo: try folder.append(Array("a note\n".utf8), name: Self.renamed)
        case .nothingInIt: break
        case .nameTaken: try folder.overwrite(Array("a note\n".utf8), name: Self.first)
        }
        rows.commit(5)
        #expect(try file.publish() == 25 - (spoiling == .nothingInIt ? 20 : 0))
        try expectExact(folder, rows)
    }

    @Test("the whole folder may be renamed or deleted", arguments: ["renamed", "deleted"])
    func folder(_ fate: String) throws {
        let folder = try Folder()
        let rows = Rows(20)
        var file = try folder.open(rows)
        _ = try file.publish()
        if fate == "deleted" {
            folder.remove()
            try #require(unsafe rmdir(folder.path) == 0)
        } else {
            try #require(unsafe rename(folder.path, folder.path + ".old") == 0)
        }
        rows.commit(5)
        #expect(try file.publish() == 25)
        try expectExact(folder, rows)
    }

    @Test("a kill at any step is made good by the next start")
    func killed() throws {
        for step in 1... {
            let folder = try Folder()
            let rows = Rows(20)
            let wasKilled = try dies(at: step) {
                var file = try folder.open(rows)
                _ = try file.publish()
                try #require(unsafe rename(folder.live, folder.path + "/" + Self.renamed) == 0)
                _ = try file.publish()
            }
            rows.commit(5)
            try folder.publish(rows)
            try expectExact(folder, rows, "killed at step \(step)")
            if !wasKilled { break }
        }
    }
}
