import Foundation
import TestSupport
import TidingsStore

extension Installation {
    /// Of what the change files hold.
    func tallyOfFiles() throws -> StreamTally {
        let folder = state + "/stream"
        var tally = StreamTally()
        let sealed = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("changes-") }.sorted()
        for name in sealed + ["changes.ndjson"] {
            var file = try GrowingFile(folder + "/" + name)
            try file.takeLines { tally.add($0) }
        }
        return tally
    }

    /// Of what the ledger has committed.
    func tallyOfLedger() throws -> StreamTally {
        var tally = StreamTally()
        let ledger = try ledger()
        while true {
            let rows = try ledger.lines(after: tally.last, limitBytes: 1 << 20)
            if rows.isEmpty { return tally }
            for row in rows { tally.add(Data(row.bytes.dropLast())) }
        }
    }
}
