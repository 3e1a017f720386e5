import TidingsCore
import TidingsFormats

extension ParsedDocument {
    /// The document as one line of JSON Feed 1.1 (jsonfeed.org/version/1.1), ended by `\n`. What that has no field for stands
    /// in `_tidings`, as its extensions do; a date without a time stays a date.
    func jsonFeed(file: String) -> [UInt8] {
        var json = JSONWriter(capacity: 16 << 10)
        json.object { json in
            json.field("version", "https://jsonfeed.org/version/1.1")
            // Required by the specification, and not known of a file that is one article.
            json.field("title", title ?? (shape == .single ? items.first?.title : nil) ?? "")
            json.field("home_page_url", homePageURL)
            json.field("feed_url", feedURL)
            json.field("description", description)
            json.field("language", language)
            json.object("_tidings") { json in writeExtras(file: file, into: &json) }
            // `array` leaves an empty list out, and this one is required.
            if items.isEmpty { json.field("items", json: Array("[]".utf8)) }
            json.array("items", Array(items.enumerated())) { json, entry in
                json.object { json in write(entry.element, position: entry.offset, into: &json) }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func writeExtras(file: String, into json: inout JSONWriter) {
        json.field("file", file)
        json.field("format", format.rawValue)
        json.field("format_version", version)
        json.field("charset", charset)
        json.field("is_partial", isPartial)
        json.field("time_to_live_seconds", timeToLiveSeconds)
        json.array("tombstones", tombstones) { json, id in json.string(id) }
        json.array("problems", problems) { json, problem in
            json.object { json in
                json.field("message", problem.message)
                json.field("line", problem.line)
                json.field("item", problem.item)
            }
        }
    }

    private func write(_ item: Item, position: Int, into json: inout JSONWriter) {
        // "id (required, string)": the n-th where the source gave none.
        json.field("id", item.id ?? item.url ?? "#\(position + 1)")
        ChangeLine.write(item, into: &json)
        json.field("summary", item.summary)
        json.field("content_html", item.contentHTML)
        json.field("content_text", item.text)
        json.object("_tidings") { json in
            json.field("content_hash", CanonicalForm(title: item.title, text: item.text).hash.description)
        }
    }
}
