import Foundation
import TestSupport
import Testing

/// What signals make of a daemon that runs.
@Suite(.timeLimit(.minutes(5)))
struct SignalTests {
    @Test func usr1ReadsEverythingAgain() async throws {
        let tidings = try Installation()
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(2)
        func lastAttempt() throws -> Int64? { try tidings.ledger().sourceStatuses().first?.source.lastAttemptMilliseconds }
        try await tidings.wait("the first pass is recorded") { try lastAttempt() != nil }
        let before = try lastAttempt()
        // Several are one request, at least one full pass starts after the last of them, and what equals stays silent.
        for _ in 0..<20 { daemon.send(SIGUSR1) }
        try await tidings.wait("another full pass") { try lastAttempt() != before }
        try tidings.edit("tides.txt", "noon", "dusk")
        try await tidings.waitForLines(3)
        try await daemon.stop()
        #expect(
            try tidings.lines().message
                == ["source news added", "created tides.txt backfill", "updated tides.txt to version 2: text"])
    }

    @Test func hupTakesSettingsThatAreRightAndKeepsTheOldOnesOtherwise() async throws {
        let tidings = try Installation()
        let second = Installation.oneFolder + "  - { name: letters, path: letters }\n"
        try FileManager.default.createDirectory(atPath: tidings.base + "/letters", withIntermediateDirectories: true)
        try tidings.write("One\n\nThe first article of the folder that was there.\n", to: "one.txt")
        try "Two\n\nThe first article of the folder that is added.\n"
            .write(toFile: tidings.base + "/letters/two.txt", atomically: true, encoding: .utf8)
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(2)

        try tidings.write(settings: second)
        daemon.send(SIGHUP)
        let added = try await tidings.waitForLines(4)
        #expect(added.message.dropFirst(2) == ["source letters added", "created two.txt backfill"])
        func readies() -> Int { daemon.manager.assignments.count { $0 == "READY=1" } }
        try await tidings.wait("ready again") { readies() == 2 }
        let told = daemon.manager.assignments
        let reloading = try #require(told.firstIndex(of: "RELOADING=1"))
        #expect(told[reloading + 1].hasPrefix("MONOTONIC_USEC="), "systemd tells reloads apart by it")
        #expect(told[reloading...].contains("READY=1"))

        try tidings.write(settings: second + "  - { nmae: third, path: third }\n")
        daemon.send(SIGHUP)
        try await tidings.wait("it says what is wrong") { daemon.program.errors.contains("unknown key 'nmae'") }
        try await tidings.wait("ready with the old settings") { readies() == 3 }
        try tidings.write("Three\n\nThe daemon works on with the settings that it had.\n", to: "three.txt")
        #expect(try await tidings.waitForLines(5).message.last?.hasPrefix("created three.txt") == true)

        try tidings.write(settings: Installation.oneFolder)
        daemon.send(SIGHUP)
        #expect(try await tidings.waitForLines(6).message.last == "source letters removed")
        try tidings.write("Four\n\nAfter it only the other folder is watched.\n", to: "four.txt")
        #expect(try await tidings.waitForLines(7).message.last?.hasPrefix("created four.txt") == true)
        try await daemon.stop()
        #expect(try !tidings.lines().contains { $0.type == "tidings.article.removed" })
        try await tidings.expectSound()
    }

    @Test func thousandHangupsAreOneReloadOrTwo() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        func reloads() -> Int { daemon.manager.assignments.count { $0 == "RELOADING=1" } }
        // The settings are wrong while the storm lasts: what is in effect stays, however often they are read.
        try tidings.write(settings: Installation.oneFolder + "  - { nmae: third, path: third }\n")
        daemon.send(SIGSTOP)
        for _ in 0..<1000 { daemon.send(SIGHUP) }
        daemon.send(SIGCONT)
        try await tidings.wait("a reload") { daemon.program.errors.contains("settings not reloaded") }
        try tidings.write("One\n\nThe daemon works on with the settings that it had.\n", to: "one.txt")
        try await tidings.waitForLines(2)
        try await daemon.stop()
        #expect((1...2).contains(reloads()), "\(daemon.manager.messages)")
    }

    @Test func requestsDuringAPassAreOneMorePass() async throws {
        let tidings = try Installation()
        try tidings.write("Tide table\n\nThe tide comes at noon, says the harbor office.\n", to: "tides.txt")
        // The source is committed first, then what the first pass has read.
        let daemon = try await tidings.stopped(at: "commit.applied", time: 3)
        for _ in 0..<100 { daemon.send(SIGUSR1) }
        let opens = try FileOpens(of: tidings.path("tides.txt"))
        daemon.send(SIGCONT)
        try await tidings.wait("one more pass") { opens.count >= 1 }
        // The answer to a request of now comes after all that was asked for before.
        let answer = try await tidings.run("reingest")
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(opens.count == 2, "one pass for a hundred signals, and one for the command")
        try await daemon.stop()
        try await tidings.expectSound()
    }

    @Test func usr2BeginsANewFileAndFollowersMissNothing() async throws {
        let tidings = try Installation("stream: { rotate_spacing: 2s }\n" + Installation.oneFolder)
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(1)
        let follower = try Follower(tidings.changeFile)
        func sealed() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: tidings.state + "/stream").filter { $0.hasPrefix("changes-") }
        }
        try tidings.write("First\n\nWritten before the file is rotated.\n", to: "first.txt")
        try await tidings.waitForLines(2)
        // The file is young, so that the rotation comes two seconds after its beginning: who follows must be able to keep up.
        daemon.send(SIGUSR2)
        let answer = try await tidings.run("rotate", "--wait")
        #expect(answer.status == 75, "\(answer.errors)")
        #expect(answer.errors.contains("; the next one comes in "), "\(answer.errors)")
        try tidings.write("Second\n\nWritten while the rotation waits.\n", to: "second.txt")
        try await tidings.waitForLines(3)
        // The sealed name is there a moment before the new file is.
        try await tidings.wait("a sealed file and a new one") {
            try sealed().count == 1 && wholeLines(of: tidings.changeFile).isEmpty
        }
        try tidings.write("Last\n\nWritten after the rotation.\n", to: "last.txt")
        try await tidings.waitForLines(4)
        #expect(try wholeLines(of: tidings.changeFile).count == 1, "the new file begins where the old one ends")
        try await tidings.wait("tail -F has seen all") { try follower.lines.count >= 4 }
        #expect(try follower.lines == tidings.rawLines())
        try await daemon.stop()
        try await tidings.expectSound()
    }

    @Test func termUnderLoadStopsInTimeAndTheNextStartCompletes() async throws {
        let count = 4000
        let tidings = try Installation()
        for number in 0..<count {
            try tidings.write("Notice \(number)\n\nThis is what notice number \(number) says.\n", to: "notice-\(number).txt")
        }
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(count / 20)
        try await daemon.stop()
        let seen = try tidings.rawLines()
        #expect(seen.count < count, "it was stopped in the middle")
        try await tidings.once()
        let all = try tidings.rawLines()
        #expect(all.starts(with: seen))
        let created = try tidings.lines().filter { $0.type == "tidings.article.created" }
        #expect(created.count == count)
        #expect(Set(created.compactMap(\.data.origin?.key)).count == count)
        #expect(created.allSatisfy { $0.data.backfill == true }, "the import that was broken off goes on")
        try await tidings.expectSound()
    }

    @Test func secondDaemonGivesWayAndNamesTheFirst() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon()
        let second = try await tidings.once(expecting: 75)
        #expect(second.errors.contains("\(daemon.pid)"), "\(second.errors)")
        // Who tidies up takes nothing away but the number.
        for name in ["tidings.pid", "control", "reading"] {
            try FileManager.default.removeItem(atPath: tidings.state + "/db/" + name)
        }
        let third = try await tidings.once(expecting: 75)
        #expect(third.errors.contains("another daemon runs on the state folder"), "\(third.errors)")
        // The first works on, and was not disturbed by any of this.
        try tidings.write("One\n\nThe daemon works on beside those that gave way.\n", to: "one.txt")
        try await tidings.waitForLines(2)
        try await daemon.stop()
        try await tidings.once()
        try await tidings.expectSound()
    }

    @Test func serviceManagerHearsOfStartWatchdogAndStop() async throws {
        let tidings = try Installation()
        let daemon = try await tidings.daemon(environment: ["WATCHDOG_USEC": "200000"])
        try await tidings.wait("pings") { daemon.manager.assignments.count { $0 == "WATCHDOG=1" } >= 3 }
        try await daemon.stop()
        let told = daemon.manager.assignments
        #expect(told.count { $0 == "READY=1" } == 1)
        #expect(told.contains("STOPPING=1"))
        #expect(told.contains { $0.hasPrefix("STATUS=") })
    }
}
