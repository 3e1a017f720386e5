import TestSupport
import TidingsCore

/// What one line of the stream must say, as far as the model knows it.
struct ExpectedChange: Hashable, Sendable, CustomStringConvertible {
    var sequence: Int64 = 0
    /// Without `tidings.`.
    var type: String
    var article: String?
    var version: Int?
    /// What the version says; of an update, a creation and all that names a content.
    var text: String?
    var source: String?
    var key: String?
    var movedFrom: String?
    /// Article and version, `id@2`.
    var forkedFrom: String?
    /// Class, reason or state.
    var word: String?
    var isBackfill = false

    var description: String {
        var words = ["\(sequence) \(type)"]
        if let article { words.append("\(article.prefix(5))@\(version ?? 0)") }
        if let text { words.append("'\(text)'") }
        if let source { words.append("\(source)" + (key.map { ":\($0)" } ?? "")) }
        if let movedFrom { words.append("from \(movedFrom)") }
        if let forkedFrom { words.append("fork of \(forkedFrom)") }
        if let word { words.append(word) }
        if isBackfill { words.append("backfill") }
        return words.joined(separator: " ")
    }
}

extension ExpectedChange {
    /// What the stream says.
    init(_ line: StreamLine) {
        sequence = line.sequence
        type = String(line.type.dropFirst("tidings.".count))
        article = line.subject
        version = line.data.version
        text = line.data.contentHash.map { Texts.byHash[$0] ?? $0 }
        source = line.data.origin?.source
        key = line.data.origin?.key
        movedFrom = line.data.movedFrom
        forkedFrom = line.data.forkedFrom.map { "\($0.article)@\($0.version)" }
        word = line.data.class ?? line.data.reason ?? line.data.state
        isBackfill = line.data.backfill ?? false
    }
}

/// What authors write. Few texts, so that copies, reverts and twins are frequent; two that differ in case only, and one that says
/// nothing.
enum Texts {
    static let all: [String] = [""] + (1...7).flatMap { ["The tide is at \($0).", "the tide is at \($0)."] }

    static let byHash: [String: String] = Dictionary(
        uniqueKeysWithValues: all.map { (CanonicalForm(title: nil, text: $0).hash.description, $0) })

    static let hashes: [String: String] = Dictionary(uniqueKeysWithValues: byHash.map { ($1, $0) })

    static subscript(number: Int) -> String { all[number % all.count] }
}

extension Model {
    /// What a fold of the stream must know of the articles.
    var foldedArticles: [String: StreamFold.Article] {
        Dictionary(
            uniqueKeysWithValues: articles.map { article in
                var contents: [Int: String] = [:]
                for (position, version) in article.versions.enumerated() { contents[position + 1] = Texts.hashes[version.text] }
                return (article.id, StreamFold.Article(contents: contents, isRemoved: article.isRemoved))
            })
    }

    /// Where it must know them to be seen.
    var foldedSightings: [StreamFold.Sighting: String] {
        Dictionary(
            uniqueKeysWithValues: sightings.filter { !$0.isGone }.map {
                (StreamFold.Sighting(source: $0.source, key: $0.key), articles[$0.article].id)
            })
    }
}
