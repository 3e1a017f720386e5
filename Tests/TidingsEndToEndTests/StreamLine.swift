import Foundation

/// One line of the change stream as its readers see it: decoded from its JSON, with the names of the contract.
struct StreamLine: Decodable, Equatable, Sendable {
    let id: String
    let source: String
    let type: String
    let time: String
    let subject: String?
    let data: Fields

    struct Fields: Decodable, Equatable, Sendable {
        var version: Int?
        var previousVersion: Int?
        var contentHash: String?
        var changed: [String]?
        var `class`: String?
        var reason: String?
        var forkedFrom: Fork?
        var movedFrom: String?
        var state: String?
        var detail: String?
        var backfill: Bool?
        var origin: Origin?
        var item: Item?
        var characters: Int?
    }
    struct Fork: Decodable, Equatable, Sendable {
        let article: String
        let version: Int
    }
    struct Origin: Decodable, Equatable, Sendable {
        let source: String
        let kind: String
        var key: String?
        var url: String?
    }
    struct Item: Decodable, Equatable, Sendable {
        var title: String?
        var url: String?
        var datePublished: String?
        var authors: [Author]?
        var language: String?
        var tags: [String]?
    }
    struct Author: Decodable, Equatable, Sendable {
        var name: String?
    }

    init(_ line: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(StreamLine.self, from: Data(line.utf8))
    }

    /// What it announces, short enough for a row of a test: `updated harvest.txt to version 2: text`.
    var message: String {
        let place = data.origin?.key ?? data.origin?.source ?? "?"
        switch type {
        case "tidings.article.created":
            let fork = data.forkedFrom.map { " forked from version \($0.version)" } ?? ""
            return "created \(place)" + fork + (data.backfill == true ? " backfill" : "")
        case "tidings.article.updated":
            let fields = (data.changed ?? []).joined(separator: ", ")
            return "updated \(place) to version \(data.version ?? 0): \(fields)" + (data.backfill == true ? " backfill" : "")
        case "tidings.article.removed": return "removed \(place): \(data.reason ?? "?")"
        case "tidings.article.moved": return "moved \(place) from \(data.movedFrom ?? "?")"
        case "tidings.source.state": return "source \(place) is \(data.state ?? "?")"
        case "tidings.source.added", "tidings.source.removed", "tidings.source.gap": return "source \(place) \(type.dropFirst(15))"
        default: return "\(type.dropFirst("tidings.article.".count)) \(place)"
        }
    }
}

extension [StreamLine] {
    var message: [String] { map(\.message) }

    /// The first line that says `words`.
    func first(_ message: String) -> StreamLine? { first { $0.message == message } }
}
