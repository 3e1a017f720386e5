import Glibc
import TidingsSystem

/// Walks a root and compares what is there with what the table remembers. The scan finds out what is so; events only say when
/// to scan. It reads no file: `StableRead` reads the changed ones.
///
/// A scan blocks, so call it on a thread of its own. It opens each folder by its path below the root, without following a
/// symbolic link, and holds one open at a time: neither depth nor width of the tree costs descriptors or stack.
package struct FolderScan: Sendable {
    /// Deeper folders are reported as unread. Linux has no limit, but a deeper tree is a mistake or an attack.
    package static let depthLimit = 2_000
    /// Entries between two calls of `proceed`.
    package static let stepEntries = 256

    package var rules: PathRules
    /// How long nobody must have written to a file for it to count as whole, where no event says that its writer closed it.
    package var settle: Duration
    package var sizeLimitBytes: Int
    /// Reports every file as changed, because a person wants all files read again.
    package var readsEverything = false

    package init(rules: PathRules, settle: Duration = .milliseconds(500), sizeLimitBytes: Int = 64 << 20) {
        self.rules = rules
        self.settle = settle
        self.sizeLimitBytes = sizeLimitBytes
    }

    /// Scans the whole root. Afterwards the table's marks tell which files the scan saw.
    ///
    /// - Parameters:
    ///   - table: a changed file keeps its old fingerprint until the caller has committed it and calls `set`. If the commit
    ///     fails, the next scan reports the file again.
    ///   - proceed: called every `stepEntries` entries with the number of entries so far; false stops the scan.
    /// - Throws: when the root cannot be read, is not the same at the end, or the scan was stopped. The table's marks mean
    ///   nothing then.
    package func run(
        _ root: FolderRoot, _ table: inout FileTable, proceed: (Int) -> Bool = { _ in true }
    ) throws(FolderError) -> ScanReport {
        table.beginScan()
        return try walk(root, from: [], &table, proceed)
    }

    /// Scans the folder at `subtree` and what lies below it, for a folder that is new or came back. The marks say nothing about
    /// absent files afterwards. If there is no such folder, the report is empty.
    package func run(
        _ root: FolderRoot, subtree: RawPath, _ table: inout FileTable, proceed: (Int) -> Bool = { _ in true }
    ) throws(FolderError) -> ScanReport {
        guard rules.admits(folder: subtree) else { return ScanReport() }
        return try walk(root, from: subtree, &table, proceed)
    }

    private func walk(
        _ root: FolderRoot, from start: RawPath, _ table: inout FileTable, _ proceed: (Int) -> Bool
    ) throws(FolderError) -> ScanReport {
        try root.verify()
        var report = ScanReport()
        var folders = PathList()
        folders.append(start)
        var entryCount = 0
        while let folder = folders.popLast() {
            guard folder.count(where: { $0 == slash }) < Self.depthLimit else {
                report.note(unread: folder, "folders deeper than \(Self.depthLimit) are not read")
                continue
            }
            do throws(SystemError) {
                try scan(folder, of: root, &table, &report, &folders) {
                    entryCount += 1
                    return entryCount % Self.stepEntries != 0 || proceed(entryCount)
                }
            } catch {
                if error == Self.stopped { throw FolderError(path: root.path, reason: .cancelled) }
                if folder.isEmpty { throw FolderError(path: root.path, error) }
                // Absent, or a symbolic link or a file by now: the folder went away during the scan.
                if !error.meansAbsent, error.code != ELOOP { report.note(unread: folder, error.message) }
            }
        }
        try root.verify()
        report.changed.sort()
        report.young.sort()
        report.unmarkedCount = table.unmarkedCount
        return report
    }

    /// Thrown when `step` returns false. No call on a folder fails with this code.
    private static let stopped = SystemError(code: ECANCELED)

    /// Compares the files of one folder with the table, and appends the folders in it to `folders`.
    private func scan(
        _ folder: RawPath, of root: FolderRoot, _ table: inout FileTable, _ report: inout ScanReport,
        _ folders: inout PathList, step: () -> Bool
    ) throws(SystemError) {
        var reader = try DirectoryReader(root.open(folder, O_RDONLY | O_DIRECTORY | O_NONBLOCK))
        report.folderCount += 1
        var path = folder
        if !path.isEmpty { path.append(slash) }
        let prefix = path.count
        while var kind = try reader.next(appendingNameTo: &path) {
            defer { path.removeLast(path.count - prefix) }
            guard step() else { throw Self.stopped }
            let isAdmitted = kind == .folder ? rules.admits(entryFolder: path) : rules.admits(entryFile: path)
            guard isAdmitted || kind == .unknown else { continue }
            var status: FileStatus?
            if kind == .file || kind == .unknown {
                do throws(SystemError) {
                    let found = try reader.status()
                    kind = found.kind
                    status = found
                } catch {
                    if error.code != ENOENT { report.note(unread: path, error.message) }
                    continue
                }
            }
            switch kind {
            case .folder: if isAdmitted || rules.admits(entryFolder: path) { folders.append(path) }
            case .file: if isAdmitted, let status { compare(path, status, &table, &report) }
            case .symlink: if isAdmitted { report.skipped.note(path, .symlink) }
            case .special, .unknown: if isAdmitted { report.skipped.note(path, .special) }
            }
        }
    }

    private func compare(
        _ path: RawPath, _ status: FileStatus, _ table: inout FileTable, _ report: inout ScanReport
    ) {
        let isKnown = table.see(path, fingerprint: status.fingerprint)
        switch verdict(on: status, isKnown: isKnown, isClosed: false) {
        case .changed: report.changed.append(path)
        case .unchanged: report.unchangedCount += 1
        case .young(let settlesIn):
            report.young.append(path)
            report.youngSettleIn = max(report.youngSettleIn, settlesIn)
        case .skipped(.empty): report.emptyCount += 1
        case .skipped(let reason): report.skipped.note(path, reason)
        case .missing, .folder: preconditionFailure("a file that has a status is there")
        }
    }

    /// What to do with a regular file of this status.
    func verdict(on status: FileStatus, isKnown: Bool, isClosed: Bool) -> PathState {
        if status.size == 0 { return .skipped(.empty) }
        if status.size > sizeLimitBytes { return .skipped(.tooLarge(sizeBytes: status.size)) }
        if isKnown, !readsEverything { return .unchanged(status) }
        if !isClosed {
            // By the time of now and not of the scan's start: a file may be written during the scan.
            let age = wallClockNanoseconds() - status.changed.nanosecondsSince1970
            // A time in the future means that the clock was set back: waiting would not make the file older.
            let remaining = settle.nanoseconds - age
            if age >= 0, remaining > 0 { return .young(settlesIn: .nanoseconds(remaining)) }
        }
        return .changed(status)
    }
}
