import Foundation
import Glibc
import TestSupport
import Testing
import TidingsStore

/// What is kept has no hole, for whoever follows and whoever comes later, while the oldest goes.
@Suite(.timeLimit(.minutes(10)))
struct RetentionTests {
    private static let count = 75
    /// Of a round: lines of about 600 bytes each, in the database a third of that.
    private static let retention = """
        retention:
          change_files: { size: 64KiB }
          changes: { size: 64KiB }
          versions: { count: 2 }
        """

    private func write(_ round: Int, _ tidings: Installation) throws {
        for number in 0..<Self.count {
            try tidings.write(
                "Notice \(number)\n\nThe ferry to island \(number) leaves at \(round) o'clock, from pier \(number + round).\n",
                to: "notice-\(number).txt")
        }
    }

    @Test("followers see each change once while files, rows and versions go; every kept number can be begun at")
    func followed() async throws {
        let tidings = try Installation(Installation.oneFolder + Self.retention)
        let daemon = try await tidings.daemon()
        let follower = try Follower(tidings.changeFile)
        let tail = try Follower.tidingsTail(of: tidings)
        for round in 1...6 {
            try write(round, tidings)
            try await tidings.wait("round \(round) is published") { try tidings.record().count > 0 && tidings.newest() == 1 + Self.count * round }
            // The answer comes after the batch. An edit in the middle of a batch would not be noticed: its time passes for the batch's.
            let early = try await tidings.run("rotate")
            #expect((early.output + early.errors).contains("too young"), "\(early.output)\(early.errors)")
            try tidings.backdate(seconds: 3600)
            let sealed = try await tidings.run("rotate")
            #expect((sealed.output + sealed.errors).contains("sealed changes-"), "\(sealed.output)\(sealed.errors)")
            try await tidings.wait("what is too much has gone") { try tidings.streamBytes() <= 64 << 10 }
        }
        try await tidings.wait("rows have gone") { try tidings.ledger().firstSequence() > 1 }
        let newest = try tidings.newest()
        try await follower.catchUp(with: tidings)
        try await tail.catchUp(with: tidings)
        let observations = try [follower.observation.firstSights, tail.observation]
        tail.send(SIGKILL)
        try await tidings.expectPromises(observations, after: "retention", folding: false)
        #expect(observations.map(\.lines.count) == [newest, newest])

        let record = try tidings.record().map { try StreamLine($0).sequence }
        let oldest = try #require(record.first)
        #expect(oldest > 2 * Int64(Self.count))
        for number in (oldest - 1)...Int64(newest) where isLongRun || number % 9 == 0 || number <= oldest {
            #expect(try await tidings.lines(since: number).count == newest - Int(number))
        }
        let early = try await tidings.run("tail", "--since", "\(oldest - 2)")
        #expect(early.status != 0)
        #expect(early.errors.contains("no longer kept; the oldest is \(oldest)"), "\(early.errors)")

        let status = try await tidings.run("status", "--json")
        #expect(status.output.contains("\"oldest\":\(oldest),\"oldest_row\":\(try tidings.ledger().firstSequence())"), "\(status.output)")
        let article = try #require(try tidings.record().last.map(StreamLine.init)?.subject)
        let versions = try await tidings.run("log", article, "--json").lines.count
        #expect(versions == 3)
        #expect(try await tidings.run("log", article).output.contains("@2 to @4  no longer kept"))
        for arguments in [["show", article + "@2"], ["diff", article, "2"]] {
            let result = try await tidings.start(arguments).result()
            #expect(result.status == 65)
            #expect(result.errors.contains("is no longer kept"), "\(result.errors)")
        }
        try await daemon.stop()
        try await tidings.once()
        try await tidings.expectPromises(observations, after: "a restart after retention", folding: false)
    }

    @Test("a kill at any step of it leaves no hole, and the next start goes on")
    func killed() async throws {
        let tidings = try Installation()
        for round in 1...5 {
            try write(round, tidings)
            try await tidings.once()
            try tidings.backdate(seconds: 2 * 86_400)
        }
        // Each start seals what is due, for which a day has passed. No file is larger than the limit of all.
        let saved = tidings.base + "/saved"
        try FileManager.default.moveItem(atPath: tidings.state, toPath: saved)
        try tidings.write(settings: Installation.oneFolder + Self.retention)
        var deaths = 0
        for step in ["prune.begun", "prune.applied", "prune.committed", "prune.file_removed"] {
            for number in 1... {
                try FileManager.default.copyItem(atPath: saved, toPath: tidings.state)
                defer { try? FileManager.default.removeItem(atPath: tidings.state) }
                let note = "\(step)=kill@\(number)"
                let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": note]).result()
                let wasKilled = result.status == 128 + SIGKILL
                #expect(wasKilled || result.status == 0, "\(note): \(result.errors)")
                deaths += wasKilled ? 1 : 0
                if isLongRun { try await tidings.expectPromises(after: note, resuming: false, folding: false) }
                try tidings.write("Notice\n\nWritten after \(note).\n", to: "after.txt")
                try await tidings.once()
                try await tidings.expectPromises(after: note + ", and a start", resuming: isLongRun, folding: false)
                #expect(try tidings.streamBytes() <= 64 << 10, "\(note)")
                #expect(try tidings.ledger().firstSequence() > 1, "\(note)")
                // Of rows, one transaction of each kind is enough for the short form; the loop within a process has them all.
                if !wasKilled || number == 2 && !isLongRun { break }
            }
        }
        print("retention: \(deaths) deaths")
        #expect(deaths >= 7)
    }
}

extension Installation {
    /// The number of the newest change in the change file; in a file that has just begun, that before it.
    fileprivate func newest() throws -> Int { try record().last.map { Int(try StreamLine($0).sequence) } ?? 0 }

    /// Of all change files.
    fileprivate func streamBytes() throws -> Int {
        let folder = state + "/stream/"
        return try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
            sum + (((try? FileManager.default.attributesOfItem(atPath: folder + name))?[.size] as? Int) ?? 0)
        }
    }

    /// Has the change file begun earlier by its header, so that it may be sealed: nobody wants to wait a minute for that. In place, so
    /// that readers see nothing of it.
    fileprivate func backdate(seconds: Double) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: changeFile))
        defer { try? file.close() }
        let head = String(decoding: try file.read(upToCount: 512) ?? Data(), as: UTF8.self)
        let start = try #require(head.utf8.firstRange(of: #""time":""#.utf8)?.upperBound)
        let date = Date(timeIntervalSinceNow: -seconds).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        try file.seek(toOffset: UInt64(head.utf8.distance(from: head.utf8.startIndex, to: start)))
        try file.write(contentsOf: Data(date.utf8))
    }
}
