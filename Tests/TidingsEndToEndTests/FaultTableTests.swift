import Foundation
import Testing

/// `Tests/FAULTS.md` is true as far as a program can tell.
struct FaultTableTests {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    @Test func everyRowNamesTestsThatAreThere() throws {
        let sources = try Self.sources()
        let table = try String(contentsOf: Self.tests.appending(path: "FAULTS.md"), encoding: .utf8)
        var rows: [Int] = []
        for line in table.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, let row = Int(cells[0]) else { continue }
            rows.append(row)
            let named = cells[2].matches(of: /`(\w+)\/(\w+)`/)
            #expect(!named.isEmpty, "row \(row) names no test")
            for test in named {
                let isThere = sources.contains { $0.contains(" \(test.1) {") && $0.contains("func \(test.2)(") }
                #expect(isThere, "row \(row): there is no \(test.1)/\(test.2)")
            }
        }
        #expect(rows == Array(1...61))
    }

    /// The text of each file with tests.
    private static func sources() throws -> [String] {
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter { $0.lastPathComponent.hasSuffix("Tests.swift") }.map { try String(contentsOf: $0, encoding: .utf8) }
    }
}
