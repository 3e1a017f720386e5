import CMarkup
import TidingsCore

/// What a page says of its article in JSON-LD (schema.org).
///
/// A page may describe several things: its article, the page itself, the site, other articles, a video. The article is the
/// one whose headline is the page's title, else the first; what it does not say, the description of the page says.
struct LinkedData {
    private(set) var headline: String?
    private(set) var datePublished: ItemDate?
    private(set) var dateModified: ItemDate?
    /// As written: a name may have several in it.
    private(set) var authors: [String] = []
    /// Those of the authors that are called persons, and not by the name of the organisation that publishes the page.
    private(set) var persons: [String] = []
    private(set) var language: String?
    /// `articleBody`, as written: text or HTML, and often only its beginning.
    private(set) var body: String?
    /// The names of the publisher and of the site.
    private(set) var siteNames: [String] = []
    let access: PageAccess

    /// The objects that have an `@id`, because others name them by it.
    private var byID: [String: JSONTree] = [:]

    /// - Parameter title: what the head of the page calls it.
    /// - Parameter language: what the page declares, for dates in numbers.
    init(_ nodes: HTMLNodes, title: String?, language: String?) {
        let objects = Self.objects(nodes)
        for object in objects {
            // A reference has an `@id` and nothing else.
            guard let id = object["@id"]?.text, case .object(let members) = object, members.count > 1 else { continue }
            if byID[id] == nil { byID[id] = object }
        }
        let ranked = objects.map { (object: $0, rank: Rank($0)) }
        let articles = ranked.filter { $0.rank == .article }.map(\.object)
        let pages = ranked.filter { $0.rank == .page }.map(\.object)
        let works = ranked.filter { $0.rank == .work }.map(\.object)
        // The date of a video in the article is not the article's.
        let chosen = Self.titled(title, among: articles) ?? articles.first
        let sources = chosen.map { [$0] + pages } ?? pages + works
        headline = (chosen ?? works.first).flatMap { Self.text($0["headline"] ?? $0["name"]) }
        body = chosen?["articleBody"]?.text
        access = PageAccess(article: chosen, pages: pages)
        self.language = language ?? sources.lazy.compactMap { Self.text($0["inLanguage"]) }.first
        let dateLanguage = self.language
        func date(_ names: String...) -> ItemDate? {
            for name in names {
                for source in sources {
                    if let text = Self.text(source[name]), let date = pageDate(text, language: dateLanguage) { return date }
                }
            }
            return nil
        }
        datePublished = date("datePublished", "dateCreated", "uploadDate")
        dateModified = date("dateModified")
        for source in sources where authors.isEmpty { authors = names(of: source["author", "creator"]) }
        for source in sources.prefix(Self.siteLimit) {
            // A person who publishes has a site of their own, and is the author all the same.
            guard let publisher = source["publisher"]?.list.first.map(resolved), !Self.isPerson(publisher) else { continue }
            siteNames += names(of: publisher)
        }
        for source in sources where persons.isEmpty {
            for author in source["author", "creator"]?.list.prefix(Self.authorLimit).map(resolved) ?? [] {
                guard Self.types(author) == ["Person"], let name = Self.text(author["name"]) else { continue }
                let words = name.split(separator: " ").count
                if (2...3).contains(words), !siteNames.contains(name) { persons.append(name) }
            }
        }
        siteNames += ranked.filter { $0.rank == .site }.prefix(Self.siteLimit).compactMap { Self.text($0.object["name"]) }
    }

    // MARK: Objects

    private static let limitBytes = 1 << 20
    private static let depthLimit = 4
    private static let objectLimit = 1000
    private static let siteLimit = 8
    private static let authorLimit = 64

    /// What an object describes, by its types.
    private enum Rank {
        case article, work, page, site, other

