import CMarkup
import TidingsCore

/// Counters that a page shows beside an article: comments, views, votes, minutes of reading, hours since. They change
/// while the article does not, so they are not its text.
///
/// Only a name that says so makes a counter. `score`, `price`, `total` do not: they name what articles are about.
enum PageCounter {
    static func isCounter(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        guard let kind = kind(node, nodes), !isData(node, nodes), !isWithinSentence(node, nodes) else { return false }
        guard let text = shortText(of: node, nodes) else { return false }
        switch kind {
        // A whole date is the article's, however it is dressed up.
        case .age: return !hasYear(text)
        case .minutes: return hasDigit(text) && !hasYear(text)
        case .count: return hasDigit(text) && !(hasYear(text) && numbers(text).count > 1)
        case .points: return isPoints(text)
        }
    }

    /// Whether a value may name a counter: a quick look, so that `SimpleHTML` leaves the element to the parser.
    static func mayName(_ html: [UInt8], _ value: Range<Int>) -> Bool {
        value.contains { position in
            switch html[position].asciiLowercased {
            case UInt8(ascii: "c"): html.startsIgnoringCase(with: "count", at: position) || html.startsIgnoringCase(with: "claps", at: position)
            case UInt8(ascii: "a"): html.startsIgnoringCase(with: "ago", at: position)
            case UInt8(ascii: "k"): html.startsIgnoringCase(with: "karma", at: position)
            case UInt8(ascii: "l"): html.startsIgnoringCase(with: "likes", at: position)
            case UInt8(ascii: "n"): html.startsIgnoringCase(with: "num", at: position)
            case UInt8(ascii: "p"): html.startsIgnoringCase(with: "points", at: position)
            case UInt8(ascii: "r"): html.startsIgnoringCase(with: "read", at: position) || html.startsIgnoringCase(with: "relative", at: position)
                || html.startsIgnoringCase(with: "retweets", at: position)
            case UInt8(ascii: "t"): html.startsIgnoringCase(with: "time", at: position)
            case UInt8(ascii: "v"): html.startsIgnoringCase(with: "views", at: position) || html.startsIgnoringCase(with: "votes", at: position)
            default: false
            }
        }
    }

    /// Whether the attribute names its element.
    static func isNaming(_ html: [UInt8], _ name: Range<Int>) -> Bool {
        func isName(_ wanted: StaticString) -> Bool {
            name.count == wanted.utf8CodeUnitCount && html.startsIgnoringCase(with: wanted, at: name.lowerBound)
        }
        return isName("class") || isName("id") || isName("itemprop") || dataNames.contains(where: isName)
    }

    private static let dataNames: [StaticString] = [
        "data-testid", "data-test-id", "data-test", "data-qa", "data-role", "data-name", "data-component", "data-type",
    ]

    // MARK: Names

    private enum Kind { case count, minutes, age, points }

    private static func kind(_ node: Int, _ nodes: HTMLNodes) -> Kind? {
        if nodes.tag(node) == TIDINGS_HTML_RELATIVE_TIME || nodes.tag(node) == TIDINGS_HTML_TIME_AGO { return .age }
        var found: Kind?
        _ = nodes.hasAttribute(of: node) { name, value in
            guard isNaming(nodes.bytes, name), mayName(nodes.bytes, value) else { return false }
            found = NameWords.names(nodes.bytes[value]).lazy.compactMap { kind(of: NameWords.words($0)) }.first
            return found != nil
        }
        return found
    }

    private static func kind(of words: [String]) -> Kind? {
        if words.count == 1 {
            if wholeNames.contains(words[0]) { return .count }
            if words[0] == "timeago" { return .age }
            if words[0] == "points" { return .points }
        }
        for (first, second) in zip(words, words.dropFirst()) {
            if things.contains(first) && tallies.contains(second) || tallies.contains(first) && things.contains(second) {
                return .count
            }
            switch (first, second) {
            case ("reading", "time"), ("read", "time"), ("time", "required"), ("min", "read"), ("minutes", "read"), ("to", "read"):
                return .minutes
            case ("post", "views"), ("page", "views"), ("article", "views"), ("entry", "views"): return .count
            case ("time", "ago"), ("relative", "time"), ("time", "since"), ("time", "relative"): return .age
            default: break
            }
        }
        if words.contains("timeago") { return .age }
        if words.contains("readtime") || words.contains("readingtime") { return .minutes }
        return words.contains(where: gluedNames.contains) ? .count : nil
    }

