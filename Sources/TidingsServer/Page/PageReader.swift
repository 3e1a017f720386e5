import HTTPTypes
import TidingsCore
import TidingsStore

/// Reads from the ledger what the views show. Blocks; it is used by one thread at a time.
struct PageReader {
    let ledger: LedgerReader
    var moment = Moment(now: 0)
    /// The newest change in the change files, after which the script follows the stream.
    var published: Int64 = 0

    // MARK: overview

    func overview(_ status: StateStatus) throws -> OverviewView {
        let hours = try ledger.changesByHour(since: DayChart.firstHour(now: moment.now) * hourMilliseconds)
        return OverviewView(
            status: status,
            sinks: [SinkFacts(changeFile: status.stream)] + status.sinks.filter(\.isConfigured).map { SinkFacts($0, in: status, moment) },
            chart: DayChart(hours.counts, cutAt: hours.cutAt, now: moment.now),
            changes: try changes(ChangeRowFilter(), [], before: nil, limit: OverviewView.changesLimit, try ledger.sources()).changes,
            published: published, moment: moment)
    }

    // MARK: changes

    func changesView(_ filter: ChangesView.Filter, before: Int64?) throws -> ChangesView {
        let sources = try ledger.sources()
        let rows = try rows(
            types: [filter.type].compactMap { $0 }, sources: [filter.source].compactMap { $0 },
            classes: [filter.changeClass].compactMap { $0 }, of: sources)
        let (changes, olderThan) = try changes(
            rows, [filter.changeClass].compactMap { $0 }, before: before, limit: ChangesView.limit, sources)
        return ChangesView(
            filter: filter, sourceNames: names(sources), changes: changes, before: before, olderThan: olderThan, published: published,
            moment: moment)
    }

    /// What is asked for, in terms of the ledger.
    /// - Throws: `Problem` for a name that nothing has.
    func rows(types: [String], sources: [String], classes: [String], of rows: [SourceRow]) throws -> ChangeRowFilter {
        var filter = ChangeRowFilter()
        filter.types = try types.flatMap { try Self.types($0) }
        for changeClass in classes { try Self.check(changeClass: changeClass) }
        // Others have none.
        if filter.types.isEmpty, !classes.isEmpty { filter.types = [.articleUpdated] }
        filter.sources = try sources.map { try Self.row($0, of: rows).id }
        return filter
    }

    func changes(
        _ rows: ChangeRowFilter, _ classes: [String], before: Int64?, limit: Int, _ sources: [SourceRow]
    ) throws -> (changes: [ShownChange], olderThan: Int64?) {
        let history = try ledger.changeHistory(before: before, rows, limit: limit) { line in
            classes.isEmpty || ShownChange(line)?.changeClass.map { classes.contains($0.rawValue) } ?? false
        }
        let places = Dictionary(sources.map { ($0.name, $0) }) { first, _ in first }
        return (try history.lines.compactMap { try shown($0.bytes, places) }, history.olderThan)
    }

    /// The change, with its title, and without what is known to the subscriber of its source alone.
    private func shown(_ line: [UInt8], _ places: [String: SourceRow]) throws -> ShownChange? {
        guard var change = ShownChange(line) else { return nil }
        if change.title == nil, let article = change.article { change.title = try ledger.title(of: article) }
        if let detail = change.detail, let source = change.source.flatMap({ places[$0] }) { change.detail = source.hidingPlaces(in: detail) }
        return change
    }

    // MARK: articles

    func articleView(_ id: ArticleID, version: Int?) throws -> ArticleView {
        guard let facts = try ledger.facts(of: id) else { throw Self.noArticle(id.description) }
        let stored = try ledger.version(ArticleReference(id, version: version))
        return ArticleView(
            facts: facts, version: stored, timeline: try ledger.timeline(of: id, limit: ArticleView.versionsLimit),
            provenance: try ledger.provenance(ArticleReference(id)),
            sources: Dictionary(try ledger.sources().map { ($0.name, $0) }) { first, _ in first }, published: published, moment: moment)
    }

    /// - Parameters:
    ///   - old: the one before `new` if nil.
    ///   - new: the newest if nil.
    func differenceView(_ id: ArticleID, old: Int?, new: Int?, form: DiffForm, isWhole: Bool) throws -> DifferenceView {
        guard let facts = try ledger.facts(of: id) else { throw Self.noArticle(id.description) }
        return DifferenceView(
            difference: try ledger.difference(ArticleReference(id), old: old, new: new), form: form, isWhole: isWhole,
            newest: facts.newest, moment: moment)
    }

    static func noArticle(_ name: String) -> Problem {
        Problem(.notFound, "There is no article \(name). Its id may be cut off, or it is from another database; search for its title.")
    }

