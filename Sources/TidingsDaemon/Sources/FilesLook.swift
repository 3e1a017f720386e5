import TidingsCore
import TidingsFormats
import TidingsStore
import TidingsWatch

/// A look at some files of a folder. It reads them one after the other until `FolderSource.chunkBytes` are in memory. `rest` has
/// the files that remain.
struct FilesLook: Look {
    /// The outcome of reading one file.
    enum Outcome: Sendable {
        /// It was read. The table gets this fingerprint once the report is committed.
        case read(fingerprint: UInt64)
        /// It is being written, or is still empty: look again.
        case again
        case vanished
    }

    let source: SourceID
    let root: FolderRoot
    let limitBytes: Int
    let missing: MissingFiles
    let progress: Progress
    /// Whether the source was read as a whole before. Only then can a file be one that was renamed.
    let isImported: Bool
    /// The turn of this look among those of one pass; nil if it is the only one.
    let turn: OrderedGate.Turn?
    /// Files that are not read yet.
    private(set) var rest: ArraySlice<RawPath>
    private(set) var outcomes: [(path: RawPath, outcome: Outcome)] = []
    /// How many were read.
    private(set) var bytes = 0

    init(
        at paths: ArraySlice<RawPath>, in root: FolderRoot, of source: SourceID, limitBytes: Int, missing: MissingFiles,
        isImported: Bool, progress: Progress, turn: OrderedGate.Turn?
    ) {
        rest = paths
        self.root = root
        self.source = source
        self.limitBytes = limitBytes
        self.missing = missing
        self.isImported = isImported
        self.progress = progress
        self.turn = turn
    }

    mutating func next() -> Looked? {
        while bytes <= FolderSource.chunkBytes, let path = rest.popFirst() {
            if let looked = look(at: path) { return looked }
        }
        return nil
    }

    private mutating func look(at path: RawPath) -> Looked? {
        switch StableRead.read(path, in: root, limitBytes: limitBytes) {
        case .read(let file):
            bytes += file.bytes.count
            outcomes.append((path, .read(fingerprint: file.fingerprint)))
            let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path[...]
            return .capture(
                Capture(
                    source: source, kind: .folder, locator: pathKey(path), bytes: file.bytes,
                    hints: DocumentHints(fileName: String(decoding: name, as: UTF8.self)), stamp: file.fingerprint))
        case .vanished, .notRegular: outcomes.append((path, .vanished))
        case .unstable, .empty: outcomes.append((path, .again))
        case .tooLarge(let size): return unreadable(path, "larger than the limit of \(size) bytes")
        case .unreadable(let message): return unreadable(path, "cannot be read: \(message)")
        }
        return nil
    }

    /// Reports an unreadable file. Its stamp is unknown, so that the next pass tries again: the cause may disappear without a
    /// change of the file.
    private mutating func unreadable(_ path: RawPath, _ message: String) -> Looked {
        outcomes.append((path, .read(fingerprint: FileTable.unknown)))
        let facts = CaptureFacts(locator: pathKey(path), stamp: FileTable.unknown).unreadable(message)
        return .report(Report(source: source, finding: .capture(facts, .unreadable)))
    }

    func report(on capture: Capture, _ reading: Reading) -> Report {
        var facts = capture.facts
        let content: CaptureContent
        switch reading {
        case .document(let document, let seen, _):
            facts.add(document)
            content = .document(seen)
        case .unchanged: content = .unchanged
        case .unreadable(let reason):
            facts = facts.unreadable(reason.message)
            content = .unreadable
        case .quarantined(let reason):
            facts = facts.unreadable(reason.message)
            content = .unreadable
        }
        return Report(source: source, finding: .capture(facts, content), missing: missing.locators, renamedFrom: missing.renamed[facts.locator])
    }

    /// A new name is often seen before the event that says that the old one went away, and would then be a duplicate. So before the
    /// ledger is told of an equal text, the files that are known to have it are looked at: those that are gone are missing.
    func complete(_ reports: inout [Report], _ reader: () throws(StoreError) -> LedgerReader) throws(StoreError) {
        guard isImported else { return }
        for index in reports.indices {
            guard case .capture(let facts, .document(let document)) = reports[index].finding else { continue }
            for case .seen(let item) in document.entries where !item.form.isEmpty {
                for place in try reader().places(showing: item.form.hash, in: source) where place != facts.locator {
                    if let path = pathBytes(ofKey: place), root.isMissing(path) { reports[index].missing.insert(place) }
                }
            }
        }
    }

    nonisolated(nonsending) func waitForTurn() async throws { try await turn?.wait() }

    func wasQueued() { if rest.isEmpty { turn?.end() } }
}
