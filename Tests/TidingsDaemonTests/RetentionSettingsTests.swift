import Testing
import TidingsCore

@testable import TidingsDaemon

@Suite("settings of retention") struct RetentionSettingsTests {
    private func read(_ retention: String) throws -> RetentionSettings {
        try Settings(
            yaml: "folders: [{ name: a, path: b }]\nretention:\n\(retention)", file: "/etc/tidings.yaml",
            environment: ["STATE_DIRECTORY": "/var/lib/tidings"]
        ).retention
    }

    @Test("nothing is removed unless it is asked for")
    func standard() throws {
        let none = """
              change_files: { age: none, size: none }
              changes: { age: none }
              captures: { age: none }
              versions: { age: none, count: none, size: none }
              page_bodies: { age: none, size: none }
            """
        #expect(try read(none) == RetentionSettings())
        #expect(RetentionSettings().isOff)
    }

    @Test("each limit is read")
    func read() throws {
        let retention = try read("""
              change_files: { age: 90d, size: 10GiB }
              changes: { size: 64KiB }
              captures: { age: 1h }
              versions: { age: 365d, count: 20, size: 5GB }
              page_bodies: { age: 180d, size: 2GiB }
            """)
        let day: Int64 = 86_400_000
        var expected = RetentionSettings()
        expected.changeFiles = RetentionLimit(ageMilliseconds: 90 * day, bytes: 10 << 30)
        expected.changes = RetentionLimit(bytes: 64 << 10)
        expected.captureAgeMilliseconds = 3_600_000
        expected.versions = VersionRetention(ageMilliseconds: 365 * day, count: 20, bytes: 5_000_000_000)
        expected.pageBodies = RetentionLimit(ageMilliseconds: 180 * day, bytes: 2 << 30)
        #expect(retention == expected)
        #expect(!retention.isOff)
    }

    @Test("what is wrong is said with its place", arguments: [
        ("  files: {}", "3:3: unknown key 'files' in retention, write one of: change_files, changes, captures, versions, page_bodies, sinks"),
        ("  changes: { count: 3 }", "3:14: unknown key 'count' in retention.changes, write one of: age, size"),
        ("  changes: 90d", "3:12: retention.changes must be keys with values, write { age: …, size: … }"),
        ("  changes: { age: 90 }", "3:19: 'age' must be a number with its unit: ms, s, m, h or d, write age: 90d"),
        ("  changes: { age: 59s }", "3:19: 'age' is 59s, write a value from 1m to 36500d"),
        ("  versions: { count: 0 }", "3:22: 'count' is 0, write a value from 1 to 1000000"),
        ("  change_files: { size: 1kB }", "3:25: 'size' is 1kB, write a value from 64KiB to 1024GiB"),
    ])
    func refused(yaml: String, expected: String) {
        let error = #expect(throws: SettingsError.self) { try read(yaml) }
        let found = error?.problems.map { "\($0.line):\($0.column): \($0.message), \($0.suggestion)" }
        #expect(found == [expected])
    }
}
