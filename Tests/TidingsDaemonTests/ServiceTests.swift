import Foundation
import Testing

@testable import TidingsDaemon

/// The files of `systemd/`, judged by systemd itself.
@Suite(.timeLimit(.minutes(1)))
struct ServiceTests {
    private static let exposureLimit = 1.2

    @Test("the units are what systemd understands", arguments: ["tidings.service", "tidings-user.service", "tidings-fetch.service"])
    func verifies(unit: String) throws {
        try withTemporaryFolder { folder in
            // The programs and their manual are not installed where tests run: stubs stand for the ones, and the other
            // is not looked for.
            let stub = folder + "/tidings"
            for name in [stub, stub + "-nats"] {
                try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: name))
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: name)
            }
            let text = try String(contentsOfFile: "\(repository)/systemd/\(unit)", encoding: .utf8)
                .replacing("/usr/bin/tidings", with: stub)
            try text.write(toFile: "\(folder)/\(unit)", atomically: true, encoding: .utf8)
            let manager = unit == "tidings-user.service" ? "--user" : "--system"
            // A user's manager has a runtime folder; who runs tests may have none.
            let (status, output) = try run(
                "XDG_RUNTIME_DIR=\(folder)", "systemd-analyze", manager, "verify", "--man=no", "\(folder)/\(unit)")
            #expect(output == "")
            #expect(status == 0)
        }
    }

    @Test func serviceIsSandboxed() throws {
        let unit = repository + "/systemd/tidings.service"
        let (_, output) = try run("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
        let last = try #require(output.split(separator: "\n").last)
        let message = last.split(separator: " ")
        let position = try #require(message.firstIndex(of: "tidings.service:"), "\(output)")
        let exposure = try #require(Double(message[position + 1]))
        #expect(exposure <= Self.exposureLimit)
    }

    @Test func userAndGroupCanBeMade() throws {
        try withTemporaryFolder { root in
            try FileManager.default.createDirectory(atPath: root + "/etc", withIntermediateDirectories: true)
            let (status, output) = try run("systemd-sysusers", "--root=\(root)", "\(repository)/systemd/tidings.sysusers")
            #expect(status == 0, "\(output)")
            #expect(try String(contentsOfFile: root + "/etc/group", encoding: .utf8).hasPrefix("tidings:"))
            #expect(try String(contentsOfFile: root + "/etc/passwd", encoding: .utf8).contains(":/var/lib/tidings:"))
        }
    }

    /// What a person has to see to (sysexits.h, and what `exitCode(for:)` makes of errors) is no case for a new start.
    @Test("units do not try again what needs a person", arguments: ["tidings.service", "tidings-user.service"])
    func givesUp(unit: String) throws {
        let text = try String(contentsOfFile: "\(repository)/systemd/\(unit)", encoding: .utf8)
        let setting = text.split(separator: "\n").first { $0.hasPrefix("RestartPreventExitStatus=") }
        let line = try #require(setting)
        let codes = Set(line.split(separator: "=")[1].split(separator: " ").compactMap { Int32($0) })
        #expect(codes == [EX_USAGE, EX_DATAERR, EX_CONFIG])
    }

    @Test func foldersAreMadeAndMendedWithTheirModes() throws {
        try withTemporaryFolder { root in
            try FileManager.default.createDirectory(atPath: root + "/etc", withIntermediateDirectories: true)
            let users = try run("systemd-sysusers", "--root=\(root)", "\(repository)/systemd/tidings.sysusers")
            #expect(users.status == 0, "\(users.output)")
            func create() throws {
                let (status, output) = try run(
                    "systemd-tmpfiles", "--create", "--root=\(root)", "\(repository)/systemd/tidings.tmpfiles")
                #expect(status == 0, "\(output)")
                #expect(output == "")
            }
            func modes() throws -> [Int] {
                try ["", "/db", "/stream"].map { name in
                    let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/var/lib/tidings\(name)")
                    return attributes[.posixPermissions] as? Int ?? 0
                }
            }
            try FileManager.default.createDirectory(atPath: root + "/var/lib", withIntermediateDirectories: true)
            try create()
            #expect(try modes() == [0o750, 0o700, 0o750])
            // A state that was copied, and whose stream the operator opened to all.
            for name in ["", "/db", "/stream"] {
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: "\(root)/var/lib/tidings\(name)")
            }
            try create()
            #expect(try modes() == [0o755, 0o700, 0o755])
        }
    }

    @Test("the package's settings are config/tidings.yaml with all its comments, and without sources and a state folder")
    func packageSettings() throws {
        let (status, text) = try run(
            "awk", "-f", "\(repository)/systemd/debian/settings.awk", "\(repository)/config/tidings.yaml")
        #expect(status == 0, "\(text)")
        let settings = try Settings(
            yaml: text, file: SettingsFile.systemPath, environment: ["STATE_DIRECTORY": "/var/lib/tidings"])
        #expect(settings.stateFolder == "/var/lib/tidings")
        #expect(settings.folders.isEmpty && settings.feeds.isEmpty && settings.pages.isEmpty)
        let lines = Set(text.split(separator: "\n"))
        let example = try String(contentsOfFile: "\(repository)/config/tidings.yaml", encoding: .utf8).split(separator: "\n")
        let missing = example.filter { !lines.contains($0) }
        #expect(missing.allSatisfy { $0.hasPrefix("state: ") || $0.hasPrefix("folders:") || $0.hasPrefix("feeds:") || $0.hasPrefix("  ") })
        #expect(!missing.contains { $0.contains("#") })
    }

    private func run(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
