import TidingsCore
import TidingsStore

@testable import TidingsStream

// What goes from the old end because it is to go, and what somebody does to what stands there.

extension History {
    /// The first change of the present stream that the files must have.
    var firstKept: Int64 {
        let stream = model.streamStart < model.told.count ? model.told[model.streamStart].sequence : model.lastSequence + 1
        return max(firstInFiles, stream)
    }

    func prune(_ kept: Kept) async throws {
        // What is damaged is mended from rows, so none go before.
        try await mend()
        try publish()
        guard let process, let floor = process.file?.liveFirst else { return }
        switch kept {
        case .files(let bytes):
            // Also when it dies on the way: whole files are gone then.
            defer { firstInFiles = max(firstInFiles, oldestFile() ?? floor) }
            _ = try process.file?.removeOld(keeping: RetentionLimit(bytes: bytes))
            guard folder.size(of: try folder.names()) <= bytes || oldestFile() == nil else {
                throw Broken(message: "more change files are kept than are to be")
            }
        case .rows(let bytes):
            let total = try process.rows.reader.changeBytes(after: 0)?.bytes ?? 0
            _ = try await process.ledger.pruneChanges(
                keeping: RetentionLimit(bytes: bytes), total: total, before: floor, at: now())
        case .versions(let count):
            arePruned = true
            try await process.ledger.indexVersions()
            let rule = VersionRule(VersionRetention(count: count), now: now())
            let (versions, _) = try process.rows.reader.oldVersions(after: 0, removedBy: rule)
            _ = try await process.ledger.pruneVersions(versions[...])
        }
    }

    /// The first change of the oldest sealed file; nil if there is none.
    private func oldestFile() -> Int64? { ((try? folder.names()) ?? []).lazy.compactMap(StreamFolder.first(ofSealed:)).min() }

    /// Of a sealed file of which all rows are kept: what is damaged of others cannot be made anew. Deleted may be the oldest, too.
    func spoil(_ meddling: ExternalEdits, _ number: Int, at place: Int) async throws {
        try await mend()
        try publish()
        guard let process else { return }
        let firstRow = try process.rows.first()
        let sealed = try folder.names().filter { StreamFolder.first(ofSealed: $0) != nil }
        guard !sealed.isEmpty else { return }
        let name = sealed[sealed.count * number / 1001]
        let first = StreamFolder.first(ofSealed: name) ?? 0
        let isOldest = name == sealed.first
        guard first >= firstRow || isOldest && meddling == .delete else { return }
        try spoil(meddling, name, at: place)
        // Whoever deletes the oldest wants the space.
        if isOldest, meddling == .delete { firstInFiles = max(firstInFiles, oldestFile() ?? process.file?.liveFirst ?? 0) }
        isTouched = true
        isSealedSpoilt = true
        // As the watch has it.
        process.file?.doubtSealed()
        try publish()
        try await mend()
    }

    /// `verify --repair`, which the daemon is stopped for, where it may be needed.
    func mend() async throws {
        guard isSealedSpoilt else { return }
        if process == nil { try await open() }
        guard let process else { return }
        process.file = nil
        let repair = try StreamRepair.run(
            folder: folder.stream, stream: await process.ledger.stream, committed: process.rows, nowMilliseconds: { [unowned self] in time })
        guard repair.beyondRepair.isEmpty else { throw Broken(message: "\(repair.beyondRepair) cannot be repaired") }
        die()
        try await open()
        // Only now: a start that fails is tried again with all that comes before it.
        isSealedSpoilt = false
    }
}
