import Foundation
import Testing

@testable import TidingsDaemon

@Suite("Where a backup may be written") struct BackupTargetTests {
    /// A folder with a state in it, `home`, and a link `link` to `home`.
    private let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/tidings-target-\(UUID().uuidString)"

    @Test("in any folder that is there but the database's, named with its real path", arguments: [
        ("copy.db", .success("home/copy.db")),
        ("../home/copy.db", .success("home/copy.db")),
        ("../link/copy.db", .success("home/copy.db")),
        ("../state/copy.db", .success("state/copy.db")),
        ("../home/", .failure("is a folder; name a file in it")),
        ("none/copy.db", .failure("make it first")),
        ("../state/db/copy.db", .failure("is for the daemon's files alone")),
        ("../state/db/deep/copy.db", .failure("is for the daemon's files alone")),
        ("../db-link/copy.db", .failure("is for the daemon's files alone")),
    ] as [(String, Result<String, Refusal>)])
    func targets(file: String, expected: Result<String, Refusal>) throws {
        let files = FileManager.default
        defer { try? files.removeItem(atPath: base) }
        for folder in ["home", "state/db/deep"] { try files.createDirectory(atPath: "\(base)/\(folder)", withIntermediateDirectories: true) }
        try files.createSymbolicLink(atPath: base + "/link", withDestinationPath: base + "/home")
        try files.createSymbolicLink(atPath: base + "/db-link", withDestinationPath: base + "/state/db")
        do throws(BackupTargetError) {
            let target = try BackupTarget(file: file, workingFolder: base + "/home", outside: StateFolder(path: base + "/state"))
            #expect(.success(target.path) == expected.map { "\(base)/\($0)" })
        } catch {
            guard case .failure(let refusal) = expected else {
                Issue.record("\(error)")
                return
            }
            #expect(error.description.contains(refusal.message))
        }
    }

    struct Refusal: Error, Equatable, ExpressibleByStringLiteral {
        let message: String
        init(stringLiteral message: String) { self.message = message }
    }
}
