import TidingsCore

/// One field of YAML front matter as its lines spell it.
struct FrontMatterEntry {
    /// In lowercase.
    let key: String
    /// How many words the key has, and whether it begins with a small letter.
    let keyWords: Int
    let isLowercase: Bool
    /// What follows the colon on the line of the key.
    let inline: String
    /// The lines that belong to the field, with their indentation in spaces: YAML allows no tabs there.
    var continuation: [String] = []

    /// What follows the key, as YAML.
    var source: String { " \(inline)\n" + continuation.map { "\($0)\n" }.joined() }

    var isBlank: Bool { inline.isEmpty && continuation.allSatisfy { $0.utf8.allSatisfy { $0 <= 0x20 } } }

    /// The value as one line.
    var spelling: String {
        foldedSpace(Array(([inline] + continuation).joined(separator: " ").utf8)[...])
    }

    /// The elements of a list that is written one to a line; empty if the value is no such list.
    var listElements: [String] {
        let lines = continuation.map { foldedSpace(Array($0.utf8)[...]) }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard inline.isEmpty, lines.allSatisfy({ $0.hasPrefix("- ") || $0 == "-" }) else { return [] }
        return lines.map { foldedSpace(Array($0.utf8.dropFirst(1))[...]) }.filter { !$0.isEmpty }
    }

    /// Whether the value reads like something that is said, and not like something that is noted down.
    var isSentence: Bool {
        let text = spelling
        guard let last = text.last, ".!?…。！？".contains(last) else { return false }
        return text.utf8.count { $0 == 0x20 } >= 2 || !text.utf8.allSatisfy { $0 < 0x80 }
    }
}

/// The lines between two `---` lines at the start of a text. They are front matter, or prose between two rules: a
/// paragraph must not be taken for a field that nobody reads.
struct FrontMatterLines {
    enum Verdict { case empty, prose, fields, unknown }

    private(set) var entries: [FrontMatterEntry] = []
    private(set) var verdict = Verdict.prose

    private var startsBlank = false
    private var hasText = false
    private var faults = 0
    private var isProse = false
    /// A comment of YAML is a heading of Markdown.
    private var hasComment = false

    init(_ utf8: [UInt8], _ range: Range<Int>) {
        var blankBefore = false
        for slice in utf8[range].split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = slice.last == 0x0D ? slice.dropLast() : slice
            if line.allSatisfy({ $0 <= 0x20 }) {
                if !hasText { startsBlank = true }
                blankBefore = true
                extend(with: line)
                continue
            }
            read(line, blankBefore: blankBefore)
            hasText = true
            blankBefore = false
        }
        verdict = judged
    }

    /// How the source spells the values that stand on the line of their key.
    var spellings: [String: String] {
        var spellings: [String: String] = [:]
        for entry in entries where !entry.inline.isEmpty { spellings[entry.key] = entry.spelling }
        return spellings
    }

    private mutating func read(_ line: ArraySlice<UInt8>, blankBefore: Bool) {
        guard let first = line.first else { return }
        if let entry = Self.entry(line) {
            entries.append(entry)
        } else if first == UInt8(ascii: "#") {
            hasComment = true
            extend(with: line)
        } else if entries.isEmpty {
            // Only a mapping in braces has no key at the start of a line.
            if first != UInt8(ascii: "{") || hasText { isProse = true }
        } else if first <= 0x20 || Self.continues(line, entries[entries.count - 1]) {
            extend(with: line)
        } else if blankBefore {
            isProse = true
        } else {
            faults += 1
            extend(with: line)
        }
    }

    private mutating func extend(with line: ArraySlice<UInt8>) {
        guard !entries.isEmpty else { return }
        let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 }
        let spaces = indentation.reduce(0) { $0 + ($1 == 0x09 ? 2 : 1) }
        let text = String(decoding: line.dropFirst(indentation.count), as: UTF8.self)
        entries[entries.count - 1].continuation.append(String(repeating: " ", count: spaces) + text)
    }

    /// Whether a line that is not indented may belong to the field before it all the same.
    private static func continues(_ line: ArraySlice<UInt8>, _ entry: FrontMatterEntry) -> Bool {
        switch line.first {
        case UInt8(ascii: "-"): entry.inline.isEmpty
        case UInt8(ascii: "]"), UInt8(ascii: "}"): true
        // Keys that are no plain words: `? [a, b]`, `: value`, `[a]: b`.
        case UInt8(ascii: "?"), UInt8(ascii: ":"): line.dropFirst().first == 0x20
        case UInt8(ascii: "["), UInt8(ascii: "{"): contains(Array(line), "]: ") || contains(Array(line), "}: ")
        default: false
        }
    }

    // MARK: Keys

    private static let longestKeyBytes = 60

    /// The field that starts on a line; nil if the line does not start with a key.
    private static func entry(_ line: ArraySlice<UInt8>) -> FrontMatterEntry? {
        guard let first = line.first, isStartOfKey(first), let colon = colon(in: line) else { return nil }
        let name = FrontMatterFields.unquoted(String(decoding: line[..<colon], as: UTF8.self))
        let words = name.split(separator: " ")
        guard !words.isEmpty, words.count <= 3, name.utf8.allSatisfy(isOfKey) else { return nil }
        let rest = line[(colon + 1)...]
        let key = name.lowercased()
        let isSetOff = rest.first.map { $0 <= 0x20 } ?? true
        // `title:The quay` is a mistake; `https://…` is none.
        guard isSetOff || FrontMatterFields.isKnown(key) && rest.first != UInt8(ascii: "/") else { return nil }
        return FrontMatterEntry(
            key: key, keyWords: words.count, isLowercase: name.unicodeScalars.first?.properties.isLowercase ?? false,
            inline: foldedSpace(rest))
    }

    private static func colon(in line: ArraySlice<UInt8>) -> Int? {
        line.prefix(longestKeyBytes).firstIndex(of: UInt8(ascii: ":"))
    }

    private static func isStartOfKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80
        }
    }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), 0x20: true
        default: byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80
        }
    }

    // MARK: Evidence

    private var judged: Verdict {
        guard hasText else { return .empty }
        guard !isProse else { return .prose }
        guard let first = entries.first else { return hasText && faults == 0 ? .unknown : .prose }
        let known = entries.count { FrontMatterFields.isKnown($0.key) }
        // Prose may have a key-like start of a sentence; it has no keys of several words that are followed by no sentence.
        if entries.contains(where: { $0.keyWords > 1 && $0.isSentence }) { return .prose }
        if startsBlank {
            return faults == 0 && FrontMatterFields.isKnown(first.key) && first.isLowercase ? .fields : .prose
        }
        if faults > 0 { return known >= 2 && faults < entries.count ? .fields : .prose }
        if known > 0 { return .fields }
        return !hasComment && entries.allSatisfy { $0.keyWords == 1 && $0.isLowercase && !$0.isSentence } ? .fields : .prose
    }
}
