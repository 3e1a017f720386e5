import CMarkup
import TidingsCore

extension PageSigns {
    /// Whether the text is only what everyone may read of an article that goes on for subscribers.
    var breaksOff: Bool {
        let access = metadata.access
        guard let content, let last = content.kept.last, access.isFree != true else { return false }
        if access.isFree == false, offersLockedPart(content) { return true }
        guard words <= (access.isFree == false ? Self.mostStated : Self.mostUnstated) else { return false }
        let end = content.page.blocks[last].last + 1
        // Some count the characters of a language whose words are not set apart.
        let isShort = access.words.map { $0 >= 3 * words + 50 } ?? false
        let isCutOff = content.page.blocks[last].measures.ending == .ellipsis
        if access.isFree == false {
            if !access.lockedParts.isEmpty, lockedWords(content) >= Self.leastLocked { return false }
            return isShort || words <= Self.teaser || isCutOff || isWalled(content, end) || asksToSubscribe(content, end)
        }
        return asksToSubscribe(content, end) && (isShort || isCutOff || isWalled(content, end))
    }

    private static let mostStated = 400
    private static let mostUnstated = 250
    /// No article for subscribers is so short.
    private static let teaser = 60
    /// So many words of a part that is not free show that it is there all the same.
    private static let leastLocked = 60
    /// How far behind the text a wall stands.
    private static let nearNodes = 150
    private static let nearBytes = 1500

    /// Whether the last paragraph, or what follows the text, asks to subscribe.
    private func asksToSubscribe(_ content: PageText, _ end: Int) -> Bool {
        let last = content.kept.last.map { content.page.text[content.page.blocks[$0].text] } ?? []
        return AccessPhrases.paywalls.isIn(PlainWords(last))
            || AccessPhrases.paywalls.isIn(ShownText(nodes, from: end, limitBytes: Self.nearBytes).words)
    }

    /// Whether an element soon after the text is called a wall, or one around its last line.
    private func isWalled(_ content: PageText, _ end: Int) -> Bool {
        if (end..<min(nodes.all.upperBound, end + Self.nearNodes)).contains(where: isWall) { return true }
        guard content.kept.count > 1, let last = content.kept.last else { return false }
        var element = content.page.blocks[last].holder
        // Not around the whole text.
        while !nodes.subtree(element).contains(content.page.blocks[content.kept[0]].first), nodes.parent(element) != element {
            if isWall(element) { return true }
            element = nodes.parent(element)
        }
        return false
    }

    private func isWall(_ node: Int) -> Bool {
        (["class", "id"] as [StaticString]).contains { nodes.attributeBytes($0, of: node).map(WallName.isIn) ?? false }
    }

    /// The parts that are said not to be free.
    private var lockedParts: [Range<Int>] {
        let selectors = metadata.access.lockedParts.compactMap { SimpleSelector($0) }
        guard !selectors.isEmpty else { return [] }
        return nodes.all.filter { node in selectors.contains { $0.matches(node, nodes) } }.map(nodes.subtree)
    }

    /// Whether an offer to subscribe stands where the rest of the article would, however much of other articles stands around it.
    private func offersLockedPart(_ content: PageText) -> Bool {
        let parts = lockedParts
        let words = content.page.blocks.reduce(0) { sum, block in
            parts.contains { $0.contains(block.first) } ? sum + block.measures.words : sum
        }
        guard words < Self.leastLocked else { return false }
        return parts.contains { part in
            AccessPhrases.paywalls.isIn(ShownText(nodes, from: part.lowerBound, limitBytes: Self.nearBytes).words)
        }
    }

    /// How many words of the text are in parts that are said not to be free.
    private func lockedWords(_ content: PageText) -> Int {
        let parts = lockedParts
        guard !parts.isEmpty else { return 0 }
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
    private static let walls: Set<String> = [
        "paywall", "regwall", "registerwall", "registrationwall", "subscribewall", "subscriptionwall", "metering", "offerwall",
    ]
    private static let topics: Set<String> = [
        "subscribe", "subscriber", "subscribers", "subscription", "premium", "register", "registration", "abo", "abonnement", "piano",
    ]
    private static let shapes: Set<String> = [
        "wall", "barrier", "gate", "gateway", "lock", "locked", "offer", "offers", "teaser", "prompt", "fade", "overlay", "restricted",
        "required", "only", "cut",
    ]
    private static let states: Set<String> = ["has", "is", "no", "not", "with", "without", "non"]
}

/// The last part of a CSS selector, as far as it names classes and an id: `.locked` of `article > div.locked`.
struct SimpleSelector {
    private var classes: [ArraySlice<UInt8>] = []
    private var id: ArraySlice<UInt8>?

    /// - Returns: nil if it names neither.
    init?(_ selector: String) {
        let parts = Array(selector.utf8).split { $0 <= 0x20 || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: ",") }
        guard let last = parts.last else { return nil }
        var position = last.startIndex
        while position < last.endIndex {
            let end = last[(position + 1)...].firstIndex(where: Self.beginsPart) ?? last.endIndex
            let name = last[(position + 1)..<end]
            if last[position] == UInt8(ascii: "."), !name.isEmpty { classes.append(name) }
            if last[position] == UInt8(ascii: "#"), !name.isEmpty { id = name }
            position = end
        }
        if classes.isEmpty, id == nil { return nil }
    }

    private static func beginsPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "#"), UInt8(ascii: ":"), UInt8(ascii: "["): true
        default: false
        }
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
