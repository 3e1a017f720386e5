import TidingsCore
import Yams

/// What the YAML between the `---` lines at the start of a Markdown file says about its article.
struct FrontMatter {
    private(set) var item: Item
    private(set) var problem: Problem?

    /// Longer YAML is no description of an article.
    static let limitBytes = 64 << 10

    /// The parser hashes the keys of each mapping. If a key is a list of aliases of lists of aliases, that takes
    /// practically for ever; this few aliases cannot multiply far.
    private static let aliasLimit = 8

    /// The range of the YAML, and where the body starts; nil if the text does not start with front matter.
    static func split(_ utf8: [UInt8]) -> (yaml: Range<Int>, body: Int)? {
        guard let opening = fence(utf8, at: 0, allowsDots: false) else { return nil }
        var start = opening
        while start < utf8.count, start - opening <= limitBytes {
            if let end = fence(utf8, at: start, allowsDots: true) { return (opening..<start, end) }
            start = (utf8[start...].firstIndex(of: 0x0A) ?? utf8.count) + 1
        }
        return nil
    }

    /// Nil if the YAML has no keys: the fences are then two rulers around prose, which must not be lost.
    /// - Parameter hash: the raw hash of the whole file, which the item keeps.
    init?(_ yaml: ArraySlice<UInt8>, rawHash hash: ContentHash) {
        item = Item(rawHash: hash)
        guard Self.aliasCount(yaml) <= Self.aliasLimit else {
            problem = Problem("front matter with more than \(Self.aliasLimit) aliases is not read")
            return
        }
        do {
            guard let root = try Yams.compose(yaml: String(decoding: yaml, as: UTF8.self)) else { return }
            guard let mapping = root.mapping else { return nil }
            read(mapping)
        } catch let error as YamlError {
            problem = Self.problem(error)
        } catch {
            problem = Problem("front matter is not YAML")
        }
    }

    private mutating func read(_ mapping: Node.Mapping) {
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            if let key = key.scalar?.string { fields[key.lowercased()] = value }
        }
        func text(_ keys: String...) -> String? {
            for key in keys {
                if let value = fields[key].flatMap(Self.text) { return value }
            }
            return nil
        }
        func date(_ keys: String...) -> ItemDate? {
            keys.lazy.compactMap { fields[$0].flatMap(Self.text).flatMap(machineDate) }.first
        }
        item.id = text("id", "guid")
        item.title = text("title")
        item.url = text("url", "canonical_url", "link", "permalink").flatMap { isAbsoluteURL($0) ? $0 : nil }
        item.datePublished = date("date", "published", "date_published", "publishdate")
        item.dateModified = date("updated", "modified", "date_modified", "lastmod")
        item.language = text("lang", "language")
        item.summary = text("summary", "description")
        item.authors = Self.list(fields["authors"] ?? fields["author"]).compactMap(Self.author)
        item.tags = Self.list(fields["tags"] ?? fields["categories"]).compactMap(Self.text)
    }

    /// How often `*name` occurs in the YAML with a name that also occurs as `&name`, even inside a text.
    private static func aliasCount(_ yaml: ArraySlice<UInt8>) -> Int {
        func names(after mark: UInt8) -> [ArraySlice<UInt8>] {
            yaml.split(separator: mark, omittingEmptySubsequences: false).dropFirst().map { part in
                part.prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
            }
        }
        let anchors = Set(names(after: UInt8(ascii: "&")))
        return names(after: UInt8(ascii: "*")).count { !$0.isEmpty && anchors.contains($0) }
    }

    /// The elements of a list; a single value is a list of one. `a, b` is one value, because names contain commas too.
    private static func list(_ node: Node?) -> [Node] {
        guard let node else { return [] }
        return node.sequence.map(Array.init) ?? [node]
    }

    private static func author(_ node: Node) -> Author? {
        if let name = text(node) { return Author(name: name) }
        guard let mapping = node.mapping else { return nil }
        let author = Author(
            name: mapping["name"].flatMap(text), url: mapping["url"].flatMap(text),
            email: mapping["email"].flatMap(text))
        return author == Author() ? nil : author
    }

    private static func text(_ node: Node) -> String? {
        guard let scalar = node.scalar?.string else { return nil }
        let folded = foldedSpace(Array(scalar.utf8)[...])
        return folded.isEmpty || folded == "null" || folded == "~" ? nil : folded
    }

    private static func problem(_ error: YamlError) -> Problem {
        switch error {
        case .scanner(_, let message, let mark, _), .parser(_, let message, let mark, _),
            .composer(_, let message, let mark, _):
            // The parser counts lines from the one after the opening fence.
            Problem("front matter is not YAML: \(message)", line: mark.line + 1)
        default: Problem("front matter is not YAML")
        }
    }

    /// The end of the line at `start`, if the line is a fence.
    private static func fence(_ utf8: [UInt8], at start: Int, allowsDots: Bool) -> Int? {
        let end = utf8[start...].firstIndex(of: 0x0A) ?? utf8.count
        var line = utf8[start..<end]
        while let last = line.last, last <= 0x20 { line.removeLast() }
        guard line.elementsEqual("---".utf8) || (allowsDots && line.elementsEqual("...".utf8)) else { return nil }
        return min(end + 1, utf8.count)
    }
}

/// Whether `url` starts with `http://` or `https://` and a host.
func isAbsoluteURL(_ url: String) -> Bool {
    let bytes = Array(url.utf8)
    var cursor = ByteCursor(bytes, 0..<bytes.count)
    return (cursor.skip("https://") || cursor.skip("http://")) && (cursor.next ?? 0x20) > 0x20
        && !bytes.contains { $0 <= 0x20 }
}
