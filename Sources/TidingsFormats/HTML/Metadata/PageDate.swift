import CMarkup
import TidingsCore

/// When a page's article was published and last changed.
///
/// Metadata are believed first, then JSON-LD, microdata, `<time>`, the address, and last a short line near the heading.
/// What stands beside the article (`PageParts`) is never its date.
struct PageDate {
    private(set) var published: ItemDate?
    private(set) var modified: ItemDate?

    private let nodes: HTMLNodes
    private let language: String?

    init(_ evidence: inout PageEvidence) {
        nodes = evidence.nodes
        language = evidence.language
        let (fields, linked, language) = (evidence.fields, evidence.linked, evidence.language)
        func first(_ values: some Sequence<String>) -> ItemDate? {
            values.lazy.compactMap { pageDate($0, language: language) }.first
        }
        published = first(fields.each(Self.publishedNames)) ?? linked.datePublished
        modified = first(fields.each(Self.modifiedNames)) ?? linked.dateModified
        if published == nil { published = first(fields.each(whereName: Self.isPublication)) }
        let far = published == nil || modified == nil ? readElements(evidence.heading, &evidence.parts) : nil
        let inAddress = evidence.addresses.lazy.compactMap(Self.day(inAddress:)).first
        published = published ?? inAddress.map { ItemDate($0) }
        let inLines = readLines(evidence.lines)
        published = published ?? far
        if let day = inAddress ?? inLines { useDayOfReaders(day) }
    }

    /// "w-published-date": whether the words of a name speak of the day of publication.
    private static func isPublication(_ words: [String]) -> Bool {
        words.contains { $0 == "date" || $0 == "time" } && words.contains { $0.hasPrefix("publi") || $0 == "pub" || $0 == "issued" }
    }

    /// Metadata give instants in UTC. Where the address or a line gives the day before or after, that is the day on which
    /// the article was published where it was written.
    private mutating func useDayOfReaders(_ day: CivilDate) {
        guard let instant = published, !instant.isDay else { return }
        let start = ItemDate(day).milliseconds
        if (start - dayMilliseconds..<start).contains(instant.milliseconds)
            || (start + dayMilliseconds..<start + 2 * dayMilliseconds).contains(instant.milliseconds)
        {
            published = ItemDate(day)
        }
    }

    /// The names of `<meta>` that give the day of publication, the most exact first.
    private static let publishedNames = [
        "article:published_time", "og:article:published_time", "og:published_time", "article:published",
        "article:first_published_time",
        "article-published_time", "og:pubdate", "og:publish_date", "datepublished", "parsely-pub-date", "sailthru.date",
        "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "pubdate", "pub_date", "publishdate", "publish_date",
        "publish-date", "published",
        "published_at", "published-date", "published-time", "publisheddate", "publication_date", "publication-date", "date-pub",
        "citation_publication_date", "citation_online_date", "citation_date", "dc.date.issued", "dcterms.issued",
        "dcterms.available",
        "dc.date.published", "dc.date", "dc:date", "dcterms.date", "dcterms.created", "dc.date.created", "dc.created",
        "datecreated",
        "article.published", "article.created", "article_date_original", "originalpublicationdate", "displaydate",
        "rnews:datepublished",
        "shareaholic:article_published_time", "timestamp", "bt:pubdate", "date", "created", "release_date",
    ]

    private static let modifiedNames = [
        "article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time", "article:modified",
        "datemodified",
        "dcterms.modified", "dc.date.modified", "dc.modified", "modified-time", "modified-date", "lastmodified", "last-modified",
        "updated_at", "lastmod", "revised",
    ]

    // MARK: Elements

    /// Microdata, and `<time>`: first one whose class or attribute says that it is the day of publication, then the nearest
    /// to the heading. One that is far from it, and names no property, counts if no other gives another day.
    private mutating func readElements(_ heading: Int?, _ parts: inout PageParts) -> ItemDate? {
        var best: (rank: Int, date: ItemDate)?
        var change: ItemDate?
        var far: Set<ItemDate> = []
        for node in nodes.all {
            guard let (rank, isChange) = rank(of: node, heading) else { continue }
            let isFar = rank >= Self.farRank
            // Comments have dates of their own.
            if isChange ? change != nil : isFar ? far.count > 1 : best.map({ $0.rank <= rank }) ?? false { continue }
            guard let date = date(of: node), !parts.isBeside(node) else { continue }
            if isChange { change = date } else if isFar { far.insert(date) } else { best = (rank, date) }
        }
        published = published ?? best?.date
        modified = modified ?? change
        return far.count == 1 ? far.first : nil
    }

