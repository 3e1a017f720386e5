import TidingsCore

/// The JSON of a version's item: the fields of a stream line, with the id and the summary. `contents` has title and text.
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

    /// Reads the result of `encode`. If the JSON is damaged, every field but title and text is absent.
    /// - Parameters:
    ///   - form: has title and text; nil for an item of which only the fields are wanted.
    ///   - rawHash: that of the item's sighting; a version has none.
    static func decode(_ json: String, form: CanonicalForm? = nil, rawHash: ContentHash) -> Item {
        let fields = JSONTree(Array(json.utf8)) ?? .null
        return Item(
            id: fields["id"]?.string, title: form.map(\.title) ?? fields["title"]?.string, url: fields["url"]?.string,
            datePublished: fields["date_published"]?.string.flatMap { ItemDate($0) },
            dateModified: fields["date_modified"]?.string.flatMap { ItemDate($0) },
            authors: (fields["authors"]?.elements ?? []).map { author in
                Author(name: author["name"]?.string, url: author["url"]?.string, email: author["email"]?.string)
            },
            language: fields["language"]?.string, tags: fields["tags"]?.strings ?? [], summary: fields["summary"]?.string,
            text: form?.text ?? "", rawHash: rawHash)
    }

    private static let titleMember = Array(#""title":""#.utf8)

    /// The title of an encoded item, without a look at the rest. Nil if it has none.
    static func title(in json: [UInt8]) -> String? {
        // Within a text each quote has a backslash before it, so that these bytes stand before a title only.
        guard let start = firstIndex(of: titleMember, in: json).map({ $0 + titleMember.count }) else { return nil }
        var end = start
        var isEscaped = false
        while end < json.count, json[end] != UInt8(ascii: "\"") {
            if json[end] == UInt8(ascii: "\\") {
                isEscaped = true
                end += 1
            }
            end += 1
        }
        guard end < json.count else { return nil }
        // With its quotes it is a JSON text.
        return isEscaped ? JSONTree(Array(json[start - 1...end]))?.string : String(decoding: json[start..<end], as: UTF8.self)
    }

    private static func firstIndex(of bytes: [UInt8], in json: [UInt8]) -> Int? {
        guard json.count >= bytes.count else { return nil }
        return (0...(json.count - bytes.count)).first { start in
            json[start] == bytes[0] && json[start..<start + bytes.count].elementsEqual(bytes)
        }
    }

    /// The members of an encoded item that a stream line has too, byte for byte, separated by commas.
    static func lineMembers(of json: [UInt8]) -> [UInt8] {
        let others = [#""id":"#, #""summary":"#].map { Array($0.utf8) }
        var members: [UInt8] = []
        for member in jsonMembers(of: json, from: 0)?.members ?? [] {
            let bytes = json[member]
            if others.contains(where: bytes.starts(with:)) { continue }
            if !members.isEmpty { members.append(UInt8(ascii: ",")) }
            members += bytes
        }
        return members
    }
}
