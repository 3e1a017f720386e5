import Synchronization
import TidingsCore
import TidingsStore
import TidingsWatch

extension FolderSource {
    // MARK: hints

    /// Looks at the paths of a hint.
    func follow(_ hint: FolderHint) async {
        switch hint {
        case .everything, .root: _ = await pass(readsEverything: false)
        // Before the first pass there is no table to compare with. The pass will see everything.
        case _ where table == nil: break
        case .renamed(let pairs):
            renames.add(pairs, at: .now)
            await attempt { try self.noteDeparted(Array(pairs.values), in: FolderRoot(path: self.settings.path)) }
        case .files(let paths): await attempt { _ = try await self.lookAt(paths, areClosed: true) }
        case .subtrees(let folders): await attempt { try await self.lookBelow(folders) }
        }
    }

    /// Looks again at paths that had to settle. A file that has not changed since is complete; one that is still missing is gone.
    /// - Returns: how many files were read.
    func lookAgain(at paths: [RawPath]) async throws -> Int {
        // In the order of a scan: the order of a hash table must not decide which of two equal files becomes the article.
        let paths = paths.sorted { $0.lexicographicallyPrecedes($1) }
        let wereMissing = missing.intersection(paths)
        let count = try await lookAt(paths, areClosed: false)
        let gone = wereMissing.intersection(missing)
        missing.subtract(gone)
        if !gone.isEmpty { _ = try await remove(Array(gone)) }
        unread?.subtract(paths.filter { unsettled[$0] == nil })
        try await closeImport()
        return count
    }

    private func lookAt(_ paths: [RawPath], areClosed: Bool) async throws -> Int {
        let root = try FolderRoot(path: settings.path)
        var changed: [RawPath] = []
        for path in paths {
            let look = try scan.look(at: path, in: root, table ?? FileTable(), isClosed: areClosed)
            if look == .missing {
                noteMissing(path)
                continue
            }
            missing.remove(path)
            unsettled[path] = nil
            switch look {
            case .changed: changed.append(path)
            case .young(let rest): unsettled[path] = .now + rest
            case .unchanged, .missing, .folder, .skipped: break
            }
        }
        // A rename of a closed file gives the old path. A file that had to settle may have come with a new folder, without one.
        if !areClosed, !changed.isEmpty { try await noteDeparted(in: root) }
        return try await read(PathList(changed), in: root)
    }

    /// Looks at everything below folders that are new or gone, including all known paths there.
    private func lookBelow(_ folders: [RawPath]) async throws {
        let root = try FolderRoot(path: settings.path)
        // Missing files come first, so that a moved file is not mistaken for a new one.
        for path in try knownPaths(where: { folders.contains(where: $0.isAtOrBelow) })
        where try scan.look(at: path, in: root, table ?? FileTable()) == .missing {
            noteMissing(path)
        }
        for folder in folders {
            let report = try walk(root, with: scan, below: folder)
            for path in report.young { unsettled[path] = .now + report.youngSettleIn }
            if !report.changed.isEmpty { try await noteDeparted(in: root) }
            _ = try await read(report.changed, in: root)
        }
    }

    /// Notes the files that were moved away a moment ago: a new file may be one of them.
    private func noteDeparted(in root: FolderRoot) async throws {
        if let watcher { try noteDeparted(await watcher.departed(), in: root) }
    }

    /// Notes those of the known `paths` that are missing now.
    private func noteDeparted(_ paths: [RawPath], in root: FolderRoot) throws {
        for path in paths where try scan.look(at: path, in: root, table ?? FileTable()) == .missing { noteMissing(path) }
    }

    /// Notes that a known file is missing. It counts as gone after the settle time, because editors delete a file and write it
    /// again.
    private func noteMissing(_ path: RawPath) {
        guard table?.fingerprint(of: path) != nil, !missing.contains(path) else { return }
        missing.insert(path)
        unsettled[path] = .now + settings.settle
    }

    /// Runs `body`. A failure is logged, and a full pass then finds what `body` missed.
    func attempt(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError {
            // Stopping is not a failure.
        } catch {
            pipeline.committer.noteFailure(error)
            logger.warning("look at a part of the folder failed", metadata: [LogKey.reason: "\(error)"])
            requestRescan()
        }
    }

    // MARK: reading

