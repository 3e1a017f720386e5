import ArgumentParser
import Dispatch
import FoundationEssentials
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore
import TidingsSystem

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the database to a file, while the daemon runs or not.",
        discussion: """
            The copy is of one moment, is checked, and appears under its name only when it is whole and on the disk. The daemon \
            goes on committing meanwhile. To restore one, stop the daemon, move away everything in db/ of the state folder, copy \
            the file there as tidings.db, and start: consumers are told by a stream.reset if they know more than the copy.

            EXAMPLES
              tidings backup /var/backups/tidings-monday.db
              tidings backup --replace /var/backups/tidings.db
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Replace the file if there is one.")
    var replace = false

    @Flag(help: "As one JSON object.")
    var json = false

    @Argument(help: "The file to write.")
    var file: String

    func run() throws {
        let state = try common.state()
        let ledger = try state.openLedger()
        let path = try BackupTarget(
            file: file, workingFolder: FileManager.default.currentDirectoryPath, outside: state
        ).path
        let backup = try LedgerBackup(file: path, replaces: replace)
        let bar = ProgressBar("copying the database")
        let total = Double(max(1, try ledger.sizeBytes()))
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "tidings.backup"))
        timer.schedule(deadline: .now() + .seconds(1), repeating: .milliseconds(250))
        timer.setEventHandler { [temporary = backup.temporary] in
            guard let status = try? FileStatus(path: temporary) else { return }
            bar.show("copying the database", fraction: Double(status.size) / total)
        }
        timer.activate()
        defer {
            timer.cancel()
            bar.finish()
        }
        let copy: LedgerCopy
        do {
            copy = try backup.run(ledger)
        } catch let error as StoreError where error.reason == .full {
            throw Failure(EX_TEMPFAIL, "no space for \(path); free some, or name a file on another disk. Nothing was left there")
        }
        bar.finish()
        if json { return standardOutput.line(Self.json(copy, at: path)) }
        standardOutput.line(
            printable("\(path): \(counted(Int(copy.bytes), "byte")), up to change \(copy.lastSequence) of stream \(copy.stream)"))
    }

    /// Keys are a contract: fields may be added, none is renamed.
    private static func json(_ copy: LedgerCopy, at path: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("file", path)
            json.field("size_bytes", copy.bytes)
            json.field("sequence", copy.lastSequence)
            json.field("stream", copy.stream)
        }
        return json.bytes
    }
}
