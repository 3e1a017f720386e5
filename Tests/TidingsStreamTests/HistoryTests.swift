import Glibc
import TestSupport
import Testing
import TidingsCore

@testable import TidingsStream

@Suite("histories") struct HistoryTests {
    enum Operation: CaseIterable {
        case commit, publish, rotate, restart, kill, truncate, delete, empty, garbage, edit, zeros, fullDisk
    }

    /// Whatever is done to the files and whenever the daemon dies: after a start and a publish, the files are the rows, and
    /// a reader that followed all along got each line once.
    @Test("end with files that equal the rows, and a follower that saw each line once", arguments: 1...60 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let folder = try Folder()
        let rows = Rows(3)
        var time = start
        var left = Int.max
        // Edits fall anywhere; at start the end of a file alone is compared, which is not what this is about.
        var limits = ChangeFile.Limits()
        limits.comparedTailBytes = 1 << 40
        try folder.publish(rows)
        var reader = try ChangeReader(folder: folder.path, from: .after(0), isFollowing: true)
        var read: Int64 = 0
        var history: [String] = []

        func work(room: @escaping (Int) -> Int = { $0 }, isRotating: Bool) throws {
            do {
                var file = try folder.open(rows, at: time, limits: limits, room: room)
                _ = try file.publish()
                if isRotating { _ = try file.rotate(.requested) }
            } catch let error as StreamError where error.reason == .noSpace {}
        }
        func drain() throws {
            while let event = try reader.next() {
                guard event == .line(sequence: read + 1, bytes: rows.all[Int(read)].bytes) else {
                    Issue.record("\(event) after \(read); seed \(seed): \(history)")
                    return
                }
                read += 1
            }
        }

        for _ in 0..<25 {
            let operation = Operation.allCases.randomElement(using: &random)!
            let content = folder.found()
            let place = Int.random(in: 0...max(0, content.count - 1), using: &random)
            history.append("\(operation) \(place)")
            time += Int64.random(in: 0...120, using: &random) * second
            switch operation {
            case .commit: rows.commit(Int.random(in: 1...30, using: &random))
            case .publish: try work(isRotating: false)
            case .rotate: try work(isRotating: true)
            case .restart: try folder.publish(rows, at: time, limits: limits)
            case .kill:
                rows.commit(2)
                let piece = Int.random(in: 1...2000, using: &random)
                let isRotating = Bool.random(using: &random)
                _ = try dies(at: Int.random(in: 1...16, using: &random)) {
                    try work(room: { min($0, piece) }, isRotating: isRotating)
                }
            case .truncate: try folder.overwrite(Array(content.prefix(place)))
            case .delete: folder.remove()
            case .empty: try folder.overwrite([])
            case .garbage: try folder.overwrite(content + Array("tide\n".utf8))
            case .edit where !content.isEmpty:
                var edited = content
                edited[place] ^= UInt8.random(in: 1...255, using: &random)
                try folder.overwrite(edited)
            case .edit: break
            case .zeros:
                let kept = content.prefix(place)
                try folder.overwrite(kept + [UInt8](repeating: 0, count: content.count - kept.count))
            case .fullDisk:
                rows.commit(3)
                left = Int.random(in: 0...3000, using: &random)
                try work(
                    room: { wanted in
                        defer { left -= min(left, wanted) }
                        return min(left, wanted)
                    }, isRotating: false)
            }
            // Not while somebody's bytes may stand in a line: they are not ours to vouch for.
            if [.commit, .publish, .rotate, .restart].contains(operation) {
                try folder.publish(rows, at: time, limits: limits)
                try drain()
            }
        }
        try folder.publish(rows, at: time, limits: limits)
        try expectExact(folder, rows, "seed \(seed): \(history)")
        try drain()
        #expect(read == rows.last(), "seed \(seed): \(history)")
        let check = try StreamCheck.run(folder: folder.path, stream: streamID, committed: rows)
        #expect(check.differences == [], "seed \(seed): \(history)")
        #expect(check.equalLines == rows.last())
    }
}

@Suite("verify") struct StreamCheckTests {
    @Test("names the file, the line and the change of every difference")
    func differences() throws {
        let folder = try Folder()
        let rows = Rows(10)
        var file = try folder.open(rows)
        _ = try file.publish()
        _ = try folder.at(start + 100 * second) { try file.rotate(.requested) }
        rows.commit(5)
        _ = try file.publish()
        let sealed = StreamFolder.sealedName(first: 1)
        let header = try folder.bytes(sealed).dropLast(rows.bytes(1...10).count)
        var edited = rows.bytes(4...4)
        edited[edited.count - 3] ^= 1
        let lines: [[UInt8]] = [Array(header), rows.bytes(1...3), edited, rows.bytes(5...6), rows.bytes(8...10)]
        try folder.overwrite(lines.flatMap(\.self), name: sealed)
        try folder.append(Array(#"{"spec"#.utf8))
        rows.commit(3)
        let check = try StreamCheck.run(folder: folder.path, stream: streamID, committed: rows)
        #expect(check.differences == [
            StreamDifference(kind: .line, file: sealed, line: 5, sequence: 4),
            StreamDifference(kind: .missing(through: 7), file: sealed, line: 8, sequence: 7),
            StreamDifference(kind: .order, file: sealed, line: 8, sequence: 7),
        ])
        #expect(check.unpublished == 3)
        #expect(check.differences[0].description.hasPrefix("\(sealed):5: change 4: differs from the ledger"))
    }
}
