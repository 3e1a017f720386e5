import CMarkup
import TidingsCore

extension PageSigns {
    /// Whether the text is only what everyone may read of an article that goes on for subscribers.
    var breaksOff: Bool {
        guard let content, let last = content.kept.last, metadata.access.isFree != true else { return false }
        guard words <= (metadata.access.isFree == false ? Self.mostStated : Self.mostUnstated) else { return false }
        let access = metadata.access
        let end = Self.endOfText(content.page, last)
        let isCutOff = content.page.blocks[last].measures.ending == .ellipsis
        if access.isFree == false {
            if !access.lockedParts.isEmpty, lockedWords(content) >= Self.leastLocked { return false }
            if let whole = access.words, whole >= 2 * words + 50 { return true }
            return words <= 120 || isCutOff || isWalled(after: end) || says(content, after: end)
        }
        if let whole = access.words, whole >= 2 * words + 50, says(content, after: end) { return true }
        return says(content, after: end) && (isWalled(after: end) || isCutOff)
    }

    private static let mostStated = 400
    private static let mostUnstated = 250
    /// So many words of a part that is not free show that it is there all the same.
    private static let leastLocked = 60
    /// How far behind the text a wall stands.
    private static let nearNodes = 150
    private static let nearBytes = 1500

    private static func endOfText(_ page: PageBlocks, _ last: Int) -> Int { page.blocks[last].last + 1 }

    /// Whether the last paragraph, or what follows the text, asks to subscribe.
    private func says(_ content: PageText, after end: Int) -> Bool {
        if let last = content.kept.last, AccessPhrases.paywalls.isIn(PlainWords(content.page.text[content.page.blocks[last].text])) { return true }
        return AccessPhrases.paywalls.isIn(ShownText(nodes, from: end, limitBytes: Self.nearBytes).words)
    }

    /// Whether an element soon after the text is called a wall.
    private func isWalled(after end: Int) -> Bool {
        (end..<min(nodes.all.upperBound, end + Self.nearNodes)).contains { node in
            ["class", "id"].contains { (name: StaticString) in
                nodes.attributeBytes(name, of: node).map(WallName.isIn) ?? false
            }
        }
    }

    /// How many words of the text are in parts that are said not to be free.
    private func lockedWords(_ content: PageText) -> Int {
        let selectors = metadata.access.lockedParts.compactMap { SimpleSelector($0) }
        guard !selectors.isEmpty else { return 0 }
        let parts = nodes.all.filter { node in selectors.contains { $0.matches(node, nodes) } }.map(nodes.subtree)
        return content.kept.reduce(0) { sum, index in
            let block = content.page.blocks[index]
            return parts.contains { $0.contains(block.first) } ? sum + block.measures.words : sum
        }
    }
}

/// What pages call the element that keeps readers out.
private enum WallName {
    static func isIn(_ value: ArraySlice<UInt8>) -> Bool {
        guard filter.mayMatch(value) else { return false }
        return NameWords.names(value).contains { name in
            let words = NameWords.words(name)
            guard let first = words.first, !states.contains(first) else { return false }
            return words.contains(where: walls.contains) || words.contains(where: topics.contains) && words.contains(where: shapes.contains)
        }
    }

    private static let filter = NameFilter(walls.union(topics))
    private static let walls: Set<String> = ["paywall", "regwall", "registerwall", "registrationwall", "subscribewall", "subscriptionwall", "metering", "offerwall"]
    private static let topics: Set<String> = ["subscribe", "subscriber", "subscribers", "subscription", "premium", "register", "registration", "abo", "abonnement", "piano"]
    private static let shapes: Set<String> = [
        "wall", "barrier", "gate", "gateway", "lock", "locked", "offer", "offers", "teaser", "prompt", "fade", "overlay", "restricted", "required", "only", "cut",
    ]
    private static let states: Set<String> = ["has", "is", "no", "not", "with", "without", "non"]
}

/// The last part of a CSS selector, as far as it names classes and an id: `.locked` of `article > div.locked`.
struct SimpleSelector {
    private var classes: [ArraySlice<UInt8>] = []
    private var id: ArraySlice<UInt8>?

    /// - Returns: nil if it names neither.
    init?(_ selector: String) {
        guard let last = Array(selector.utf8).split(whereSeparator: { $0 <= 0x20 || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: ",") }).last else { return nil }
        var position = last.startIndex
        while position < last.endIndex {
            let end = last[(position + 1)...].firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "[") } ?? last.endIndex
            let name = last[(position + 1)..<end]
            if last[position] == UInt8(ascii: "."), !name.isEmpty { classes.append(name) }
            if last[position] == UInt8(ascii: "#"), !name.isEmpty { id = name }
            position = end
        }
        if classes.isEmpty, id == nil { return nil }
    }

    func matches(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        guard nodes.tag(node) != TIDINGS_HTML_TEXT else { return false }
        if let id, nodes.attributeBytes("id", of: node)?.elementsEqual(id) != true { return false }
        if classes.isEmpty { return true }
        guard let value = nodes.attributeBytes("class", of: node) else { return false }
        let names = NameWords.names(value)
        return classes.allSatisfy { wanted in names.contains { $0.elementsEqual(wanted) } }
    }
}