    // MARK: sources

    func sourcesView(_ page: Int) throws -> SourcesView {
        return SourcesView(sources: try ledger.sourceStatuses(), page: page, published: published, moment: moment)
    }

    func sourceView(_ name: String) throws -> SourceView {
        guard let status = try ledger.sourceStatuses(named: name).first else {
            throw Problem(.notFound, "No source is called '\(name)'. /sources shows them all.")
        }
        let id = status.source.id
        let hosts = Set([status.poll.map(\.host)].compactMap { $0 })
        let own: [ChangeType] = [.sourceAdded, .sourceRemoved, .sourceState, .sourceGap]
        let others = ChangeType.allCases.filter { !own.contains($0) }
        let pages = try ledger.watchedPages(of: id, limit: SourceView.pagesLimit)
        let pageHosts = Set(pages.compactMap { URI($0.locator).host })
        return SourceView(
            status: status, problems: try ledger.problems(of: id, limit: SourceView.problemsLimit), pages: pages,
            learned: status.pages == nil ? [] : try ledger.learnedHosts().filter { hosts.union(pageHosts).contains($0.host) },
            history: try changes(
                ChangeRowFilter(types: own, sources: [id]), [], before: nil, limit: SourceView.historyLimit, [status.source]
            ).changes,
            changes: try changes(
                ChangeRowFilter(types: others, sources: [id]), [], before: nil, limit: SourceView.changesLimit, [status.source]
            ).changes, published: published, moment: moment)
    }

    func names(_ sources: [SourceRow]) -> [String] { sources.filter(\.isSubscribed).map(\.name).sorted() }

    // MARK: search

    /// - Parameter index: where the search index is. Without one, the words of titles are searched.
    func searchView(_ question: SearchView.Question, index path: String) throws -> SearchView {
        let sources = try ledger.sources()
        var view = SearchView(question: question, sourceNames: names(sources), moment: moment)
        if let source = question.source { _ = try Self.row(source, of: sources) }
        guard !question.words.isEmpty else { return view }
        do {
            try search(&view, in: SearchIndex(path: path, ledger: ledger))
        } catch is NoSearchIndexError {
            try searchTitles(&view)
        }
        return view
    }

    private func search(_ view: inout SearchView, in index: SearchIndex) throws {
        let question = view.question
        guard let words = SearchWords(question.words) else {
            view.remark = "There is no word in it to look for."
            return
        }
        var filter = SearchFilter()
        filter.sources = [question.source].compactMap { $0 }
        filter.language = question.language
        filter.includesOldVersions = question.allVersions
        filter.limit = SearchView.limit
        filter.offset = question.offset
        let results = try index.search(words, filter)
        view.found = results.hits.map { FoundArticle($0) }
        view.next = results.next
        let lag = try index.lag()
        if lag > 0 { view.remark = "The index does not have \(counted(Int(lag), "change")) yet." }
    }

    private func searchTitles(_ view: inout SearchView) throws {
        view.remark = "There is no index, so that only titles are searched."
        guard let words = TitleWords(view.question.words) else { return }
        var found: [FoundArticle] = []
        let filter = ArticleFilter(sources: [view.question.source].compactMap { $0 }, words: words)
        try ledger.eachArticle(filter, limit: SearchView.limit) { found.append(FoundArticle($0)) }
        view.found = found
    }

    // MARK: names

    private static func types(_ name: String) throws -> [ChangeType] {
        let types = ChangeType.allCases.filter { $0 != .streamHeader && ($0.name == name || $0.name.hasSuffix("." + name)) }
        if types.isEmpty {
            let known = ChangeType.allCases.filter { $0 != .streamHeader }.map(\.rawValue).joined(separator: ", ")
            throw Problem(.badRequest, "No type of change is called '\(name)'; there are \(known).")
        }
        return types
    }

    private static func check(changeClass: String) throws {
        guard ChangeClass(rawValue: changeClass) == nil else { return }
        throw Problem(
            .badRequest,
            "No class of update is called '\(changeClass)'; there are \(ChangeClass.allCases.map(\.rawValue).joined(separator: ", ")).")
    }

    private static func row(_ name: String, of sources: [SourceRow]) throws -> SourceRow {
        guard let row = sources.first(where: { $0.name == name }) else {
            throw Problem(.badRequest, "No source is called '\(name)'. /sources shows them all.")
        }
        return row
    }
}

extension SourceRow {
    /// `text` without the path of a folder, and without the keys in an address: these are known to its subscriber alone.
    func hidingPlaces(in text: String) -> String {
        hiding(locator, as: kind == .feed ? OutsideAddress.source(locator).text : name, in: text)
    }
}