        init(_ object: JSONTree) {
            let types = object["@type"]?.list.compactMap(\.text) ?? []
            if types.contains(where: { $0.hasSuffix("Article") || $0.hasSuffix("Posting") || Rank.articles.contains($0) }) {
                // Someone who looks for staff posts too.
                self = types.contains("JobPosting") ? .work : .article
            } else if types.contains(where: { $0.hasSuffix("Page") }) {
                self = .page
            } else if types.contains("WebSite") {
                self = .site
            } else {
                self = types.contains(where: Rank.works.contains) ? .work : .other
            }
        }

        private static let articles: Set<String> = ["Report", "Recipe", "Review", "HowTo", "Question"]
        private static let works: Set<String> = [
            "AudioObject", "Book", "Course", "CreativeWork", "Dataset", "Episode", "Event", "MediaObject", "Movie", "PodcastEpisode",
            "Product", "SoftwareApplication", "VideoObject",
        ]
    }

    /// The objects of all scripts, outer ones before those that they hold.
    private static func objects(_ nodes: HTMLNodes) -> [JSONTree] {
        var objects: [JSONTree] = []
        var left = limitBytes
        for node in nodes.all where nodes.tag(node) == TIDINGS_HTML_SCRIPT {
            guard nodes.attribute("type", of: node)?.lowercased().hasPrefix("application/ld+json") == true else { continue }
            let json = nodes.rawText(of: node)
            left -= json.count
            guard left >= 0 else { break }
            for value in values(of: json) { collect(value, depth: 0, into: &objects) }
        }
        return objects
    }

    /// The values of a script. Of one that breaks off, the values before that; comments and semicolons around them count for
    /// nothing.
    private static func values(of json: [UInt8]) -> [JSONTree] {
        if let value = JSONTree(json) { return [value] }
        guard let start = json.firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) else { return [] }
        var reader = JSONReader(json, range: start..<json.count)
        var values: [JSONTree] = []
        while let value = try? reader.value() {
            values.append(value)
            _ = reader.skip(",") || reader.skip(";")
        }
        return values
    }

    private static func collect(_ value: JSONTree, depth: Int, into objects: inout [JSONTree]) {
        guard depth < depthLimit else { return }
        for element in value.list where objects.count < objectLimit && element.isObject {
            objects.append(element)
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let inner = element[key] { collect(inner, depth: depth + 1, into: &objects) }
            }
        }
    }

    private static func titled(_ title: String?, among articles: [JSONTree]) -> JSONTree? {
        guard articles.count > 1, let title else { return nil }
        let key = TitleKey(title)
        return articles.first { article in
            guard let name = text(article["headline", "name"]) else { return false }
            let other = TitleKey(name)
            return !other.isEmpty && (key.starts(with: other) || other.starts(with: key))
        }
    }

    // MARK: Values

    /// The names of people and organisations: strings, objects with a name, or references to such.
    private func names(of value: JSONTree?) -> [String] {
        guard let value else { return [] }
        return value.list.prefix(Self.authorLimit).flatMap { element -> [String] in
            if let text = Self.text(element) { return [text] }
            return resolved(element)["name"]?.list.prefix(Self.authorLimit).compactMap(Self.text) ?? []
        }
    }

    /// The object that has the name, if `value` is a reference to it.
    private func resolved(_ value: JSONTree) -> JSONTree {
        value["name"] == nil ? value["@id"]?.text.flatMap { byID[$0] } ?? value : value
    }

    private static func isPerson(_ value: JSONTree) -> Bool { types(value).contains("Person") }

    private static func types(_ value: JSONTree) -> [String] { value["@type"]?.list.compactMap(\.text) ?? [] }

    /// A string, or what `{"@value": …}` or a list has first, as one line. Publishers write references and tags into their
    /// JSON as if it were HTML.
    private static func text(_ value: JSONTree?) -> String? {
        guard let value = value?.list.first else { return nil }
        guard let text = value.text ?? value["@value"]?.text else { return nil }
        return FeedText(bytes: Array(text.utf8), kind: .html).singleLine
    }
}
