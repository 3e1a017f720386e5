import TidingsCore

@testable import TidingsStore
@testable import TidingsStream

extension History {
    func perform(_ operation: Operation) async throws {
        switch operation {
        case .edit(let edit): world.apply(edit)
        case .look(let glances): try await look(glances)
        case .again(let feed, let times):
            for _ in 0..<times { try await look([.poll(feed: feed, .whole)]) }
        case .settings(let names):
            world.configured = names
            try await configure()
        case .publish: try publish()
        case .rotate:
            try publish()
            _ = try process?.file?.rotate(.requested)
        case .read(let number):
            guard !isSpoilt, !isSealedSpoilt, !consumers.isEmpty else { return }
            try consumers[number % consumers.count].read(keptFrom: firstKept)
        case .join(let place): try join(at: place)
        case .restart:
            die()
            try await open()
        case .meddle(let meddling, let place): try meddle(meddling, at: place)
        case .spoil(let meddling, let segment, let place): try await spoil(meddling, segment, at: place)
        case .prune(let kept): try await prune(kept)
        case .backUp:
            die()
            try folder.backUp()
            backup = model
            try await open()
        case .restore:
            guard let backup else { return }
            // One misfortune at a time: a file that somebody spoilt cannot say how far it had got.
            try publish()
            try await mend()
            die()
            try folder.restore()
            mayBeAhead = true
            model = backup
            compared = min(compared, model.told.count)
            try await open()
        case .lose:
            try publish()
            try await mend()
            die()
            folder.loseDatabase()
            mayBeAhead = true
            model = Model()
            compared = 0
            try await open()
        case .clock(let minutes): setClock(by: minutes)
        }
    }

    var rows: Rows {
        get throws {
            guard let process else { throw Broken(message: "there is no process") }
            return process.rows
        }
    }

    func publish() throws {
        let last = try process?.file?.publish()
        guard last == model.lastSequence else {
            throw Broken(message: "published up to \(last ?? -1), and there are \(model.lastSequence)")
        }
        isSpoilt = false
        isTouched = false
        mayBeAhead = false
        // Whoever looks now must not have to wait until something is put right later.
        let lines = String(decoding: folder.bytes("changes.ndjson"), as: UTF8.self).split(separator: "\n").dropFirst()
        let told = try rows.lines(after: model.lastSequence - Int64(lines.count), limitBytes: .max)
        guard lines.elementsEqual(told, by: { $0.utf8.elementsEqual($1.bytes.dropLast()) }) else {
            throw Broken(message: "the change file is not what the ledger says, right after it was written")
        }
    }

    // MARK: looking

    private func look(_ glances: [Glance]) async throws {
        guard let process else { return }
        var reports: [Report] = []
        var effects: [(inout Model) -> Void] = []
        var looked: Set<String> = []
        for glance in glances {
            // A feed is polled again when the poll before is committed, and a folder is one after the other too.
            guard looked.insert(glance.source).inserted, let source = process.sources[glance.source] else { continue }
            switch glance {
            case .file(let folder, let path):
                let path = World.paths[path]
                if let finding = Finding.file(path, of: folder, in: world, missing: missing(in: folder)) {
                    reports.append(finding.report(to: source))
                    effects.append { $0.see(finding) }
                }
            case .scan(let folder):
                for path in world.files[folder].keys.sorted() {
                    guard let finding = Finding.file(path, of: folder, in: world, missing: missing(in: folder)) else { continue }
                    reports.append(finding.report(to: source))
                    effects.append { $0.see(finding) }
                }
            case .poll(let feed, let answer):
                if let (report, effect) = try await poll(feed, source, answer) {
                    reports.append(report)
                    effects.append(effect)
                }
            }
        }
        if !reports.isEmpty {
            try await transact {
                _ = try await process.ledger.commit(reports, at: self.now())
            } model: { model in
                for effect in effects { effect(&model) }
            }
        }
        for glance in glances {
            guard looked.remove(glance.source) != nil, let source = process.sources[glance.source] else { continue }
            try await finish(glance, source)
        }
    }

