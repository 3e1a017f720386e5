import Foundation
import TidingsCore

/// What one line of the stream tells, as far as the model says it too.
struct Told: Hashable, Sendable, CustomStringConvertible {
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

extension Told {
    /// From a line of the stream. Throws where the line is not the JSON that it must be.
    init(line: [UInt8]) throws {
        let event = try JSONDecoder().decode(Event.self, from: Data(line))
        let data = event.data
        sequence = Int64(event.id) ?? -1
        type = String(event.type.dropFirst("tidings.".count))
        article = event.subject
        version = data.version
        text = data.content_hash.map { Texts.byHash[$0] ?? $0 }
        source = data.origin?.source
        key = data.origin?.key
        movedFrom = data.moved_from
        forkedFrom = data.forked_from.map { "\($0.article)@\($0.version)" }
        word = data.class ?? data.reason ?? data.state
        isBackfill = data.backfill ?? false
    }

    private struct Event: Decodable {
        struct Origin: Decodable {
            var source: String
            var key: String?
        }
        struct Fork: Decodable {
            var article: String
            var version: Int
        }
        struct Payload: Decodable {
            var version: Int?
            var content_hash: String?
            var moved_from: String?
            var forked_from: Fork?
            var `class`: String?
            var reason: String?
            var state: String?
            var backfill: Bool?
            var origin: Origin?
        }
        var id: String
        var type: String
        var subject: String?
        var data: Payload
    }
}

/// What authors write. Few texts, so that copies, reverts and twins are frequent; two that differ in case only, and one that says
/// nothing.
enum Texts {
    static let all: [String] = [""] + (1...7).flatMap { ["The tide is at \($0).", "the tide is at \($0)."] }

    static let byHash: [String: String] = Dictionary(
        uniqueKeysWithValues: all.map { (CanonicalForm(title: nil, text: $0).hash.description, $0) })

    static subscript(number: Int) -> String { all[number % all.count] }
}
