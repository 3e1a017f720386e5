import TidingsDaemon
import TidingsStore
import TidingsStream

/// Puts a state right as far as that loses nothing, or with `salvages` as far as that leaves a state at all. The state folder's lock
/// is held.
struct Repair {
    let state: StateFolder
    let salvages: Bool

    /// - Returns: what was done, one sentence each.
    func run() throws -> [String] {
        let bar = ProgressBar("checking the database file")
        defer { bar.finish() }
        var done = try repairDatabase(bar)
        bar.show("comparing the change files")
        let ledger = try LedgerReader(path: state.database)
        let temporaries = try StreamLeftover.all(in: state.streamFolder).count { $0.kind == .temporary }
        do {
            let repair = try StreamRepair.run(
                folder: state.streamFolder, stream: try ledger.stream(), committed: ledger, nowMilliseconds: wallClockMilliseconds())
            done += repair.remade.map { "repaired: \($0) was made anew from the database" }
            done += repair.beyondRepair.map { "not repaired: \($0), whose changes the database keeps no longer" }
            if temporaries > 0 { done.append("repaired: \(counted(temporaries, "leftover")) of killed processes removed") }
        } catch let error as StreamError {
            // A ledger that is behind or has holes; the check that follows says which.
            done.append("not repaired: the change files, because \(error)")
        } catch let error as StoreError where error.reason == .corrupt {
            done.append("not repaired: the change files, because \(error.detail)")
        }
        return done
    }

    private func repairDatabase(_ bar: ProgressBar) throws -> [String] {
        var done: [String] = []
        var problems = try LedgerReader(path: state.database).check { bar.show($0, fraction: $1) }
        guard !problems.isEmpty else { return [] }
        let repair = try LedgerRepair(path: state.database)
        if problems.contains(where: { $0.remedy == .rebuildIndexes }) {
            do {
                try repair.rebuildIndexes()
                done.append("repaired: the indexes of the database were rebuilt")
            } catch {
                // The check that follows says what is left.
                done.append("not repaired: the indexes of the database, because \(error.detail)")
            }
        }
        // Of rows that are lost the counters may know more than what is left.
        if problems.contains(where: { $0.remedy == .recount }), problems.allSatisfy(\.isRepairable) {
            try repair.recount()
            done.append("repaired: the counters of changes were set to what is kept")
        }
        if salvages {
            problems = try LedgerReader(path: state.database).check { bar.show($0, fraction: $1) }
            if problems.contains(where: { !$0.isRepairable }) { done += try give(up: repair) }
        }
        try repair.finish()
        return done
    }

    private func give(up repair: LedgerRepair) throws -> [String] {
        let loss = try repair.salvage(
            after: try StreamRepair.newestPublished(folder: state.streamFolder), now: wallClockMilliseconds())
        try repair.rebuildIndexes()
        try repair.recount()
        return [
            "given up: \(counted(loss.articles, "article")) with their history, \(counted(loss.versions, "version")), "
                + "\(counted(loss.changes, "change")) of before",
            "stream \(loss.stream) begins; consumers are told by its first change",
        ]
    }
}
