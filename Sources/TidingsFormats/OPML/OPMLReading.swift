import TidingsCore

/// Reads a subscription list: OPML 1.0, 1.1 or 2.0 (opml.org/spec2.opml) in any charset, even if it is malformed.
/// - Throws: if there is neither OPML's element nor a single outline.
package func readOPML(_ bytes: [UInt8]) throws(NotASubscriptionList) -> SubscriptionList {
    guard !bytes.isEmpty else { throw NotASubscriptionList(message: "this is empty") }
    let text = Charset.decode(bytes, contentType: nil)
    guard !isKnownBinary(bytes), !looksBinary(text.utf8) else { throw NotASubscriptionList(message: "this is no text") }
    let quotes = OutlineQuotes(text.utf8)
    var reading = OPMLReading(quotes.repaired)
    reading.run()
    guard let root = reading.root else { throw NotASubscriptionList(message: "this is no OPML: it has no element") }
    guard OPMLReading.roots.contains(root) || reading.hasOutlines else {
        throw NotASubscriptionList(message: "this is no OPML but a document of <\(String(root.unicodeScalars.prefix(40)))>")
    }
    reading.list.problems = text.problems + quotes.problems.all + reading.problems
    return reading.list
}

/// One pass over a document. An outline with an address is a feed; any other outline is a folder of those inside it.
private struct OPMLReading {
    /// `outlineDocument` was the name before 1.0 was frozen.
    static let roots = ["opml", "outlinedocument"]
    private static let tagLimit = 32
    private static let tagLimitBytes = 200

    var list = SubscriptionList()
    /// Name of the outermost element.
    private(set) var root: String?
    private(set) var hasOutlines = false
    private var reader: XMLReader
    private var folders: [(depth: Int, tag: String)] = []
    private var listed: Set<String> = []

    init(_ utf8: [UInt8]) { reader = XMLReader(utf8, hints: DocumentHints()) }

    var problems: [Problem] { reader.problems.all }

    mutating func run() {
        while true {
            let start = reader.position
            switch reader.next() {
            case .start:
                if root == nil { readRoot() }
                if reader.name.local == "outline" { readOutline(from: start) }
            case .end: while let folder = folders.last, folder.depth > reader.depth { folders.removeLast() }
            case .text, .literal: continue
            case .finish: return reportRest()
            }
        }
    }

    private mutating func readRoot() {
        root = reader.name.local
        if !Self.roots.contains(reader.name.local) { reader.report("the document is not in an element <opml>") }
    }

    private mutating func readOutline(from start: Int) {
        hasOutlines = true
        let name = reader.attribute("text")?.trimmedOrNil ?? reader.attribute("title")?.trimmedOrNil
        guard let url = address(from: start) else {
            if let tag = name.flatMap(Self.tag) { folders.append((reader.depth, tag)) }
            return
        }
        // The attribute is `xmlUrl`, because names in XML are case-sensitive. Another spelling is accepted if the feed
        // would otherwise be lost.
        if listed.contains(url), Array(reader.bytes[start..<reader.position]).position(of: "xmlUrl", from: 0) == nil {
            return reader.report("a feed that is listed already, with another spelling of 'xmlUrl'", at: start)
        }
        listed.insert(url)
        list.subscriptions.append(
            Subscription(
                url: url, title: name.flatMap { FeedText(bytes: Array($0.utf8), kind: .undeclared).singleLine },
                homePageURL: reader.attribute("htmlurl")?.trimmedOrNil, tags: tags()))
    }

    /// The address of the feed that the outline describes; nil if it describes none.
    private mutating func address(from start: Int) -> String? {
        let type = reader.attribute("type")?.lowercased()
        let isFeed = type == "rss" || type == "atom"
        if let url = reader.attribute("xmlurl")?.trimmedOrNil ?? (isFeed ? reader.attribute("url")?.trimmedOrNil : nil) {
            return Self.webAddress(url)
        }
        if isFeed { reader.report("an outline of type '\(type ?? "")' without 'xmlUrl'", at: start) }
        if type == "include" { reader.report("an outline that includes another list, which is not read", at: start) }
        return nil
    }

    /// Programs that subscribe write web addresses as `feed://host/path` and `feed:https://host/path`.
    private static func webAddress(_ url: String) -> String {
        guard url.utf8.prefix(5).elementsEqual("feed:".utf8, by: { $0.asciiLowercased == $1 }) else { return url }
        let rest = url.utf8.dropFirst(5)
        let address = String(Substring(rest.starts(with: "//".utf8) ? rest.dropFirst(2) : rest))
        let hasScheme = ["http:", "https:"].contains { address.lowercased().hasPrefix($0) }
        return hasScheme ? address : "http://" + address
    }

    private mutating func tags() -> [String] {
        var tags: [String] = []
        let categories = (reader.attribute("category") ?? "").utf8.split(separator: UInt8(ascii: ","))
        for tag in folders.map(\.tag) + categories.compactMap(Self.tag(ofCategory:)) where !tags.contains(tag) {
            guard tags.count < Self.tagLimit else {
                reader.report("more than \(Self.tagLimit) folders and categories of one feed")
                break
            }
            tags.append(tag)
        }
        return tags
    }

    /// Categories are "slash-delimited category strings", in which a leading slash means the root.
    private static func tag(ofCategory category: Substring.UTF8View) -> String? {
        tag(String(Substring(category.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "/") })))
    }

    /// The name of a folder as one short line; nil if nothing is left. Only white space changes, so that exported names
    /// come back unchanged.
    private static func tag(_ name: String) -> String? {
        let words = name.utf8.split { $0 <= 0x20 || $0 == 0x7F }.map { String(Substring($0)) }
        var tag = words.joined(separator: " ")
        while tag.utf8.count > tagLimitBytes { tag.unicodeScalars.removeLast() }
        return tag.trimmedOrNil
    }

    private mutating func reportRest() {
        guard !reader.isTruncated else { return }
        if reader.bytes.position(of: "<outline", from: reader.position) != nil {
            reader.report("outlines behind the end of the document, which are not read")
        }
    }
}
