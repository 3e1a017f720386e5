import FoundationEssentials
import TidingsCore

/// The JSON in which a version keeps its item: the fields of a line of the stream, and the id and the summary. The text is in
/// the contents.
enum ItemRecord {
    static func encode(_ item: Item) -> String {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.field("id", item.id)
            ChangeLine.write(item, into: &json)
            json.field("summary", item.summary)
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads back what `encode` wrote; a field that is damaged is absent.
    static func decode(_ json: String, form: CanonicalForm) -> Item {
        let fields = try? JSONDecoder().decode(Fields.self, from: Data(json.utf8))
        return Item(
            id: fields?.id, title: form.title, url: fields?.url,
            datePublished: fields?.date_published.flatMap { ItemDate($0) },
            dateModified: fields?.date_modified.flatMap { ItemDate($0) },
            authors: (fields?.authors ?? []).map { Author(name: $0.name, url: $0.url, email: $0.email) },
            language: fields?.language, tags: fields?.tags ?? [], summary: fields?.summary, text: form.text,
            // What the raw bytes were is the sighting's to know, not the version's.
            rawHash: form.hash)
    }

    /// The members of what `encode` wrote that a line of the stream has too, byte for byte.
    static func lineMembers(of json: [UInt8]) -> [UInt8] {
        let others = [#""id":"#, #""summary":"#].map { Array($0.utf8) }
        var members: [UInt8] = []
        for member in topLevelMembers(of: json) where !others.contains(where: member.starts(with:)) {
            if !members.isEmpty { members.append(UInt8(ascii: ",")) }
            members += member
        }
        return members
    }

    /// What stands between the commas of a compact object that are in no string and in no value within it.
    private static func topLevelMembers(of json: [UInt8]) -> [ArraySlice<UInt8>] {
        var members: [ArraySlice<UInt8>] = []
        var depth = 0
        var start = 1
        var isInString = false
        var position = 0
        while position < json.count {
            let byte = json[position]
            if isInString {
                // Whatever is escaped ends nothing.
                if byte == UInt8(ascii: "\\") { position += 1 } else if byte == UInt8(ascii: "\"") { isInString = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0, start < position { members.append(json[start..<position]) }
                case UInt8(ascii: ",") where depth == 1:
                    members.append(json[start..<position])
                    start = position + 1
                default: break
                }
            }
            position += 1
        }
        return members
    }

    private struct Fields: Decodable {
        struct Person: Decodable {
            var name: String?
            var url: String?
            var email: String?
        }
        var id: String?
        var url: String?
        var date_published: String?
        var date_modified: String?
        var authors: [Person]?
        var language: String?
        var tags: [String]?
        var summary: String?
    }
}
