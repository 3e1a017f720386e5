import Foundation
import Testing
import TidingsSystem

@Suite("Memory that nobody needs")
struct FreeMemoryTests {
    @Test("code that ran once is not resident any more, and runs again")
    func code() throws {
        // Foundation's calendars run much code that nothing else here does.
        let dates = (1...50).map { Calendar(identifier: .hebrew).dateComponents([.year, .month], from: Date(timeIntervalSince1970: Double($0) * 1e7)) }
        let before = try residentFilePages()
        returnFreeMemory()
        let after = try residentFilePages()
        #expect(after < before / 2, "\(before) pages of files before, \(after) after")
        #expect(dates == (1...50).map { Calendar(identifier: .hebrew).dateComponents([.year, .month], from: Date(timeIntervalSince1970: Double($0) * 1e7)) })
    }

    /// "RssFile: Size of resident file mappings" in kB (proc_pid_status(5)).
    private func residentFilePages() throws -> Int {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
}
