import Foundation
import TestSupport
import Testing

/// The package on a Debian 12 of its own: `Tests/Service/run`. The long form needs root, what `.ci/setup service` installs, and many
/// minutes; the short one sees that the script and its parts can be read.
@Suite(.timeLimit(.minutes(60)))
struct ServiceMachineTests {
    @Test func livesThroughAnAdministratorsDays() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: repository + "/Tests/Service/run")
        process.arguments = [isLongRun ? "--keep-going" : "--help"]
        // Who runs tests may keep SwiftPM's usual folder locked meanwhile.
        process.environment = ProcessInfo.processInfo.environment
            .merging(["SWIFTPM_BUILD_DIR": repository + "/.build/service"]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let transcript = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(transcript)")
    }
}
