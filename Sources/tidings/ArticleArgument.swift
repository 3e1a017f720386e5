import FoundationEssentials
import Glibc
import TidingsDaemon
import TidingsStore

/// How people name an article, for `--help`.
let articleHelp = """
    ARTICLE is the first of these that leads to anything: its id or the start of it, as `tidings list` shows it; the path of a file in \
    a watched folder; its key in a source, which is the path below the folder or the guid of a feed's item; its address, with http or \
    https, with or without a slash at the end; words of its title, or how they begin, in any order. Removed articles are found where no \
    live one is. If several are meant, they are listed, and the exit status is 65.
    """

extension LedgerReader {
    /// `reference` with the id of the one article that is meant.
    /// - Throws: `ArticleReferenceError`, `StoreError`.
    func resolve(_ reference: ArticleReference) throws -> ArticleReference {
        let places = watchedPlaces(
            of: reference.name, workingFolder: FileManager.default.currentDirectoryPath, in: try sources())
        let (id, version) = try find(reference, at: places)
        return ArticleReference(id, version: version)
    }
}

extension ArticleReferenceError {
    /// For people, with the articles to choose from.
    var message: String {
        guard case .severalArticles(_, let candidates, let more) = self else { return description }
        let lines = candidates.map { candidate in
            let article = candidate.article
            let title = (article.removedMilliseconds == nil ? "" : "removed  ") + printable(article.title ?? "(no title)")
            let time = localTime(milliseconds: article.lastChangeMilliseconds)
            return [candidate.shortID, time, sourceColumn(article), title].map { TableCell($0) }
        }
        let columns = [TableColumn(), TableColumn(short: 10), TableColumn(least: 8), TableColumn(least: 16)]
        // Each line has the program's name in front.
        let layout = TableLayout(columns, for: lines, width: terminalWidth(of: STDERR_FILENO).map { $0 - "tidings:   ".utf8.count })
        return ([description] + lines.map { "  " + layout.line($0) } + (more > 0 ? ["  and \(more) more; `tidings list WORDS` shows all with these words"] : []))
            .joined(separator: "\n")
    }
}

/// Where an article is seen, for a column: the source that has it longest, and how many others.
func sourceColumn(_ article: ArticleSummary) -> String {
    let more = article.sightings.count > 1 ? " +\(article.sightings.count - 1)" : ""
    return printable(article.sightings.first?.source ?? "") + more
}
