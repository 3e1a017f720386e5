import TidingsCore

// Services that make feeds of pages answer with a feed even when they fail: status 200, and one item that says so. Stored, it would
// be an article, and the real articles would seem to have left the feed.

/// The message of a feed that has nothing but the error message of the service that makes it; nil for any other.
///
/// The rule is narrow: an article that is taken for a message is lost. The document must be whole and have one item, and the item's
/// title must be such a message from its first word to its last.
package func bridgeError(in document: ParsedDocument) -> String? {
    guard document.items.count == 1, !document.isPartial, let item = document.items.first, let title = item.title else { return nil }
    let words = words(of: title)
    let isMessage = errorForms.contains { $0.matches(words) } || leadsBackToBridge(item.url) && ownForms.contains { $0.matches(words) }
    return isMessage ? title : nil
}

/// Messages, whoever sends them. The syntax is `Form`'s.
private let errorForms: [Form] = [
    // RSS-Bridge: the code of the failure, which is 0 for many, and the number of the day.
    "bridge returned error # #?",
    "bridge returned error * #",
    // Nitter, where its operator lets in only readers that asked.
    "rss reader not yet whitelisted",
    // Services with accounts.
    "this|your rss|atom? feed is|was|has? been? now|currently|temporarily? "
        + "unavailable|inactive|disabled|deactivated|suspended|paused|expired|deleted|removed|discontinued|blocked",
    "this|your rss|atom? feed is|was no|not longer|currently|yet? available|active|found|supported|enabled",
    "this|your rss|atom? feed could|can not be found|loaded|generated|fetched|retrieved|read|updated",
    "this|your rss|atom? feed does|did not exist",
    "your free? trial|subscription|plan|account has|is? been? now? expired|ended|suspended|deactivated|cancelled|canceled",
    "free? trial|subscription has|is? expired",
    "fetchrss|feed43|politepol|openrss|rsshub|feedity feed? is|has|was? been? now? "
        + "error|failed|expired|disabled|deactivated|suspended|unavailable #?",
    // Anything that fetches.
    "error while|when? \(fetching) the|this|your? rss|atom? feed #?",
    "failed|unable to \(fetch) the|this|your? rss|atom? feed #?",
    "could|can|couldnt|cannot|cant not? \(fetch) the|this|your? rss|atom? feed #?",
].map(Form.init)

/// Messages of an item that links to where the feed itself is made. The first are those of older versions of RSS-Bridge.
private let ownForms: [Form] = [
    "error #", "error # *", "error # * *", "error # * * *", "bridge returned error", "bridge error #?",
].map(Form.init)

private let fetch = "fetch|load|generate|retrieve|parse|read|update|create|download"
private let fetching = "fetching|loading|generating|retrieving|parsing|reading|updating|creating|downloading"

/// Whether the item's address is that of the feed at RSS-Bridge, and no article's.
private func leadsBackToBridge(_ url: String?) -> Bool {
    guard let query = url?.split(separator: "?", maxSplits: 1).dropFirst().first else { return false }
    return query.split(separator: "&").contains { $0.lowercased() == "action=display" }
}

/// A message as a row of words. `a|b` is one of several words, `#` a number, `*` any word; with `?` behind it, a word may be absent.
/// A word that may be absent is taken if it fits, so the next must be another.
private struct Form: Sendable {
    private enum Word: Sendable { case number, any, one(of: Set<String>) }
    private let words: [(word: Word, isOptional: Bool)]

    init(_ text: String) {
        words = text.split(separator: " ").map { part in
            let isOptional = part.hasSuffix("?")
            let name = isOptional ? part.dropLast() : part
            switch name {
            case "#": return (.number, isOptional)
            case "*": return (.any, isOptional)
            default: return (.one(of: Set(name.split(separator: "|").map(String.init))), isOptional)
            }
        }
    }

    func matches(_ said: [String]) -> Bool {
        var rest = said[...]
        for (word, isOptional) in words {
            if let first = rest.first, Self.fits(first, word) {
                rest.removeFirst()
            } else if !isOptional {
                return false
            }
        }
        return rest.isEmpty
    }

    private static func fits(_ said: String, _ word: Word) -> Bool {
        switch word {
        case .number: said.utf8.allSatisfy(\.isASCIIDigit)
        case .any: true
        case .one(let names): names.contains(said)
        }
    }
}

/// The words of `title` in lowercase, without the marks between them: "Couldn't load (5)!" is `couldnt`, `load`, `5`.
private func words(of title: String) -> [String] {
    title.lowercased().replacing("’", with: "").replacing("'", with: "").split { !$0.isLetter && !$0.isNumber }.map(String.init)
}
