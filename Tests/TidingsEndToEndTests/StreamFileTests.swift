import Foundation
import Glibc
import TestSupport
import Testing

/// The change file is a copy of what the ledger has committed: whatever happens to it, the next change finds it whole.
@Suite(.timeLimit(.minutes(5)))
struct StreamFileTests {
    @Test("a change file that somebody damages is whole again with the next change", arguments: Damage.allCases)
    func damage(_ damage: Damage) async throws {
        let tidings = try Installation()
        try tidings.write("One\n\nAn article from before the damage was done.\n", to: "one.txt")
        let daemon = try await tidings.daemon()
        let before = try await tidings.waitForLines(2)
        try damage.inflict(on: tidings.changeFile)
        try tidings.write("Two\n\nAn article from after the damage was done.\n", to: "two.txt")
        try await tidings.wait("the file is whole") { (try? tidings.lines().count) == 3 }
        let lines = try tidings.lines()
        #expect(Array(lines.prefix(2)) == before)
        #expect(lines.last?.data.item?.title == "Two")
        try await daemon.stop()
        try await tidings.expectSound()
    }

    enum Damage: CaseIterable {
        case deleted, emptied, cutInALine, followedByGarbage, editedInPlace

        func inflict(on file: String) throws {
            let bytes = FileManager.default.contents(atPath: file) ?? Data()
            switch self {
            case .deleted: try FileManager.default.removeItem(atPath: file)
            case .emptied: #expect(unsafe truncate(file, 0) == 0)
            case .cutInALine: #expect(unsafe truncate(file, bytes.count - 40) == 0)
            case .followedByGarbage: try Self.write(Data("no line of ours\n".utf8), to: file, at: bytes.count)
            case .editedInPlace: try Self.write(Data("XXXX".utf8), to: file, at: bytes.count - 60)
            }
        }

        private static func write(_ bytes: Data, to file: String, at offset: Int) throws {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
            try handle.seek(toOffset: UInt64(offset))
            try handle.write(contentsOf: bytes)
            try handle.close()
        }
    }
}
