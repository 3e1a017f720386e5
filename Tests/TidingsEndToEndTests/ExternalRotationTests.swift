import Foundation
import Glibc
import TestSupport
import Testing

/// Somebody meddles with the change file while the daemon runs and nothing new happens: it is found at once.
@Suite(.timeLimit(.minutes(5)))
struct ExternalRotationTests {
    enum ExternalEdits: String, CaseIterable {
        case deleted, emptied, copiedAndTruncated, followedByGarbage, edited, renamed, renamedAndCreated, movedElsewhere,
            folderDeleted

        /// Whether the lines that stood there are still to be read in the renamed file, so that `tail -F` sees each once.
        var isRotation: Bool { [.renamed, .renamedAndCreated, .movedElsewhere].contains(self) }

        func inflict(on tidings: Installation) throws {
            let file = tidings.changeFile
            switch self {
            case .deleted: try FileManager.default.removeItem(atPath: file)
            case .emptied: try Data().write(to: URL(fileURLWithPath: file))
            case .copiedAndTruncated:
                try FileManager.default.copyItem(atPath: file, toPath: file + ".1")
                try Data().write(to: URL(fileURLWithPath: file))
            case .followedByGarbage: try Self.write("no line of ours\n", to: file) { $0.seekToEndOfFile() }
            case .edited: try Self.write("XXXX", to: file) { $0.seekToEndOfFile() - 60 }
            case .renamed: try FileManager.default.moveItem(atPath: file, toPath: file + ".1")
            case .renamedAndCreated:
                try FileManager.default.moveItem(atPath: file, toPath: file + ".1")
                // The daemon may have been faster; logrotate then renames what it finds once more, and so does this.
                if FileManager.default.fileExists(atPath: file) {
                    try FileManager.default.moveItem(atPath: file, toPath: file + ".backup")
                }
                try Data().write(to: URL(fileURLWithPath: file))
            case .movedElsewhere: try FileManager.default.moveItem(atPath: file, toPath: tidings.base + "/moved.ndjson")
            case .folderDeleted:
                // The daemon may make the file anew in a folder that is being emptied; then it is not removed.
                let isGone = (0..<100).contains { _ in (try? FileManager.default.removeItem(atPath: tidings.state + "/stream")) != nil }
                #expect(isGone)
            }
        }

        private static func write(_ text: String, to file: String, at place: (FileHandle) -> UInt64) throws {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
            try handle.seek(toOffset: place(handle))
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        }
    }

    @Test("the change file is whole again before the next change")
    func foundAtOnce() async {
        await forEachRow(of: ExternalEdits.allCases) { (meddling: ExternalEdits) in
            let tidings = try Installation.prompt()
            for number in 1...3 { try tidings.writeNotice(number) }
            let daemon = try await tidings.daemon()
            try await tidings.waitForRecord(4)
            let before = try tidings.record()
            let followers = try Followers(fromOldest: tidings)
            try await followers.catchUp(with: tidings)
            let inode = try inode(of: tidings.changeFile)

            try meddling.inflict(on: tidings)
            try await tidings.wait("the files are whole, \(meddling)") {
                // Another file: what is edited in place may read the same for a moment before. Of a file that is gone the number may
                // be given to the next.
                (meddling == .folderDeleted || (try? self.inode(of: tidings.changeFile)) ?? inode != inode)
                    && (try? tidings.record()) == before
                    && FileManager.default.contents(atPath: tidings.changeFile)?.isEmpty == false
            }
            // A reader of the folder ends with the folder; who follows the file does not.
            if meddling == .folderDeleted {
                try await daemon.stop()
                return try await tidings.expectPromises(after: "\(meddling)")
            }

            try tidings.writeNotice(4)
            try await tidings.waitForRecord(5)
            try await followers.catchUp(with: tidings)
            try await daemon.stop()
            try await tidings.expectPromises(
                meddling.isRotation ? followers.observations : followers.observationsOfDamage, after: "\(meddling)", resuming: meddling.isRotation)
            #expect(try tidings.record().starts(with: before))
        }
    }

    @Test("a sealed file that is deleted from the middle is back at once")
    func sealedDeleted() async throws {
        let tidings = try Installation.prompt()
        let daemon = try await tidings.daemon()
        for number in 1...3 {
            try tidings.writeNotice(number)
            try await tidings.waitForRecord(number + 1)
            // No minute has passed since the last rotation by the daemon; by others there may be one at any time.
            try FileManager.default.moveItem(atPath: tidings.changeFile, toPath: tidings.base + "/\(number).ndjson")
            try await tidings.wait("a new file") {
                try tidings.sealedFiles().count == number && FileManager.default.fileExists(atPath: tidings.changeFile)
            }
        }
        let before = try tidings.record()
        try FileManager.default.removeItem(atPath: tidings.sealedFiles()[1])
        try await tidings.wait("it is back") { (try? tidings.record()) == before }
        try await daemon.stop()
        try await tidings.expectPromises(after: "a sealed file was deleted")
    }

    @Test("damage that a power cut left in the tail is kept aside, and the file made anew")
    func damagedTail() async {
        await forEachRow(of: ["zeros", "garbage"]) { (kind: String) in
            let tidings = try Installation.prompt()
            for number in 1...3 { try tidings.writeNotice(number) }
            let first = try await tidings.daemon()
            try await tidings.waitForRecord(4)
            let followers = try Followers(fromOldest: tidings)
            try await followers.catchUp(with: tidings)
            first.send(SIGKILL)
            _ = await first.program.result()
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: tidings.changeFile))
            try file.seek(toOffset: file.seekToEndOfFile() - 300)
            var dice = Seeded(seed: 10)
            let tail = (0..<4096).map { _ in kind == "zeros" ? 0 : UInt8.random(in: 0...127, using: &dice) }
            try file.write(contentsOf: Data(tail))
            try file.close()

            try tidings.writeNotice(4)
            let second = try await tidings.daemon()
            try await tidings.waitForRecord(5)
            try await followers.catchUp(with: tidings)
            try await second.stop()
            #expect(FileManager.default.fileExists(atPath: tidings.changeFile + ".damaged"))
            try await tidings.expectPromises(
                followers.observationsOfDamage, after: "\(kind) in the tail", resuming: false)
        }
    }

    private func inode(of path: String) throws -> UInt64 {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw CocoaError(.fileNoSuchFile) }
        return UInt64(status.st_ino)
    }
}