    /// How well an element says when the article was published, 0 best, or that it says when it was changed.
    private func rank(of node: Int, _ heading: Int?) -> (rank: Int, isChange: Bool)? {
        guard nodes.tag(node) != TIDINGS_HTML_TEXT else { return nil }
        if let property = nodes.attributeBytes("itemprop", of: node) {
            switch String(decoding: property.map(\.asciiLowercased), as: UTF8.self) {
            case "datepublished": return (0, false)
            case "datecreated", "uploaddate": return (1, false)
            case "datemodified": return (0, true)
            default: break
            }
        }
        let isTime = nodes.tag(node) == TIDINGS_HTML_TIME
        guard isTime || nodes.attributeBytes("class", of: node).map(Self.nameFilter.mayMatch) == true else { return nil }
        let words = nodes.attributeBytes("class", of: node).map { NameWords.words($0.prefix(Self.classLimitBytes)) } ?? []
        if words.contains(where: Self.changeWords.contains) { return isTime ? (0, true) : nil }
        let isPublication = nodes.hasAttribute("pubdate", of: node) || words.contains(where: Self.publicationWords.contains)
        // "entry-date", "published": of other elements the name alone tells.
        guard isTime || words.contains(where: Self.dateWords.contains) else { return nil }
        let rank = (isTime ? 2 : 6) + (isPublication ? 0 : 2)
        guard let heading else { return (rank, false) }
        guard PageLines.isNear(node, heading: heading, nodes) else { return (Self.farRank, false) }
        // Before the heading, a page may say which day it is today.
        return (rank + (node > heading ? 0 : 1), false)
    }

    private static let farRank = 100
    private static let classLimitBytes = 400
    private static let publicationWords: Set<String> = [
        "published", "publish", "pubdate", "publication", "publicationdate", "posted", "entry", "post", "article", "story",
        "byline",
        "postdate", "publishdate", "publisheddate", "articledate", "entrydate",
    ]
    private static let dateWords: Set<String> = [
        "date", "time", "published", "pubdate", "publicationdate", "posted", "postdate", "publishdate", "publisheddate",
        "articledate",
        "entrydate", "timestamp", "datetime",
    ]
    private static let nameFilter = NameFilter(dateWords.union(changeWords))
    private static let changeWords: Set<String> = ["updated", "modified", "update", "lastupdated", "lastmodified", "dtmodified"]

    private func date(of node: Int) -> ItemDate? {
        for attribute in ["datetime", "content", "title"] as [StaticString] {
            if let date = nodes.attribute(attribute, of: node).flatMap({ pageDate($0, language: language) }) { return date }
        }
        guard let text = nodes.shortText(of: node), text.unicodeScalars.count <= Self.limitScalars else { return nil }
        return WrittenDay.first(in: text, language: language).map { ItemDate($0) }
    }

    private static let limitScalars = 110

    // MARK: The address

    /// The day of `/2026/02/20/` or `/2026-02-20`.
    static func day(inAddress address: String) -> CivilDate? {
        let parts = URI(address).path.utf8.split { !($0.isASCIILetter || $0.isASCIIDigit) }.map { String(decoding: $0, as: UTF8.self) }
        for index in parts.indices.dropLast(2) {
            guard parts[index].utf8.count == 4, parts[index + 1].utf8.count <= 2, parts[index + 2].utf8.count <= 2,
                let year = Int(parts[index]), (1990...2100).contains(year), let month = Int(parts[index + 1]),
                let day = Int(parts[index + 2]), let date = CivilDate(year: year, month: month, day: day)
            else { continue }
            return date
        }
        return nil
    }

    // MARK: Lines

    /// Returns the day of publication that the lines give.
    private mutating func readLines(_ lines: [PageLines.Line]) -> CivilDate? {
        var first: CivilDate?
        for line in lines {
            guard let day = WrittenDay.first(in: line.text, language: language) else { continue }
            if Self.speaksOfChange(line.text) {
                modified = modified ?? ItemDate(day)
            } else {
                first = first ?? day
            }
        }
        published = published ?? first.map { ItemDate($0) }
        return first
    }

    /// Whether a line begins by saying that the article was changed.
    private static func speaksOfChange(_ line: String) -> Bool {
        let line = line.lowercased()
        return changeStarts.contains { line.hasPrefix($0) }
    }

    private static let changeStarts = [
        "updated", "last updated", "last modified", "modified", "last edited", "edited", "last reviewed", "reviewed",
        "aktualisiert",
        "zuletzt", "mis à jour", "mise à jour", "actualizado", "actualizada", "última actualización", "atualizado", "atualizada",
        "aggiornato", "ultimo aggiornamento", "bijgewerkt", "laatst", "uppdaterad", "opdateret", "oppdatert", "päivitetty",
        "aktualizováno",
        "aktualizacja", "aktualizované", "frissítve", "actualizat", "обновлено", "оновлено", "ενημερώθηκε", "güncelleme",
        "diperbarui",
        "更新", "最終更新", "수정", "업데이트", "تحديث", "آخر تحديث",
    ]
}
