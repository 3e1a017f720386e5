/// Whether the two texts differ only in what counts around the article: points, comments, views, the time that reading takes,
/// "3 hours ago". Such a difference makes no version.
package func differInCountersOnly(_ old: CanonicalForm, _ new: CanonicalForm) -> Bool {
    guard old.hash != new.hash, withoutTail(Substring(old.title ?? "")) == withoutTail(Substring(new.title ?? "")) else { return false }
    let (one, other) = (old.text, new.text)
    let differing = DifferingLines(one, other)
    let (before, after) = (lines(differing.middle(of: one)), lines(differing.middle(of: other)))
    // Most edits are in paragraphs. These are too long for counters, and say nothing about the lines beside them.
    let isLong = { (line: Substring) in line.utf8.count > CounterLine.longestBytes }
    if !before.isEmpty, !after.isEmpty, before.allSatisfy(isLong), after.allSatisfy(isLong) {
        return before.count == after.count && zip(before, after).allSatisfy { withoutTail($0) == withoutTail($1) }
    }
    return withoutCounters(one, differing) == withoutCounters(other, differing)
}

/// The masked lines in which the new text differs from the old one, if these lines differ in their digits alone and could
/// be counts with a label: they are short, and no sentence, price, share or row of a table. Nil if anything else differs.
package func digitLines(old: CanonicalForm, new: CanonicalForm) -> Set<[UInt8]>? {
    guard old.title == new.title else { return nil }
    let (before, after) = (old.lines, new.lines)
    guard before.count == after.count else { return nil }
    var masked: Set<[UInt8]> = []
    for (one, other) in zip(before, after) where one != other {
        guard isSeries(one, other), couldBeLabelled(one), couldBeLabelled(other) else { return nil }
        masked.insert(maskingDigits(other.utf8))
    }
    return masked.isEmpty ? nil : masked
}

extension CanonicalForm {
    /// The lines with `0` for each run of digits.
    package var maskedLines: Set<[UInt8]> { Set(lines.map { maskingDigits($0.utf8) }) }
}

private let labelBytes = 60
private let labelWords = 6
private let valueSigns: Set<Unicode.Scalar> = ["%", "‰", "|", ".", "!", "?", "。", "…", "°"]

private func couldBeLabelled(_ line: Substring) -> Bool {
    guard line.utf8.count <= labelBytes, line.utf8.split(separator: UInt8(ascii: " ")).count <= labelWords else { return false }
    return !line.unicodeScalars.contains { $0.properties.generalCategory == .currencySymbol || valueSigns.contains($0) }
        && !line.utf8.split(separator: UInt8(ascii: " ")).contains { isCurrencyCode($0) }
}

/// Whether the word looks like EUR or USD (ISO 4217).
private func isCurrencyCode(_ word: Substring.UTF8View) -> Bool {
    word.count == 3 && word.allSatisfy(\.isASCIIUppercase)
}

/// The differing lines of `text` without counters, and the lines of both texts that these can bear on: what a line is can depend on
/// the lines beside it. What is farther off is the same in both.
private func withoutCounters(_ text: String, _ differing: DifferingLines) -> [String] {
    let (before, after) = differing.around(text)
    return withoutCounters(lastLines(of: before, 2) + lines(differing.middle(of: text)) + lines(after, limit: 3).prefix(2))
}

/// - Parameter limit: the last one of so many is all the rest.
private func lines(_ text: Substring, limit: Int = .max) -> [Substring] {
    text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: limit - 1).map { Substring($0) }
}

private func lastLines(of text: Substring, _ count: Int) -> [Substring] {
    var lines: [Substring] = []
    var rest = text.utf8
    while lines.count < count, !rest.isEmpty {
        let lineEnd = rest.lastIndex(of: UInt8(ascii: "\n"))
        let line = rest[(lineEnd.map(rest.index(after:)) ?? rest.startIndex)...]
        if !line.isEmpty { lines.insert(Substring(line), at: 0) }
        rest = rest[..<(lineEnd ?? rest.startIndex)]
    }
    return lines
}

/// The lines without counters. Of a line that has only counters and names, the names stay.
func withoutCounters(_ lines: [Substring]) -> [String] {
    let counters = lines.map(CounterLine.init)
    var kept: [String] = []
    for (position, line) in lines.enumerated() {
        guard let counter = counters[position], counter.isCertain || isBesideCertain(position, counters) else {
            kept.append(String(withoutTail(line)))
            continue
        }
        if !counter.rest.isEmpty { kept.append(counter.rest.joined(separator: " ")) }
    }
    return kept
}

private func isBesideCertain(_ position: Int, _ counters: [CounterLine?]) -> Bool {
    [position - 1, position + 1].contains { counters.indices.contains($0) && counters[$0]?.isCertain == true }
}

/// The line without "(12 comments)" or "· 12 comments" at its end.
private func withoutTail(_ line: Substring) -> Substring {
    // What begins earlier is no counter.
    let tail = line.utf8.suffix(CounterLine.longestBytes)
    guard let last = tail.last else { return line }
    let opening =
        switch last {
        case UInt8(ascii: ")"): tail.lastIndex(of: UInt8(ascii: "("))
        case UInt8(ascii: "]"): tail.lastIndex(of: UInt8(ascii: "["))
        default: tail.indices.last { tail[$0] > 0x7F && (tail[$0...].starts(with: "·".utf8) || tail[$0...].starts(with: "•".utf8)) }
        }
    guard let start = opening, start > line.startIndex else { return line }
    guard let counter = CounterLine(line[start...]), counter.isCertain, counter.rest.isEmpty else { return line }
    return line[..<start]
}
