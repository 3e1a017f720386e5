import CMarkup
import TidingsCore

/// The headline of a page's article.
///
/// A page has its headline in several places, and other words in each of them: the site's name, a shorter form for
/// search engines, the name of the section. What readers see is the first heading. It is believed if one of the others
/// confirms it; else the first of `og:title`, JSON-LD and `<title>` that is there. Where the page comes from a feed, the feed's
/// title says which of them is the headline, and what it was at first it stays (`KnownHeadline`).
struct PageTitle {
    /// Nil if the page has no title.
    private(set) var text: String?
    /// The heading that has it.
    private(set) var heading: Int?
    /// Where the page has it.
    private(set) var kind: HeadlineKind?

    /// A heading, or what the head of the page says.
    private struct Candidate {
        let text: String
        let key: TitleKey
        let kind: HeadlineKind
        var node: Int?

        init?(_ text: String?, _ kind: HeadlineKind, site: PageSite, node: Int? = nil) {
            guard let text, !text.isEmpty else { return nil }
            self.kind = kind
            self.text = PageTitle.withoutSite(text, site: site)
            key = TitleKey(self.text)
            self.node = node
        }
    }

    /// - Parameter named: what the metadata call the page, best first.
    /// - Parameter headings: the elements that may be its heading.
    /// - Parameter known: what is known of the headline from elsewhere.
    init(
        named: [(kind: HeadlineKind, text: String?)], headings: [Int], in nodes: HTMLNodes, site: PageSite,
        known: KnownHeadline = KnownHeadline()
    ) {
        var names = named.compactMap { Candidate($0.text, $0.kind, site: site) }
        var headings = headings.prefix(Self.headingLimit)
            .compactMap { Candidate(Self.line(of: $0, in: nodes), .heading, site: site, node: $0) }
            .filter { !$0.key.isEmpty }
        // Some sites call each page as themselves, in its head or in its first heading.
        let (ownNames, ownHeadings) = (names.filter { !site.isNamed($0.key) }, headings.filter { !site.isNamed($0.key) })
        if !ownNames.isEmpty || !ownHeadings.isEmpty { (names, headings) = (ownNames, ownHeadings) }
        let confirmed = Self.confirmed(headings, by: names)
        guard let usual = confirmed ?? names.first ?? headings.first else { return }
        let all = Self.ranked(headings, names, confirmed: confirmed)
        let chosen = known.place(in: all.map { ($0.kind, $0.key) }).map { all[$0] }
        let best = chosen ?? usual
        text = best.text
        heading = best.node ?? confirmed?.node ?? Self.lesserHeading(best.key, nodes) ?? headings.first?.node
        kind = chosen?.kind ?? all.first { $0.text == usual.text }?.kind
    }

    /// All candidates, in the order of their kinds; the heading that the names confirm comes before the other headings.
    private static func ranked(_ headings: [Candidate], _ names: [Candidate], confirmed: Candidate?) -> [Candidate] {
        let first = headings.filter { $0.node == confirmed?.node }
        let headings = first + headings.filter { $0.node != confirmed?.node }
        return headings + HeadlineKind.allCases.flatMap { kind in names.filter { $0.kind == kind && !$0.key.isEmpty } }
    }

    /// The text of a heading without the mark that some pages link it by.
    private static func line(of node: Int, in nodes: HTMLNodes) -> String {
        let line = HTMLText.line(of: node, in: nodes)
        return line.hasSuffix("¶") ? foldedSpace(Array(line.dropLast().utf8)[...]) : line
    }

    /// The first heading of lower rank that has the title.
    private static func lesserHeading(_ key: TitleKey, _ nodes: HTMLNodes) -> Int? {
        var left = headingLimit
        for node in nodes.all where left > 0 && isLesserHeading(nodes.tag(node)) {
            left -= 1
            if TitleKey(nodes.plainText(of: node)) == key { return node }
        }
        return nil
    }

