import TidingsCore
import TidingsFormats
import TidingsStore
import TidingsWatch

/// A file on its way: what became of reading it, and the report it led to.
struct ReadFile: Sendable {
    enum Outcome: Sendable {
        /// To be remembered with this fingerprint, once the report is committed.
        case read(fingerprint: UInt64)
        /// It was being written, or is empty yet: look again.
        case again
        case vanished
    }
    let path: RawPath
    let outcome: Outcome
    let report: Report?
}

/// Reads files and makes reports of them, on a thread of its own. Several work at once.
actor FileReader {
    private let executor: BlockingExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    private let ingest: Ingest
    private let quarantine: Quarantine

    init(number: Int, ingest: Ingest, quarantine: Quarantine) {
        executor = BlockingExecutor(label: "tidings.reader.\(number)")
        self.ingest = ingest
        self.quarantine = quarantine
    }

    /// Reads the first of `paths`, until they hold together more than a chunk may; at least one.
    func read(
        _ paths: ArraySlice<RawPath>, in root: FolderRoot, source: SourceID, limitBytes: Int, missing: Set<String>
    ) -> [ReadFile] {
        var files: [ReadFile] = []
        var bytes = 0
        for path in paths {
            let outcome = StableRead.read(path, in: root, limitBytes: limitBytes)
            if case .read(let file) = outcome { bytes += file.bytes.count }
            files.append(readFile(path, outcome, source: source, missing: missing))
            if bytes > FolderSource.chunkBytes { break }
        }
        return files
    }

    private func readFile(
        _ path: RawPath, _ outcome: StableRead.Outcome, source: SourceID, missing: Set<String>
    ) -> ReadFile {
        let key = pathKey(path)
        func unreadable(_ message: String, bytes: Int = 0) -> ReadFile {
            var facts = CaptureFacts(locator: key, bytes: bytes, stamp: FileTable.unknown)
            facts.problems = 1
            facts.problem = message
            // With an unknown stamp the next pass tries again: what forbade it may not show in the file.
            return ReadFile(
                path: path, outcome: .read(fingerprint: FileTable.unknown),
                report: Report(source: source, facts: facts, finding: .unreadable))
        }
        switch outcome {
        case .read(let file):
            let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path[...]
            let capture = Capture(
                source: source, kind: .folder, locator: key, bytes: file.bytes,
                hints: DocumentHints(fileName: String(decoding: name, as: UTF8.self)), stamp: file.fingerprint)
            return ReadFile(
                path: path, outcome: .read(fingerprint: file.fingerprint), report: report(on: capture, missing: missing))
        case .vanished: return ReadFile(path: path, outcome: .vanished, report: nil)
        case .unstable, .empty: return ReadFile(path: path, outcome: .again, report: nil)
        case .tooLarge(let size): return unreadable("larger than the limit of \(size) bytes")
        case .notRegular: return ReadFile(path: path, outcome: .vanished, report: nil)
        case .unreadable(let message): return unreadable("cannot be read: \(message)")
        }
    }

    private func report(on capture: Capture, missing: Set<String>) -> Report {
        do {
            return try quarantine.read(capture) { ingest.read(capture, missing: missing) }.report
        } catch {
            return ingest.report(on: capture, unreadable: error.message)
        }
    }
}
