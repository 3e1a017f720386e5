import Foundation
import TestSupport
import Testing

/// Two consumers, one by file and one by `tidings tail -f`, over more changes than anybody can look at, with rotation on: both see each
/// once, in order.
struct MillionTests {
    // Articles in files of JSON Lines, all of which are edited again and again.
    private static let files = isLongRun ? 20 : 4
    private static let items = isLongRun ? 10_000 : 400
    private static let editions = isLongRun ? 5 : 3
    private static let settings = "stream: { rotate_size: 64KiB, rotate_spacing: 2s }\n" + Installation.oneFolder
    /// Of a program that keeps nothing, built for debugging.
    private static let memoryLimitKilobytes = 128 << 10

    @Test(.timeLimit(.minutes(isLongRun ? 60 : 5)))
    func bothConsumersSeeEachOfAMillionChangesOnce() async throws {
        let tidings = try Installation(Self.settings)
        let daemon = try await tidings.daemon()
        let followers = try Followers(tidings, keepsLines: false)
        let ledger = try tidings.ledger()
        let start = ContinuousClock.now
        var expected: Int64 = 1
        for edition in 1...Self.editions {
            for file in 1...Self.files { try tidings.write(Self.document(file, edition), to: "list-\(file).jsonl") }
            expected += Int64(Self.files * Self.items)
            // An edit that nobody has read yet would be lost behind the next, which is no fault.
            try await tidings.wait("edition \(edition) is committed", seconds: 1_200) {
                try followers.tend()
                return try ledger.lastSequence() >= expected
            }
            let sealed = try tidings.countOfSealedFiles()
            daemon.send(SIGUSR2)
            try await tidings.wait("a new change file") { try tidings.countOfSealedFiles() > sealed }
        }
        try await followers.catchUp(with: tidings)
        let time = ContinuousClock.now - start
        let peaks = [peakKilobytes(daemon.pid)] + followers.all.map { peakKilobytes($0.pid) }
        try await daemon.stop()

        let record = try tidings.tallyOfFiles()
        #expect(record.count == Int(expected))
        #expect(record.misplaced == nil)
        #expect(try tidings.tallyOfLedger() == record, "the files are what was committed")
        for follower in followers.all { #expect(try follower.tally == record, "\(follower.name) saw each once, in order, byte for byte") }
        #expect(followers.all.map(\.lives) == [1, 1])
        #expect(peaks[2] < Self.memoryLimitKilobytes, "a follower keeps nothing")
        print(
            "\(record.count) changes in \(time), \(try tidings.countOfSealedFiles()) sealed files;",
            "\(try followers.all.map { "\($0.name) saw \(try $0.tally.count)" }.joined(separator: ", "));",
            "peak memory in kB: daemon \(peaks[0]), tail -F \(peaks[1]), tidings tail -f \(peaks[2])")
    }

    private static func document(_ file: Int, _ edition: Int) -> String {
        (1...items).map { item in
            #"{"id":"\#(file)-\#(item)","title":"Ship \#(item) of list \#(file)","content_text":"Ship \#(item) of list \#(file) "#
                + #"lies at pier \#((item * 7 + edition) % 100), says edition \#(edition) of the list."}"#
        }.joined(separator: "\n") + "\n"
    }

    private func peakKilobytes(_ pid: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}

extension Installation {
    func countOfSealedFiles() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: state + "/stream").count { $0.hasPrefix("changes-") }
    }
}
