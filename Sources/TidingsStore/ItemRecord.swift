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