    private static func isLesserHeading(_ tag: HTMLNodes.Tag) -> Bool {
        tag == TIDINGS_HTML_H2 || tag == TIDINGS_HTML_H3 || tag == TIDINGS_HTML_H4
    }

    private static let headingLimit = 32
    /// Shorter keys are a part of another by chance.
    private static let partLimitBytes = 5

    private static func confirmed(_ headings: [Candidate], by names: [Candidate]) -> Candidate? {
        for name in names {
            if let heading = headings.first(where: { $0.key == name.key }) { return heading }
        }
        for heading in headings where heading.key.letters.count >= partLimitBytes {
            for name in names where name.key.letters.count >= partLimitBytes {
                if name.key.starts(with: heading.key) || heading.key.starts(with: name.key)
                    || name.key.ends(with: heading.key) && heading.key.words.count >= 3
                {
                    return heading
                }
                // A kicker, or a date, stands before the headline in its heading.
                if heading.key.ends(with: name.key) {
                    var name = name
                    name.node = heading.node
                    return name
                }
            }
        }
        var best: (share: Double, heading: Candidate)?
        for heading in headings {
            // A whole paragraph shares words with anything.
            for name in names where heading.key.letters.count <= 3 * name.key.letters.count {
                let (share, count) = heading.key.sharedWords(name.key)
                if count >= 2, share >= 0.34, share > best?.share ?? 0 { best = (share, heading) }
            }
        }
        return best?.heading
    }

    // MARK: The site's name

    /// "Harbour reopens | Harbour Post" or "Harbour Post: Harbour reopens" without the site's name.
    static func withoutSite(_ title: String, site: PageSite) -> String {
        var bytes = Array(title.utf8)[...]
        // "Headline - Section - Site": the section stays, because it may as well be a part of the headline.
        for _ in 0..<2 {
            let marks = separators(in: bytes)
            if let last = marks.last(where: { !$0.isColon }), site.isNamed(inPart: key(bytes[last.range.upperBound...])) {
                bytes = bytes[..<last.range.lowerBound]
            } else if let first = marks.first {
                let part = key(bytes[..<first.range.lowerBound])
                // Before a colon stands what the headline is about, and this may be the site.
                guard first.isColon ? site.isNamed(part) : site.isNamed(inPart: part) else { break }
                bytes = bytes[first.range.upperBound...]
            } else {
                break
            }
        }
        let rest = foldedSpace(bytes)
        return TitleKey(rest).isEmpty ? title : rest
    }

    private static func key(_ bytes: ArraySlice<UInt8>) -> TitleKey { TitleKey(String(decoding: bytes, as: UTF8.self)) }

    private struct Separator {
        let range: Range<Int>
        let isColon: Bool
    }

    /// The marks between the parts of a title, in order.
    private static func separators(in bytes: ArraySlice<UInt8>) -> [Separator] {
        let all = Array(bytes)
        var found: [Separator] = []
        var position = 0
        while position < all.count {
            var cursor = ByteCursor(all, position..<all.count)
            if isSeparator(&cursor) {
                found.append(Separator(range: bytes.startIndex + position..<bytes.startIndex + cursor.position, isColon: false))
                position = cursor.position
            } else if cursor.skip(": ") {
                found.append(Separator(range: bytes.startIndex + position..<bytes.startIndex + cursor.position, isColon: true))
                position = cursor.position
            } else {
                position += 1
            }
        }
        return found
    }

    private static func isSeparator(_ cursor: inout ByteCursor) -> Bool {
        cursor.skip("|") || cursor.skip("｜") || cursor.skip("ㅣ") || cursor.skip("_") || cursor.skip(" - ") || cursor.skip(" – ")
            || cursor.skip(" — ") || cursor.skip(" :: ") || cursor.skip(" » ") || cursor.skip(" « ") || cursor.skip(" · ")
            || cursor.skip(" • ") || cursor.skip(" / ") || cursor.skip(" ~ ") || cursor.skip(" › ") || cursor.skip(" > ")
            || cursor.skip(" < ") || cursor.skip(" : ")
    }
}
