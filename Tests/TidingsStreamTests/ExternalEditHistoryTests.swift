import Foundation
import Glibc
import TestSupport
import Testing
import TidingsCore

@testable import TidingsStream

@Suite("histories of a writer among meddlers") struct ExternalEditHistoryTests {
    enum Operation: CaseIterable {
        case commit, rotate, rename, renameAndCreate, renameWhileWriting, deleteWhileWriting, delete, empty, garbage, edit,
            fullDisk, loseSealed, restart
    }

    private static let seeds: ClosedRange<UInt64> = {
        if let seed = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap({ UInt64($0) }) { return seed...seed }
        return isLongRun ? 1...2000 : 1...10
    }()

    /// 338: the header of a live segment without lines is edited, so that it would repeat what is sealed.
    @Test("stay right where they once were wrong", arguments: [338 as UInt64])
    func regression(seed: UInt64) throws { try random(seed: seed) }

    /// What is done to the files while the writer holds them open, also in the middle of a write: after the next look they are
    /// the rows, and a reader that followed all along got each line once.
    @Test("end with files that equal the rows, and a follower that saw each line once", arguments: seeds)
    func random(seed: UInt64) throws {
        var dice = Seeded(seed: seed)
        let folder = try Folder()
        let rows = Rows(3)
        var left = Int.max
        var onWrite: () -> Void = {}
        let room: (Int) -> Int = { wanted in
            onWrite()
            defer { left -= min(left, wanted) }
            return min(left, wanted, 700)
        }
        var time = start
        var file = try folder.open(rows, room: room)
        _ = try file.publish()
        var reader = try ChangeReader(folder: folder.path, from: .after(0), isFollowing: true)
        var read: Int64 = 0
        var history: [String] = []

        for step in 1...30 {
            let operation = Operation.allCases.randomElement(using: &dice)!
            history.append("\(operation)")
            time += Int64.random(in: 0...120, using: &dice) * second
            folder.now = time
            let elsewhere = folder.path + "/elsewhere-\(step)"
            let place = Int.random(in: 0..<max(1, folder.found().count), using: &dice)
            if Bool.random(using: &dice) { rows.commit(Int.random(in: 1...10, using: &dice)) }
            switch operation {
            case .commit, .restart: break
            case .rotate: _ = try file.rotate(.requested)
            case .rename: unsafe rename(folder.live, elsewhere)
            case .renameAndCreate:
                unsafe rename(folder.live, elsewhere)
                try folder.overwrite([])
            case .renameWhileWriting, .deleteWhileWriting:
                rows.commit(3)
                var writes = Int.random(in: 1...4, using: &dice)
                onWrite = { [live = folder.live] in
                    writes -= 1
                    guard writes == 0 else { return }
                    if operation == .renameWhileWriting { unsafe rename(live, elsewhere) } else { unsafe unlink(live) }
                }
            case .delete: folder.remove()
            case .empty: try folder.overwrite([])
            case .garbage: try folder.append(Array("tide\n".utf8))
            case .edit:
                var bytes = try folder.bytes()
                bytes[place] ^= 1
                try folder.overwrite(bytes)
            case .fullDisk:
                rows.commit(3)
                left = Int.random(in: 0...2000, using: &dice)
                do {
                    _ = try file.publish()
                } catch let error as StreamError where error.reason == .noSpace {}
                left = .max
                if Bool.random(using: &dice) { unsafe rename(folder.live, elsewhere) }
            case .loseSealed:
                let sealed = try folder.names().filter { StreamFolder.first(ofSealed: $0) != nil }
                // Whoever deletes the oldest wants the space.
                if let name = sealed.dropFirst().randomElement(using: &dice) { folder.remove(name) }
                file.doubtSealed()
            }
            if operation == .restart { file = try folder.open(rows, at: time, room: room) }
            _ = try file.publish()
            onWrite = {}
            // Also what happened after the last write is found by one more look, as the watch leads to.
            _ = try file.publish()
            try expectExact(folder, rows, "seed \(seed): \(history)")
            while let event = try reader.next() {
                guard event == .line(sequence: read + 1, bytes: rows.all[Int(read)].bytes) else {
                    Issue.record("\(event) after \(read); seed \(seed): \(history)")
                    return
                }
                read += 1
            }
            #expect(read == rows.last(), "seed \(seed): \(history)")
        }
    }
}
