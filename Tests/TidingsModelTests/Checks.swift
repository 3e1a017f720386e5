import TestSupport
import TidingsCore
import TidingsFailpoints

@testable import TidingsStore
@testable import TidingsStream

extension History {
    /// What was committed since the last look is what the model tells.
    func compare() async throws {
        guard let process else { throw Broken(message: "there is no process") }
        let known = compared == 0 ? 0 : model.told[compared - 1].sequence
        let lines = try process.rows.reader.lines(after: known, limitBytes: .max).map { try StreamLine($0.bytes) }
        let found = lines.map(ExpectedChange.init)
        for line in lines { self.lines[line.sequence] = line }
        let expected = Array(model.told[compared...])
        guard found == expected else {
            throw Broken(message: "the ledger told\n  \(found)\nand should have told\n  \(expected)")
        }
        compared = model.told.count
    }

    /// Everything is looked at, published and read; then what consumers know is what the world is.
    func end(isThorough: Bool) async throws {
        if process == nil { try await open() }
        world.configured = Set(World.sources.map(\.name))
        try await perform(.settings(world.configured))
        try await perform(.look(World.folders.indices.map { .scan(folder: $0) } + World.feeds.indices.map { .poll(feed: $0, .known) }))
        try await compare()
        // The first may find that somebody has spoilt the file so that a new stream has to begin.
        for _ in 0..<2 { try await perform(Step(operation: .publish)) }
        try await mend()
        for consumer in consumers { try consumer.read(keptFrom: firstKept) }
        try await compare()

        try checkWorld()
        try checkFold()
        try await checkStream()
        if isThorough { try checkDatabase() }
    }

    /// Every file and every item that a feed lists is live, under its key, with its text. Which may not be the newest of its article:
    /// where two show one article, one may lag, even the leader that was away.
    private func checkWorld() throws {
        guard world.files.count == World.folders.count, world.feeds.count == World.feeds.count else {
            throw Broken(message: "a world with other sources")
        }
        for (folder, files) in zip(World.folders, world.files) {
            for (path, file) in files {
                switch file {
                case .article(let item): try expectSeen(item.text, path, folder)
                case .list(let items): for item in items { try expectSeen(item.text, "\(path)#\(item.id ?? "")", folder) }
                }
            }
            let gone = model.knownFiles(of: folder).subtracting(files.keys)
            guard gone.isEmpty else { throw Broken(message: "\(gone) of \(folder) are gone and are not removed") }
        }
        for (name, feed) in zip(World.feeds, world.feeds) {
            for item in feed.listed { try expectSeen(item.text, item.id ?? "", name) }
        }
    }

    private func expectSeen(_ text: String, _ key: String, _ source: String) throws {
        guard let sighting = model.sighting(key, of: source), !model.sightings[sighting].isGone else {
            throw Broken(message: "\(key) of \(source) is there and is not seen")
        }
        guard model.sightings[sighting].shown.text == text else { throw Broken(message: "\(key) of \(source) shows another text") }
    }

    /// Who folds the stream knows what the model knows, and what the ledger holds.
    private func checkFold() throws {
        guard let reader = process?.rows.reader else { return }
        let fold = StreamFold(try model.told.map { change in
            guard let line = lines[change.sequence] else { throw Broken(message: "\(change) was never read") }
            return line
        })
        guard fold.contradictions.isEmpty else { throw Broken(message: fold.contradictions.joined(separator: "\n")) }
        guard fold.articles == model.foldedArticles, fold.bySighting == model.foldedSightings else {
            throw Broken(message: "who folds the stream knows another world")
        }
        var stored: [String: StreamFold.Article] = [:]
        var sightings: [StreamFold.Sighting: String] = [:]
        var ids: [ArticleID] = []
        try reader.eachArticle(ArticleFilter(includesRemoved: true)) { article in
            stored[article.id.description] = StreamFold.Article(contents: [:], isRemoved: article.removedMilliseconds != nil)
            ids.append(article.id)
            guard article.removedMilliseconds == nil else { return }
            for origin in article.sightings {
                sightings[StreamFold.Sighting(source: origin.source, key: origin.key ?? "")] = article.id.description
            }
        }
        for id in ids {
            let versions = try reader.versions(of: id)
            // The first and the newest always stay, and what is pruned was what the stream told of it.
            var contents = arePruned ? fold.articles[id.description]?.contents ?? [:] : [:]
            let newest = versions.last?.summary.number ?? 0
            guard versions.first?.summary.number == 1, arePruned ? newest == contents.count : newest == versions.count else {
                throw Broken(message: "the versions of \(id) have holes")
            }
            for version in versions { contents[version.summary.number] = Texts.hashes[version.form.text] ?? version.form.text }
            stored[id.description]?.contents = contents
        }
        guard stored == fold.articles, sightings == fold.bySighting else {
            throw Broken(message: "the ledger has other articles than the stream:\n  \(stored)\n  \(fold.articles)")
        }
    }

    /// The six promises, and that the files are the rows byte for byte.
    private func checkStream() async throws {
        guard let process else { return }
        var record: [String] = []
        for name in try folder.names() where name == "changes.ndjson" || StreamFolder.first(ofSealed: name) != nil {
            record += String(decoding: folder.bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
        }
        // `changes-…` sorts before `changes.`: the live one is the last, as it has to be.
        let last = model.lastSequence
        let rows = try process.rows.lines(after: try process.rows.first() - 1, limitBytes: .max)
        guard rows.map({ lines[$0.sequence]?.text ?? "" }) == rows.map({ String(decoding: $0.bytes.dropLast(), as: UTF8.self) }),
            rows.isEmpty || rows.last?.sequence == last
        else { throw Broken(message: "the rows are not what was committed") }
        let seen = record.filter { !StreamLine.isHeader($0) }
        let oldest = seen.isEmpty ? last + 1 : changeBefore(seen) + 1
        guard oldest <= firstKept else { throw Broken(message: "the files begin at \(oldest), and \(firstKept) is to be kept") }
        guard seen == (oldest..<last + 1).map({ lines[$0]?.text ?? "" }) else { throw Broken(message: "the files are not the rows") }
        if seen.isEmpty { return }
        var versions: Set<LedgerVersion> = []
        for change in model.told[model.streamStart...] where change.type == "article.created" || change.type == "article.updated" {
            versions.insert(LedgerVersion(article: change.article ?? "", number: change.version ?? 0, sequence: change.sequence))
        }
        let path = folder.stream
        let broken = try await brokenPromises(to: consumers.map(\.observation), record: record, versions: versions) { start in
            let follower = try Follower("a new reader", path, after: start)
            try follower.read()
            return follower.lines
        }
        guard broken.isEmpty else { throw Broken(message: broken.joined(separator: "\n")) }
    }

    private func checkDatabase() throws {
        guard let reader = process?.rows.reader else { return }
        let problems = try reader.check()
        guard problems.isEmpty else { throw Broken(message: "the database is damaged: \(problems)") }
        let check = try StreamCheck.run(folder: folder.stream, stream: try reader.stream(), committed: Rows(reader: reader))
        guard check.differences.isEmpty else { throw Broken(message: "verify finds \(check.differences)") }
    }
}
