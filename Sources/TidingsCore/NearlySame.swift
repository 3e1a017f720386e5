/// Fewest words that a text must have for its likeness to another to prove anything.
private let fewestWords = 12

/// Whether `new` is `old` with an edit: nine words in ten of the shorter text stand in both in the same order, and they
/// are at least half of the longer one. It continues an article whose place is gone.
///
/// Two notes from one template are not the same: what they share is the template's, and each has words of its own in
/// its gaps. Nor are two issues of a series, whose titles differ in digits alone ("Report 12", "Report 13").
/// - Parameter shared: lines that other articles of the source have too. They prove nothing.
package func isNearlySame(_ old: CanonicalForm, _ new: CanonicalForm, besides shared: Set<Substring> = []) -> Bool {
    if isSeries(old.title ?? "", new.title ?? "") { return false }
    let oldWords = words(of: old, besides: shared)
    let newWords = words(of: new, besides: shared)
    let (shorter, longer) = (min(oldWords.count, newWords.count), max(oldWords.count, newWords.count))
    guard shorter >= fewestWords, longer <= 2 * shorter else { return false }
    var comparison = SequenceDiff()
    let common = comparison.stretches(old: oldWords, new: newWords).reduce(0) { $0 + ($1.isSame ? $1.old.count : 0) }
    return common * 10 >= shorter * 9 && common * 2 >= longer
}

/// Whether two names differ in their digits alone.
package func isSeries(_ one: some StringProtocol, _ other: some StringProtocol) -> Bool {
    !one.utf8.elementsEqual(other.utf8) && maskingDigits(one.utf8) == maskingDigits(other.utf8)
}

/// The bytes with `0` for each run of ASCII digits.
func maskingDigits(_ utf8: some Sequence<UInt8>) -> [UInt8] {
    var masked: [UInt8] = []
    var isInDigits = false
    for byte in utf8 {
        if byte.isASCIIDigit {
            if !isInDigits { masked.append(UInt8(ascii: "0")) }
            isInDigits = true
        } else {
            masked.append(byte)
            isInDigits = false
        }
    }
    return masked
}

extension CanonicalForm {
    /// The title and the paragraphs.
    package var lines: [Substring] {
        String(decoding: bytes, as: UTF8.self).utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
    }
}

private func words(of form: CanonicalForm, besides shared: Set<Substring>) -> [Substring] {
    form.lines.filter { !shared.contains($0) }.flatMap { $0.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) } }
}
