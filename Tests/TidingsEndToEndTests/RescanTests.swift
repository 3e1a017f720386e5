import Foundation
import TestSupport
import Testing

/// The scan is the truth: what was missed is found, and what cannot be seen is not taken for gone.
@Suite(.timeLimit(.minutes(5)))
struct RescanTests {
    @Test func whatHappenedWhileTheDaemonWasDownIsFoundAtItsStart() async throws {
        let tidings = try Installation()
        for name in ["kept", "edited", "moved", "removed"] {
            try tidings.write("The \(name) one\n\nWhat is told in the file that is called \(name).\n", to: "\(name).txt")
        }
        let first = try await tidings.daemon()
        try await tidings.waitForLines(5)
        try await first.stop()

        try tidings.edit("edited.txt", "is told", "was told")
        try tidings.rename("moved.txt", to: "elsewhere.txt")
        try tidings.remove("removed.txt")
        try tidings.write("The new one\n\nIt was written while nobody looked at the folder.\n", to: "new.txt")
        let second = try await tidings.daemon()
        try await tidings.waitForLines(9)
        try await second.stop()
        #expect(
            Set(try tidings.lines().message.dropFirst(5)) == [
                "updated edited.txt to version 2: text", "moved elsewhere.txt from moved.txt",
                "removed removed.txt: file_deleted", "created new.txt",
            ])
        try await tidings.expectSound()
    }

    @Test func rootThatGoesAwayIsAFailingSourceAndNoRemoval() async throws {
        let tidings = try Installation()
        try tidings.write("One\n\nAn article in a folder that will be away for a while.\n", to: "one.txt")
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(2)
        try FileManager.default.moveItem(atPath: tidings.news, toPath: tidings.base + "/away")
        #expect(try await tidings.waitForLines(3).message.last == "source news is failing")
        try FileManager.default.moveItem(atPath: tidings.base + "/away", toPath: tidings.news)
        #expect(try await tidings.waitForLines(4).message.last == "source news is ok")
        try tidings.write("Two\n\nThe folder is watched again as it was before.\n", to: "two.txt")
        try await tidings.waitForLines(5)
        try await daemon.stop()
        #expect(try tidings.lines().message.last?.hasPrefix("created two.txt") == true)
        try await tidings.expectSound()
    }

    @Test func manyRemovalsWhileTheDaemonIsDownAreHeldUntilAPersonAcceptsThem() async throws {
        let tidings = try Installation()
        for number in 0..<100 {
            try tidings.write("Notice \(number)\n\nThis is what notice number \(number) says.\n", to: "\(number).txt")
        }
        try await tidings.once()
        let before = try tidings.rawLines()
        for number in 0..<60 { try tidings.remove("\(number).txt") }

        let held = try await tidings.once()
        #expect(held.errors.contains("--accept-removals"), "\(held.errors)")
        #expect(try tidings.rawLines() == before)
        let status = try await tidings.run("status")
        #expect(status.output.contains("60"), "\(status.output)")

        let daemon = try await tidings.daemon()
        let accepted = try await tidings.run("reingest", "news", "--accept-removals")
        #expect(accepted.status == 0, "\(accepted.errors)")
        let removed = try await tidings.waitForLines(before.count + 60).dropFirst(before.count)
        #expect(removed.count == 60 && removed.allSatisfy { $0.type == "tidings.article.removed" })
        try await daemon.stop()
        #expect(try tidings.lines().count == before.count + 60)
        try await tidings.expectSound()
    }

    @Test func missingRootFailsAndTheOthersAreRead() async throws {
        let tidings = try Installation(Installation.oneFolder + "  - { name: nowhere, path: nowhere }\n")
        try tidings.write("One\n\nAn article of the folder that is there.\n", to: "one.txt")
        for _ in 0..<2 {
            let result = try await tidings.once(expecting: 1)
            #expect(result.errors.contains("nowhere: failed"), "\(result.errors)")
        }
        #expect(
            Set(try tidings.lines().message) == [
                "source news added", "source nowhere added", "created one.txt backfill", "source nowhere is failing",
            ])
        #expect(try tidings.lines().count == 4)
    }
}
