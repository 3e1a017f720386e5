import Glibc
import TidingsCore
import TidingsStore
import TidingsStream

/// What a look at the whole state found.
package struct StateVerification: Sendable {
    package struct Problem: Equatable, Sendable {
        /// Where, and what is wrong.
        package let message: String
        /// What to do about it.
        package let next: String
    }

    package private(set) var problems: [Problem] = []
    /// What is no fault and yet somebody should know.
    package private(set) var notes: [String] = []
    /// Nil if the database could not be read that far.
    package private(set) var counts: LedgerCounts?
    package private(set) var stream = StreamCheck.none

    private static let recovery = "restore a backup, or recover the file, as README's \"When the database is damaged\" says"
    private static let repair = "stop the daemon and run `tidings verify --repair`"

    /// Reads everything. Only what cannot be read at all is thrown; what is damaged is a problem.
    /// - Parameter onProgress: called with what is being done, and the part of it that is done, 0…1; nil while nobody knows.
    package static func run(
        _ state: StateFolder, onProgress: @escaping (String, Double?) -> Void = { _, _ in }
    ) throws -> StateVerification {
        var result = StateVerification()
        do {
            let ledger = try state.openLedger()
            result.problems = try ledger.check(onProgress: onProgress).map { problem in
                Problem(message: "database: \(problem.message)", next: problem.isRepairable ? repair : recovery)
            }
            result.counts = try? ledger.counts()
            try result.compareFiles(state, ledger, onProgress)
        } catch let error as StoreError where error.reason == .corrupt {
            result.problems.append(Problem(message: "database: \(error.detail)", next: recovery))
        }
        try result.lookAtLeftovers(state)
        return result
    }

    private mutating func compareFiles(
        _ state: StateFolder, _ ledger: LedgerReader, _ onProgress: @escaping (String, Double?) -> Void
    ) throws {
        let last = try ledger.lastSequence()
        let lines = LedgerLines(ledger: ledger) { sequence in
            onProgress("comparing the change files", last > 0 ? Double(sequence) / Double(last) : nil)
        }
        stream = try StreamCheck.run(folder: state.streamFolder, stream: try ledger.stream(), committed: lines)
        problems += stream.differences.map { difference in
            Problem(message: difference.place, next: difference.isLeadOfLedger ? "restart the daemon, which begins a new stream id" : Self.repair)
        }
    }

    private mutating func lookAtLeftovers(_ state: StateFolder) throws {
        // What a daemon has in the making is no leftover.
        let isRunning = StateLock.holder(of: state) != nil
        for leftover in try StreamLeftover.all(in: state.streamFolder) {
            switch leftover.kind {
            case .damagedCopy:
                notes.append("\(leftover.name): what a file was before it was made anew; delete it when nobody needs it")
            case .earlierStream(nil): notes.append("\(leftover.name): of an earlier stream")
            case .earlierStream(let problem?):
                problems.append(
                    Problem(message: "\(leftover.name): \(problem)", next: "nothing can make it anew; move it away when nobody needs it"))
            case .temporary where !isRunning:
                problems.append(
                    Problem(message: "\(leftover.name): left by a process that was killed", next: Self.repair))
            case .temporary: break
            }
        }
    }

    /// One JSON object. Keys are a contract: fields may be added, none is renamed.
    /// - Parameter repaired: what was done before; nil if nothing was asked to be.
    package func json(repaired: [String]?) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("sound", problems.isEmpty)
            if let counts {
                json.object("database") { json in
                    json.field("articles", counts.articles + counts.removedArticles)
                    json.field("versions", counts.versions)
                    json.field("contents", counts.contents)
                    json.field("changes", counts.changes)
                }
                json.object("stream") { json in
                    json.field("files", stream.segments)
                    json.field("equal_lines", stream.equalLines)
                    json.field("unchecked_lines", stream.uncheckedLines)
                    json.field("unpublished", stream.unpublished)
                }
            }
            json.array("repaired", repaired ?? []) { json, message in json.string(message) }
            json.array("notes", notes) { json, message in json.string(message) }
            json.array("problems", problems) { json, problem in
                json.object { json in
                    json.field("problem", problem.message)
                    json.field("next", problem.next)
                }
            }
        }
        return json.bytes
    }
}

/// The rows of the ledger's present stream, as they are. Says each time that some are read after which change they come.
private struct LedgerLines: CommittedLines {
    let ledger: LedgerReader
    let onRead: (Int64) -> Void

    func last() throws -> Int64 { try ledger.last() }

    func first() throws -> Int64 { try ledger.first() }

    func lines(after sequence: Int64, limitBytes: Int) throws -> [CommittedLine] {
        onRead(sequence)
        return try ledger.lines(after: sequence, limitBytes: limitBytes, trusting: true)
            .map { CommittedLine(sequence: $0.sequence, bytes: $0.bytes) }
    }
}
