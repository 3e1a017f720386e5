import CMarkup
import TidingsCore

/// Who wrote a page's article: JSON-LD and metadata first, then microdata, links and classes that say so, and last a line
/// near the heading that begins as a byline does. The site's own name is none.
struct PageAuthors {
    private(set) var names: [String] = []

    private let nodes: HTMLNodes
    private let site: PageSite

    init(_ evidence: inout PageEvidence) {
        nodes = evidence.nodes
        site = evidence.site
        let linkedNames = evidence.linked.authors.flatMap { AuthorNames.stated($0) }
        if take(linkedNames, persons: evidence.linked.persons) { return }
        for name in Self.names where take(inMetadata(name, evidence.fields)) { return }
        if take(shown(evidence.heading, &evidence.parts)) { return }
        for line in evidence.lines where take(AuthorNames.byline(line.text)) { return }
        if let nickname = nickname(evidence.heading, &evidence.parts) { _ = take([nickname]) }
    }

    /// Libraries write "Sadykova, Aigerim".
    private func inMetadata(_ name: String, _ fields: PageFields) -> [String] {
        let isInverted = name.hasPrefix("citation_") || name.hasPrefix("dc")
        return fields.all([name]).flatMap { AuthorNames.stated($0, isInverted: isInverted) }
    }

    /// The names of `<meta>` that give authors.
    private static let names = [
        "author", "article:author", "article:author_name", "og:author", "og:article:author", "parsely-author", "sailthru.author",
        "dc.creator",
        "dc:creator", "dcterms.creator", "creator", "byl", "byline", "cxenseparse:author", "citation_author", "citation_authors",
        "authors",
        "article_author", "article-author", "article.author", "rbauthors", "shareaholic:article_author_name", "bc:authors",
    ]

    /// Takes the names that are not the site's; whether there are any.
    /// - Parameter persons: names that are people's, although the site may have one of them too.
    private mutating func take(_ found: [String], persons: [String] = []) -> Bool {
        var keys: [TitleKey] = []
        for name in found.prefix(Self.limit) {
            let key = TitleKey(name)
            guard !key.isEmpty, !site.isNamed(asAuthor: name) || persons.contains(name), !keys.contains(key) else { continue }
            keys.append(key)
            names.append(name)
        }
        return !names.isEmpty
    }

    private static let limit = 64

    // MARK: Elements

    /// How an element says that it names an author, the clearest first.
    private enum Mark: Int, CaseIterable {
        case property, relation, name, link
    }

    /// The names that the elements nearest to the heading show.
    private func shown(_ heading: Int?, _ parts: inout PageParts) -> [String] {
        var found: [Mark: [Found]] = [:]
        for node in nodes.all {
            guard nodes.tag(node) != TIDINGS_HTML_TEXT, let mark = mark(of: node), found[mark, default: []].count < Self.limit,
                let text = text(of: node, mark), !parts.isBeside(node)
            else { continue }
            let names = AuthorNames.shown(text, isSure: mark == .property || mark == .relation)
                .filter { !site.isNamed(asAuthor: $0) }
            guard !names.isEmpty else { continue }
            // Of nested elements the innermost one has nothing but the name.
            if let last = found[mark]?.last, nodes.subtree(last.node).contains(node) { found[mark]?.removeLast() }
            found[mark, default: []].append(Found(node: node, names: names))
        }
        for mark in Mark.allCases {
            guard let marked = found[mark],
                let start = marked.firstIndex(where: { $0.node > heading ?? 0 }) ?? marked.indices.first
            else { continue }
            // Authors of one article stand together.
            var names: [String] = []
            var last = marked[start].node
            for next in marked[start...] where next.node - last <= Self.gapNodes {
                names += next.names
                last = next.node
            }
            return names
        }
        return []
    }

    private struct Found {
        let node: Int
        let names: [String]
    }

    private static let gapNodes = 16