    private static let tallies: Set<String> = ["count", "counts", "counter", "counters", "num", "number"]
    private static let things: Set<String> = [
        "bookmark", "bookmarks", "clap", "claps", "comment", "comments", "downvote", "downvotes", "favorite", "favorites", "hit",
        "hits", "interaction", "interactions", "like", "likes", "pageview", "pageviews", "reaction", "reactions", "read", "reads",
        "replies", "reply", "repost", "reposts", "response", "responses", "retweet", "retweets", "share", "shares", "upvote",
        "upvotes", "view", "views", "vote", "votes",
    ]
    private static let wholeNames: Set<String> = [
        "claps", "downvotes", "karma", "likes", "pageviews", "postviews", "retweets", "upvotes", "views",
    ]
    private static let gluedNames: Set<String> = [
        "commentcount", "commentscount", "likecount", "likescount", "numcomments", "pageviews", "postviews", "readcount",
        "replycount", "sharecount", "sharescount", "viewcount", "viewscount", "votecount",
    ]

    // MARK: Places

    /// Whether the element is part of a table, whose numbers are data.
    private static func isData(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        var element = node
        while true {
            switch nodes.tag(element) {
            case TIDINGS_HTML_TD, TIDINGS_HTML_TH, TIDINGS_HTML_TR, TIDINGS_HTML_TABLE: return true
            default: break
            }
            let parent = nodes.parent(element)
            guard parent != element else { return false }
            element = parent
        }
    }

    /// Whether a sentence goes on through the element: "passed with 312 votes in favour".
    private static func isWithinSentence(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        let next = nodes.subtree(node).upperBound
        let parent = nodes.parent(node)
        guard node - 1 > parent, nodes.tag(node - 1) == TIDINGS_HTML_TEXT, nodes.parent(node - 1) == parent,
            next < nodes.subtree(parent).upperBound, nodes.tag(next) == TIDINGS_HTML_TEXT
        else { return false }
        let before = String(decoding: nodes.bytes[nodes.textRange(node - 1)], as: UTF8.self).unicodeScalars
        let after = String(decoding: nodes.bytes[nodes.textRange(next)], as: UTF8.self).unicodeScalars
        guard let last = before.last(where: { !$0.properties.isWhitespace }),
            let first = after.first(where: { !$0.properties.isWhitespace })
        else { return false }
        return last.properties.isAlphabetic && (first.properties.isLowercase || ".,;".unicodeScalars.contains(first))
    }

    // MARK: Texts

    /// A counter is a number with a word or two.
    private static let textLimitBytes = 40

    private static func shortText(of node: Int, _ nodes: HTMLNodes) -> String? {
        var count = 0
        for index in nodes.subtree(node) where nodes.tag(index) == TIDINGS_HTML_TEXT {
            count += nodes.bytes[nodes.textRange(index)].count { $0 > 0x20 }
            if count > textLimitBytes { return nil }
        }
        let text = nodes.plainText(of: node)
        return text.isEmpty || text.utf8.count > textLimitBytes ? nil : text
    }

    private static func hasDigit(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.generalCategory == .decimalNumber }
    }

    private static func hasYear(_ text: String) -> Bool {
        numbers(text).contains { $0.count == 4 && ($0.hasPrefix("19") || $0.hasPrefix("20")) }
    }

    private static func numbers(_ text: String) -> [String] {
        text.utf8.split { !$0.isASCIIDigit }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// "12 points". A number alone may be a team's.
    private static func isPoints(_ text: String) -> Bool {
        let words = text.split(separator: " ")
        return words.count == 2 && words[0].utf8.allSatisfy(\.isASCIIDigit) && ["point", "points"].contains(words[1].lowercased())
    }
}
