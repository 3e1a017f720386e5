import TidingsCore

/// The language that a page declares, by its BCP 47 tag.
enum PageLanguage {
    /// The first of `declared` that is a tag of a language.
    static func first(_ declared: [String?]) -> String? { declared.lazy.compactMap { $0.flatMap(tag) }.first }

    /// `en_GB.UTF-8` as `en-GB`; nil for what is no tag: a template's placeholder, the name of a language.
    private static func tag(_ text: String) -> String? {
        // A header may list several.
        let first = text.prefix { $0 != "," && $0 != ";" && $0 != "." && $0 != "@" }
        let subtags = first.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }
            .map { $0.filter { !$0.isWhitespace } }
        guard let primary = subtags.first, (2...3).contains(primary.utf8.count), primary.utf8.allSatisfy(\.isASCIILetter),
            !meaningless.contains(primary.lowercased())
        else { return nil }
        for subtag in subtags.dropFirst() {
            guard (1...8).contains(subtag.utf8.count), subtag.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit }) else {
                return primary
            }
        }
        return subtags.joined(separator: "-")
    }

    /// Undetermined, several, none (ISO 639-2), and placeholders.
    private static let meaningless: Set<String> = ["und", "mul", "zxx", "mis", "xx", "xxx"]
}
