import TidingsCore
import TidingsStore
import TidingsStream
import TidingsSystem

/// Puts a state right as far as that loses nothing; with `salvages`, as far as that leaves a state at all.
package struct StateRepair {
    private let state: StateFolder
    private let salvages: Bool
    private let onProgress: (String, Double?) -> Void

    /// - Parameters:
    ///   - salvages: whether rows that are damaged are given up.
    ///   - onProgress: called with what is being done, and the part of it that is done, 0…1; nil while nobody knows.
    package init(state: StateFolder, salvages: Bool, onProgress: @escaping (String, Double?) -> Void = { _, _ in }) {
        self.state = state
        self.salvages = salvages
        self.onProgress = onProgress
    }

    /// The caller holds the state folder's lock.
    /// - Returns: what was done, one sentence each.
    package func run() throws -> [String] {
        var done = try repairDatabase()
        onProgress("comparing the change files", nil)
        let ledger = try LedgerReader(path: state.database)
        let temporaries = try StreamLeftover.all(in: state.streamFolder).count { $0.kind == .temporary }
        do {
            let repair = try StreamRepair.run(
                folder: state.streamFolder, stream: try ledger.stream(), committed: ledger, nowMilliseconds: wallClockMilliseconds)
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

    private func repairDatabase() throws -> [String] {
        var done: [String] = []
        var problems = try LedgerReader(path: state.database).check(onProgress: onProgress)
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
        if problems.contains(where: { $0.remedy == .dropBodies }) {
            let count = try repair.dropDamagedBodies()
            done.append("repaired: the damaged bodies of \(counted(count, "page")) were dropped; each comes again with the next change of its page")
        }
        if salvages {
            problems = try LedgerReader(path: state.database).check(onProgress: onProgress)
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