    /// Reads `paths` on several readers and commits the documents.
    /// - Returns: how many paths were read.
    func read(_ paths: PathList, in root: FolderRoot) async throws -> Int {
        guard !paths.isEmpty else { return 0 }
        let missing = MissingFiles(missing, renames: renames.of(paths, from: missing))
        let chunks = Chunks(paths)
        let gate = OrderedGate()
        guard paths.count > Self.firstChunkFiles else {
            return try await read(chunks, on: pipeline.reader(for: id), in: root, missing: missing, gate)
        }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for reader in pipeline.readers {
                group.addTask { try await self.read(chunks, on: reader, in: root, missing: missing, gate) }
            }
            var total = 0
            for try await count in group { total += count }
            return total
        }
    }

    /// Reads chunks on `reader` until none is left.
    private func read(
        _ chunks: Chunks, on reader: Ingest, in root: FolderRoot, missing: MissingFiles, _ gate: OrderedGate
    ) async throws -> Int {
        var count = 0
        while let (number, chunk) = chunks.next() {
            var rest = chunk
            while !rest.isEmpty {
                try Task.checkCancellation()
                let look = try await reader.carry(
                    FilesLook(
                        at: rest, in: root, of: id, limitBytes: settings.maxFileBytes, missing: missing, isImported: isImported,
                        progress: pipeline.progress, turn: gate.turn(number)))
                note(look.outcomes)
                rest = look.rest
                count += look.outcomes.count
                let done = chunks.finished(look.outcomes.count, bytes: look.bytes)
                pipeline.onProgress("\(name): \(done) of \(chunks.total) files", Double(done) / Double(chunks.total))
            }
        }
        return count
    }

    private func note(_ outcomes: [(path: RawPath, outcome: FilesLook.Outcome)]) {
        for (path, outcome) in outcomes {
            switch outcome {
            case .read(let fingerprint): table?.set(path, fingerprint: fingerprint)
            case .again: unsettled[path] = .now + settings.settle
            case .vanished: noteMissing(path)
            }
        }
    }

    /// Removes paths that are proved gone, or holds the removals.
    /// - Parameter pass: how far to trust the full pass that found them gone; nil for single absences.
    /// - Returns: a message about held removals; nil if nothing is held.
    func remove(_ paths: [RawPath], pass: RemovalPass? = nil) async throws -> String? {
        let report = Report(source: id, finding: .gone(paths.map(pathKey).sorted(), pass))
        let outcomes = try await pipeline.committer.commit([report], progress: pipeline.progress)
        if case .held(let count, let since)? = outcomes.first {
            logger.warning("removals held", metadata: [LogKey.count: "\(count)"])
            return "\(counted(count, "removal")) held since \(rfc3339(milliseconds: since)); if they are meant: "
                + "tidings reingest \(name) --accept-removals"
        }
        for path in paths { table?.remove(path) }
        return nil
    }
}

/// A list of paths that several tasks read in chunks. A chunk with more than `FolderSource.chunkBytes` is committed in parts, and
/// all chunks after it wait for the last part. So a chunk has no more files than are likely to have these bytes.
private final class Chunks: Sendable {
    private struct State {
        /// Of the next chunk.
        var number = 0
        var position = 0
        /// What is read by now.
        var files = 0
        var bytes = 0

        var nextSize: Int {
            if files == 0 { return FolderSource.firstChunkFiles }
            return min(max(1, FolderSource.chunkBytes * files / max(1, bytes)), FolderSource.chunkFiles)
        }
    }
    private let paths: PathList
    private let state = Mutex(State())

    init(_ paths: PathList) { self.paths = paths }

    var total: Int { paths.count }

    /// Adds to what is read.
    /// - Returns: how many paths that are by now.
    func finished(_ files: Int, bytes: Int) -> Int {
        state.withLock { state in
            state.files += files
            state.bytes += bytes
            return state.files
        }
    }

    /// The next chunk, with its number from 0.
    func next() -> (number: Int, paths: ArraySlice<RawPath>)? {
        state.withLock { state in
            let chunk = state.position..<min(state.position + state.nextSize, paths.count)
            guard !chunk.isEmpty else { return nil }
            defer { (state.number, state.position) = (state.number + 1, chunk.upperBound) }
            return (state.number, Array(paths[chunk])[...])
        }
    }
}