    /// The name of the member who began a thread.
    private func nickname(_ heading: Int?, _ parts: inout PageParts) -> String? {
        for node in (heading ?? 0)..<nodes.all.upperBound where nodes.tag(node) != TIDINGS_HTML_TEXT {
            guard let classes = nodes.attributeBytes("class", of: node), Self.memberFilter.mayMatch(classes),
                classNames(node).contains(where: { NameWords.words($0).contains(where: Self.members.contains) }),
                !parts.isBeside(node), let name = nodes.shortText(of: node).flatMap(AuthorNames.nickname)
            else { continue }
            return name
        }
        return nil
    }

    private static let memberFilter = NameFilter(members)
    private static let members: Set<String> = ["username", "poster", "nickname"]

    private func mark(of node: Int) -> Mark? {
        if let property = nodes.attributeBytes("itemprop", of: node), property.elementsEqual("author".utf8) { return .property }
        if let relations = nodes.attributeBytes("rel", of: node)?.split(separator: 0x20),
            relations.contains(where: { $0.elementsEqual("author".utf8) })
        {
            return .relation
        }
        if nodes.tag(node) == TIDINGS_HTML_A, let address = nodes.attributeBytes("href", of: node),
            Self.directoryFilter.mayMatch(address), Self.isAuthorAddress(String(decoding: address, as: UTF8.self))
        {
            return .link
        }
        guard let classes = nodes.attributeBytes("class", of: node), Self.nounFilter.mayMatch(classes) else { return nil }
        return classNames(node).contains { Self.isAuthorName(NameWords.words($0)) } ? .name : nil
    }

    private func classNames(_ node: Int) -> [ArraySlice<UInt8>] {
        guard let classes = nodes.attributeBytes("class", of: node) else { return [] }
        return NameWords.names(classes.prefix(Self.classLimitBytes))
    }

    private static let classLimitBytes = 400

    private static func isAuthorAddress(_ address: String) -> Bool {
        let parts = URI(address).path.split(separator: "/")
        guard let index = parts.firstIndex(where: { directories.contains($0.lowercased()) }) else { return false }
        return index + 1 < parts.count && index + 3 >= parts.count
    }

    private static let directoryFilter = NameFilter(directories)
    private static let directories: Set<String> = [
        "author", "authors", "autor", "autoren", "autores", "auteur", "auteurs", "autore", "autori", "by", "profile", "profiles",
        "profil",
        "contributor", "contributors", "writer", "writers", "reporter", "journalist", "journalists", "people", "person", "staff",
    ]

    private static func isAuthorName(_ words: [String]) -> Bool {
        words.contains(where: nouns.contains) && !words.contains(where: others.contains)
    }

    private static let nounFilter = NameFilter(nouns)
    private static let nouns: Set<String> = [
        "author", "authors", "authorname", "postauthor", "articleauthor", "autor", "autoren", "autores", "auteur", "auteurs",
        "autore", "autori", "byline",
        "bylines", "byauthor", "contributor", "contributors", "journalist", "reporter", "skribent", "writer", "writers",
    ]
    private static let others: Set<String> = [
        "avatar", "bio", "biography", "comment", "comments", "date", "desc", "description", "email", "image", "img", "job",
        "photo", "picture",
        "role", "reviewed", "reviewer", "editor", "social", "time", "twitter", "follow", "icon", "about", "position", "facebook",
        "linkedin",
    ]

    private func text(of node: Int, _ mark: Mark) -> String? {
        guard let text = nodes.shortText(of: node) else { return nil }
        if mark == .property {
            if let content = nodes.attribute("content", of: node) { return content }
            let name = nodes.subtree(node).first { nodes.attributeBytes("itemprop", of: $0)?.elementsEqual("name".utf8) == true }
            if let name { return nodes.attribute("content", of: name) ?? nodes.shortText(of: name) }
        }
        // Of a box about the author, the part that is called so.
        if mark == .name, let name = nodes.subtree(node).dropFirst().first(where: isName) { return nodes.shortText(of: name) }
        return text
    }

    private func isName(_ node: Int) -> Bool {
        guard nodes.tag(node) != TIDINGS_HTML_TEXT else { return false }
        return classNames(node).contains { $0.elementsEqual("name".utf8) || $0.elementsEqual("fn".utf8) }
    }
}
