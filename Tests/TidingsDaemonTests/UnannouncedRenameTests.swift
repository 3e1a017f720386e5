import Foundation
import Logging
import TestSupport
import Testing
import TidingsCore
import TidingsStore
import TidingsSystem
import TidingsWatch

@testable import TidingsDaemon

/// A file that is seen under its new name before the kernel has told that the old one went away: no event is there at all.
@Suite(.timeLimit(.minutes(1))) struct UnannouncedRenameTests {
    @Test("a file that is seen under a new name before its old one is known to be gone has moved; a copy beside it is a duplicate")
    func moves() async throws {
        let state = try TemporaryState()
        let folder = state.folder.path + "/news"
        func write(_ text: String, to name: String) throws {
            let url = URL(filePath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try write("The ferry sails.\n\nIt sails at noon, the harbour says, and is back before dusk.\n", to: "50% #1.txt")
        let ledger = try Ledger(path: state.folder.database)
        let source = try await ledger.configure([ConfiguredSource(name: "news", kind: .folder, locator: folder)], at: 1).rows[0]
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let ingest = Ingest(
            number: 0, documents: DocumentReader(),
            quarantine: Quarantine(path: state.folder.path + "/db/reading", progressRegistry: ProgressRegistry()),
            committer: Committer(ledger: ledger, signal: CommitSignal(), health: Health(), logger: logger), database: state.folder.database)
        let root = try FolderRoot(path: folder)
        func see(_ name: String) async throws {
            let look = FilesLook(
                at: [Array(name.utf8)], in: root, of: source.id, limitBytes: 1 << 20, missing: MissingFiles([]), isImported: true,
                progress: Progress(name: "news"), turn: nil)
            _ = try await ingest.carry(look)
        }
        try await see("50% #1.txt")
        try FileManager.default.createDirectory(atPath: folder + "/box", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: folder + "/50% #1.txt", toPath: folder + "/box/ferry.txt")
        try await see("box/ferry.txt")
        try FileManager.default.copyItem(atPath: folder + "/box/ferry.txt", toPath: folder + "/copy.txt")
        try await see("copy.txt")
        let lines = try LedgerReader(path: state.folder.database).lines(after: 1, limitBytes: .max, trusting: false).map { try StreamLine($0.bytes) }
        #expect(lines.map { "\($0.type) \($0.data.origin?.key ?? "")" } == [
            "tidings.article.created 50%25 %231.txt", "tidings.article.moved box/ferry.txt", "tidings.article.duplicate copy.txt",
        ])
    }
}
