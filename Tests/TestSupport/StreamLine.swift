import Foundation

/// One line of the change stream as its consumers read it. The only decoder of the tests: by Foundation's JSON and the names that
/// the README promises, without the program's encoder and its list of fields.
package struct StreamLine: Equatable, Sendable {
    /// The line as it was read, without its end.
    package let text: String
    package let id: String
    package let source: String
    package let type: String
    package let time: String
    package let subject: String?
    package let data: Fields

    /// Where a change stands. A number is used once in each stream.
    package struct Place: Hashable, Sendable {
        package let stream: String
        package let sequence: Int64
    }

    package struct Fields: Decodable, Equatable, Sendable {
        package var version: Int?
        package var previousVersion: Int?
        package var contentHash: String?
        package var changed: [String]?
        package var `class`: String?
        package var reason: String?
        package var forkedFrom: Fork?
        package var movedFrom: String?
        package var state: String?
        package var detail: String?
        package var backfill: Bool?
        package var origin: Origin?
        package var item: Item?
        package var characters: Int?

        private enum CodingKeys: String, CodingKey {
            case version, changed, `class`, reason, state, detail, backfill, origin, item, characters
            case previousVersion = "previous_version"
            case contentHash = "content_hash"
            case forkedFrom = "forked_from"
            case movedFrom = "moved_from"
        }
    }
    package struct Fork: Decodable, Equatable, Sendable {
        package let article: String
        package let version: Int
    }
    package struct Origin: Decodable, Equatable, Sendable {
        package let source: String
        package var kind: String?
        package var key: String?
        package var url: String?
        package var page: String?
    }
    package struct Item: Decodable, Equatable, Sendable {
        package var title: String?
        package var url: String?
        package var datePublished: String?
        package var authors: [Author]?
        package var language: String?
        package var tags: [String]?
        /// Only where it was asked for.
        package var contentText: String?

        private enum CodingKeys: String, CodingKey {
            case title, url, authors, language, tags
            case datePublished = "date_published"
            case contentText = "content_text"
        }
    }
    package struct Author: Decodable, Equatable, Sendable {
        package var name: String?
    }

    private struct Event: Decodable {
        let id: String
        let source: String
        let type: String
        let time: String
        let subject: String?
        let data: Fields
    }

    private static let decoder = JSONDecoder()

    /// Throws where `text` is not one JSON object with the fields that every event has.
    package init(_ text: String) throws {
        let event = try Self.decoder.decode(Event.self, from: Data(text.utf8))
        self.text = text
        (id, source, type, time, subject, data) = (event.id, event.source, event.type, event.time, event.subject, event.data)
    }

    /// - Parameter bytes: a line with its end or without.
    package init(_ bytes: [UInt8]) throws {
        let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        try self.init(String(decoding: line, as: UTF8.self))
    }

    /// Of a consumer who was given `text`. What is no event at all has the number -1, which breaks each promise.
    init(seen text: String) {
        if let line = try? StreamLine(text) {
            self = line
        } else {
            self.text = text
            (id, source, type, time, subject, data) = ("-1", "", "", "", nil, Fields())
        }
    }

    package var sequence: Int64 { Int64(id) ?? -1 }
    package var place: Place { Place(stream: source, sequence: sequence) }

    /// Whether it announces a version that was not there before.
    package var announcesVersion: Bool { type == "tidings.article.created" || type == "tidings.article.updated" }

    /// The first line of each file is one, and no change. Its type stands near its beginning; in no other line it stands anywhere,
    /// because quotes within a field are escaped.
    package static func isHeader(_ text: String) -> Bool {
        Substring(text.utf8.prefix(200)).contains(#""type":"tidings.stream.header""#)
    }

    /// What it announces, short enough for a row of a test: `updated harvest.txt to version 2: text`.
    package var message: String {
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
    package var message: [String] { map(\.message) }

    /// The first line with this message.
    package func first(_ message: String) -> StreamLine? { first { $0.message == message } }
}
