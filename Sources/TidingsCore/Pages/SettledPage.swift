// What surrounds an article moves: advertisements, counters, "3 minutes ago", lists of other articles. A part of it looks so much like
// the article that no rule on one page can tell. Two looks, one right after the other, can: an edit stands in both, and what moves does
// not. So a change of a page counts only if two looks show it.

extension Item {
    /// What two looks at a page, one right after the other, agree on.
    ///
    /// - A line that is new counts if both show it, and a line that is gone if neither does.
    /// - A line that neither shows, while each shows one that is much like it, has a part that moves: it stays as it was.
    /// - Parameters:
    ///   - previous: the first of the two looks.
    ///   - shown: what the page showed before; nil if it is looked at for the first time.
    package func settled(with previous: Item, shown: Item?) -> Item {
        let mine = CanonicalForm(title: title, text: text)
        let other = CanonicalForm(title: previous.title, text: previous.text)
        let known = shown.map { CanonicalForm(title: $0.title, text: $0.text) }
        var item = self
        item.title = mine.title == other.title ? mine.title : shown == nil ? mine.title : known?.title
        item.text = settledLines(mine, other, known).joined(separator: "\n")
        func agreed<Value: Equatable>(_ field: WritableKeyPath<Item, Value>) {
            if self[keyPath: field] != previous[keyPath: field], let shown { item[keyPath: field] = shown[keyPath: field] }
        }
        agreed(\.authors)
        agreed(\.tags)
        agreed(\.language)
        agreed(\.datePublished)
        agreed(\.dateModified)
        agreed(\.summary)
        return item
    }
}

extension CanonicalForm {
    /// Whether it is `other` without some of its lines.
    package func onlyLacksLines(of other: CanonicalForm) -> Bool {
        guard title == other.title else { return false }
        var lines = paragraphs(other)[...]
        return paragraphs(self).allSatisfy { line in
            guard let place = lines.firstIndex(of: line) else { return false }
            lines = lines[(place + 1)...]
            return true
        }
    }
}

private func settledLines(_ now: CanonicalForm, _ previous: CanonicalForm, _ shown: CanonicalForm?) -> [Substring] {
    let lines = paragraphs(now)
    let known = shown.map(paragraphs) ?? []
    var inPrevious = counts(paragraphs(previous))
    var inShown = counts(known)
    var inNow = counts(lines)

    // The known lines that only the first look shows, and those that neither does, each after the known line before it.
    var missing: [Int: [Substring]] = [:]
    var gone: [(after: Int, line: Substring)] = []
    var places: [Substring: [Int]] = [:]
    for (place, line) in lines.enumerated() { places[line, default: []].append(place) }
    for key in places.keys { places[key]?.reverse() }
    var last = -1
    for line in known {
        if let place = places[line]?.popLast() {
            last = max(last, place)
        } else if (inPrevious[line] ?? 0) > (inNow[line] ?? 0) {
            missing[last, default: []].append(line)
        } else {
            gone.append((last, line))
        }
    }

    var kept: [Bool] = []
    var moving: [Int] = []
    for (place, line) in lines.enumerated() {
        let isInBoth = take(line, from: &inPrevious)
        let isKnown = take(line, from: &inShown)
        kept.append(isInBoth || isKnown)
        if !isInBoth, !isKnown { moving.append(place) }
        _ = take(line, from: &inNow)
    }
    var instead: [Int: Substring] = [:]
    var likeness = LineLikeness()
    if shown == nil {
        let others = inPrevious.filter { $0.value > 0 }.map(\.key)
        for place in moving where likeness.isLike(lines[place], any: others) { kept[place] = true }
    } else {
        for (_, line) in gone {
            guard let index = moving.firstIndex(where: { likeness.isLike(line, any: [lines[$0]]) }) else { continue }
            instead[moving.remove(at: index)] = line
        }
    }

    var settled = missing[-1] ?? []
    for (place, line) in lines.enumerated() {
        if kept[place] { settled.append(line) } else if let former = instead[place] { settled.append(former) }
        settled += missing[place] ?? []
    }
    return settled
}

private func paragraphs(_ form: CanonicalForm) -> [Substring] {
    form.text.utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
}

private func counts(_ lines: [Substring]) -> [Substring: Int] {
    lines.reduce(into: [:]) { $0[$1, default: 0] += 1 }
}

private func take(_ line: Substring, from counts: inout [Substring: Int]) -> Bool {
    guard let count = counts[line], count > 0 else { return false }
    counts[line] = count - 1
    return true
}

/// Whether two lines of some length are one line with a part that differs.
private struct LineLikeness {
    /// Shorter lines are counters and headlines of others.
    private static let fewestWords = 8
    /// Pairs that are compared for one page.
    private var pairsLeft = 20_000

    mutating func isLike(_ line: Substring, any others: [Substring]) -> Bool {
        let words = Self.words(line)
        guard words.count >= Self.fewestWords else { return false }
        for other in others where pairsLeft > 0 {
            pairsLeft -= 1
            let otherWords = Self.words(other)
            let common = words.intersection(otherWords).count
            if otherWords.count >= Self.fewestWords, common * 3 >= 2 * max(words.count, otherWords.count) { return true }
        }
        return false
    }

    private static func words(_ line: Substring) -> Set<Substring> {
        Set(line.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) })
    }
}