    private func missing(in folder: Int) -> Set<String> {
        model.knownFiles(of: World.folders[folder]).subtracting(world.files[folder].keys)
    }

    private func poll(
        _ feed: Int, _ source: SourceRow, _ answer: Answer
    ) async throws -> (Report, (inout Model) -> Void)? {
        guard let process else { return nil }
        let name = source.name
        func unchanged(_ status: Int) -> Report {
            Report(
                source: source.id, finding: .capture(CaptureFacts(locator: source.locator, status: status), .unchanged),
                look: SourceLook(state: .ok))
        }
        let finding: Finding
        switch answer {
        case .failure: return nil
        case .notModified: return (unchanged(304), { $0.look(at: name, found: .ok) })
        case .partial: finding = .feed(feed, in: world, isPartial: true)
        case .empty: finding = Finding(source: name, locator: name, entries: [], isPartial: true)
        case .whole, .known, .forced:
            finding = .feed(feed, in: world, isPartial: false)
            if answer != .forced, try process.rows.reader.rawHash(of: source.id, locator: source.locator) == finding.rawHash {
                return (unchanged(200), { model in
                    model.seeAgain(name)
                    model.look(at: name, found: .ok)
                })
            }
        }
        let shown = answer == .known ? try process.rows.reader.shownItems(of: source.id) : [:]
        return (finding.report(to: source, knowing: shown), { model in
            model.see(finding)
            model.look(at: name, found: .ok)
        })
    }

    /// What follows a look in transactions of its own.
    private func finish(_ glance: Glance, _ source: SourceRow) async throws {
        guard let ledger = process?.ledger else { return }
        switch glance {
        case .poll(_, .failure):
            try await transact {
                let report = Report(
                    source: source.id, finding: .nothing, look: SourceLook(state: .failing, succeeded: false))
                _ = try await ledger.commit([report], at: self.now())
            } model: {
                $0.look(at: source.name, found: .failing)
            }
        case .poll: break
        case .file(let folder, let path):
            let path = World.paths[path]
            guard world.files[folder][path] == nil else { return }
            try await remove([path], of: source, nil)
        case .scan(let folder):
            try await remove(missing(in: folder).sorted(), of: source, .usual)
            guard model.sources[source.name]?.isImported == false else { return }
            try await transact {
                var report = Report(source: source.id, finding: .nothing)
                report.completesImport = true
                _ = try await ledger.commit([report], at: self.now())
            } model: {
                $0.sources[source.name]?.isImported = true
            }
        }
    }

    private func remove(_ paths: [String], of source: SourceRow, _ pass: RemovalPass?) async throws {
        guard let ledger = process?.ledger else { return }
        try await transact {
            let report = Report(source: source.id, finding: .gone(paths, pass))
            guard try await ledger.commit([report], at: self.now()).outcomes == [.done] else {
                throw Broken(message: "few removals are held")
            }
        } model: { model in
            for path in paths { model.removeFile(path, of: source.name) }
        }
    }

    // MARK: readers

    private func join(at place: Int) throws {
        guard !isSpoilt, !isSealedSpoilt, let file = process?.file?.last, file > 0 else { return }
        let first = firstKept
        guard file >= first else { return }
        let start = first - 1 + (file - first + 1) * Int64(place) / 1000
        do {
            consumers.append(try Follower("reader \(consumers.count + 1)", folder.stream, after: start))
        } catch let error as StreamError where isTouched {
            // What is refused now is there again when the file is.
            guard [.noStream, .inFuture(newest: 0)].contains(where: { error.isLike($0) }) else { throw error }
        }
    }
}

extension StreamError {
    fileprivate func isLike(_ other: Reason) -> Bool {
        switch (reason, other) {
        case (.noStream, .noStream), (.inFuture, .inFuture): true
        default: false
        }
    }
}

extension Glance {
    var source: String {
        switch self {
        case .file(let folder, _), .scan(let folder): World.folders[folder]
        case .poll(let feed, _): World.feeds[feed]
        }
    }
}
