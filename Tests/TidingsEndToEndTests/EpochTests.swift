import Foundation
import Glibc
import TestSupport
import Testing

/// The ledger is not the one that wrote the change files, or not all of it: a new stream begins past what was published, and
/// says so first.
@Suite(.timeLimit(.minutes(5)))
struct EpochTests {
    enum Loss: String, CaseIterable {
        case databaseDeleted, logDeleted, olderCopy, copyOlderThanTheLastReset, everythingDeletedButOneFile

        /// Whether the ledger still knew the name of the stream.
        var isSameStream: Bool { self == .logDeleted || self == .olderCopy }
    }

    @Test("a loss of the ledger begins a new stream, with a reset as its first line")
    func loss() async {
        await forEachRow(of: Loss.allCases) { (loss: Loss) in
            let tidings = try Installation.prompt()
            try tidings.writeNotice(1)
            try await tidings.once()
            let copy = tidings.base + "/copy.db"
            try FileManager.default.copyItem(atPath: tidings.database, toPath: copy)
            try tidings.writeNotice(2)
            if loss == .copyOlderThanTheLastReset {
                try tidings.removeDatabase()
                try await tidings.once()
            }
            let first = try await tidings.daemon()
            try tidings.writeNotice(3)
            try await tidings.wait("notice 3") { try tidings.record().last?.contains("Notice number 3") ?? false }
            let followers = try Followers(fromOldest: tidings)
            try await followers.catchUp(with: tidings)
            // So that the log is not copied into the database.
            first.send(SIGKILL)
            _ = await first.program.result()
            let old = try #require(try tidings.record().last.map(StreamLine.init))

            switch loss {
            case .databaseDeleted: try tidings.removeDatabase()
            case .everythingDeletedButOneFile:
                try tidings.removeDatabase()
                for sealed in try tidings.sealedFiles() { try FileManager.default.removeItem(atPath: sealed) }
            case .logDeleted: for suffix in ["-wal", "-shm"] { try FileManager.default.removeItem(atPath: tidings.database + suffix) }
            case .olderCopy, .copyOlderThanTheLastReset:
                try tidings.removeDatabase()
                try FileManager.default.moveItem(atPath: copy, toPath: tidings.database)
            }
            let second = try await tidings.daemon()
            try tidings.writeNotice(4)
            try await tidings.wait("notice 4") { try tidings.record().last?.contains("Notice number 4") ?? false }
            try await followers.catchUp(with: tidings)
            try await second.stop()

            let reset = try #require(try tidings.lines().first { $0.type == "tidings.stream.reset" && $0.id == "\(old.sequence + 1)" })
            let record = try tidings.record().map(StreamLine.init)
            #expect(record.first?.type == "tidings.stream.reset")
            #expect(record.first?.sequence == old.sequence + 1, "numbers go on")
            #expect(record.first?.place.stream != old.place.stream)
            let id = old.place.stream.dropFirst("urn:uuid:".count)
            #expect(record.first?.text.contains("stream \(id) had reached \(old.sequence)") == true, "\(reset)")
            #expect(record.filter { $0.type == "tidings.stream.reset" }.count == 1)
            let observations = try followers.observations
            for observation in observations {
                let after = try #require(observation.lines.lastIndex(of: old)) + 1
                #expect(observation.lines[after...].first?.type == "tidings.stream.reset", "the first line after the old stream's last")
            }
            try await tidings.expectPromises(observations, after: "\(loss)", folding: !loss.isSameStream && loss != .copyOlderThanTheLastReset)
            // Nothing of the old stream is thrown away.
            #expect(try tidings.sealedFiles().contains { $0.hasSuffix(".\(id).ndjson") })
            try await tidings.once()
            #expect(try tidings.record().count == record.count, "and once only")
        }
    }

    @Test("a death between the reset and the new file leads to no second reset")
    func death() async throws {
        let tidings = try Installation.prompt()
        try tidings.writeNotice(1)
        try await tidings.once()
        let old = try tidings.record()
        let followers = try Followers(fromOldest: tidings)
        try await followers.catchUp(with: tidings)
        try tidings.removeDatabase()
        for step in ["reset.committed", "recovery.examined", "recovery.set_aside", "segment.written"] {
            let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": "\(step)=kill"]).result()
            #expect(result.status == 128 + SIGKILL, "\(step): \(result.errors)")
            #expect(FileManager.default.fileExists(atPath: tidings.changeFile))
        }
        try await tidings.once()
        let lines = try tidings.record().map(StreamLine.init)
        #expect(lines.filter { $0.type == "tidings.stream.reset" }.map(\.sequence) == [Int64(old.count + 1)])
        #expect(lines.count == old.count + 1)
        try await followers.catchUp(with: tidings)
        try await tidings.expectPromises(followers.observations, after: "deaths in a reset")
    }

    @Test("a new state, and a lost stream folder, begin no new stream")
    func noLoss() async throws {
        let tidings = try Installation.prompt()
        for number in 1...3 { try tidings.writeNotice(number) }
        try await tidings.once()
        let before = try tidings.record()
        #expect(before.count == 4 && !before.contains { $0.contains("stream.reset") })
        try FileManager.default.removeItem(atPath: tidings.state + "/stream")
        try await tidings.once()
        #expect(try tidings.record() == before)
        try await tidings.expectPromises([Observation("who saw it before", lines: before)], after: "the stream folder was lost")
    }
}

extension Installation {
    var database: String { state + "/db/tidings.db" }

    func removeDatabase() throws {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: database + suffix) {
            try FileManager.default.removeItem(atPath: database + suffix)
        }
    }
}
