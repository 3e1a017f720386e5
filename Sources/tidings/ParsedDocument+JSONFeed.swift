import TidingsCore
import TidingsFormats

extension ParsedDocument {
    /// The document as one line of JSON Feed 1.1 (jsonfeed.org/version/1.1), ended by `\n`. What JSON Feed has no field for is in
    /// `_tidings`, an extension object. A date without a time stays a date.
    func jsonFeed(file: String) -> [UInt8] {
        var json = JSONWriter(capacity: 16 << 10)
        json.object { json in
            json.field("version", "https://jsonfeed.org/version/1.1")
            // Required by the specification; a file that is one article has no title besides that of the article.
            json.field("title", title ?? (shape == .single ? items.first?.title : nil) ?? "")
            json.field("home_page_url", homePageURL ?? addressable(id))
            json.field("feed_url", feedURL)
            json.array("hubs", hubs) { json, hub in
                json.object { json in
                    json.field("type", "WebSub")
                    json.field("url", hub)
                }
            }
            json.field("description", description)
            json.field("icon", image)
            writeAuthors(authors, into: &json)
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
        if let contentKind {
            json.field("page_kind", contentKind.kind.rawValue)
            json.field("page_kind_score", json: Array("\(contentKind.score)".utf8))
        }
        json.field("next_page", nextPage)
        json.field("is_partial", isPartial)
        json.field("is_malformed", isMalformed)
        json.field("id", id)
        json.field("updated", updated?.description)
        json.field("published", published?.description)
        json.field("author_email", authors.first?.email)
        json.array("categories", categories) { json, category in json.string(category) }
        json.field("image", image)
        json.field("rights", rights)
        json.field("generator", generator)
        json.field("time_to_live_seconds", timeToLiveSeconds)
        writeNumbers("skip_hours", skipHours, into: &json)
        writeNumbers("skip_days", skipDays, into: &json)
        json.array("tombstones", tombstones) { json, id in json.string(id) }
        json.array("sitemaps", sitemaps) { json, sitemap in
            json.object { json in
                json.field("url", sitemap.url)
                json.field("date_modified", sitemap.dateModified?.description)
            }
        }
        json.array("problems", problems) { json, problem in
            json.object { json in
                json.field("message", problem.message)
                json.field("line", problem.line)
                json.field("item", problem.item)
            }
        }
    }

    private func writeNumbers(_ key: StaticString, _ numbers: Set<Int>, into json: inout JSONWriter) {
        guard !numbers.isEmpty else { return }
        json.field(key, json: Array("[\(numbers.sorted().map(String.init).joined(separator: ","))]".utf8))
    }

    private func write(_ item: Item, position: Int, into json: inout JSONWriter) {
        // "id (required, string)". An item that has none, nor a URL, is called by its position.
        json.field("id", item.id ?? item.url ?? "#\(position + 1)")
        json.field("title", item.title)
        json.field("url", item.url ?? addressable(item.id))
        json.field("date_published", item.datePublished?.description)
        json.field("date_modified", item.dateModified?.description)
        writeAuthors(item.authors, into: &json)
        json.field("language", item.language)
        json.array("tags", item.tags) { json, tag in json.string(tag) }
        json.field("summary", item.summary)
        json.field("content_html", item.contentHTML)
        json.field("content_text", item.text)
        json.array("attachments", item.attachments) { json, attachment in
            json.object { json in
                json.field("url", attachment.url)
                json.field("mime_type", attachment.mimeType)
                json.field("size_in_bytes", attachment.sizeBytes)
            }
        }
        json.object("_tidings") { json in
            json.field("content_hash", CanonicalForm(title: item.title, text: item.text).hash.description)
            json.field("id", item.id)
            if item.isCutOff { json.field("is_cut_off", true) }
            json.field("author_email", item.authors.first?.email)
            json.field("summary_html", item.summaryHTML)
            json.field("rights", item.rights)
            json.field("comments", item.commentsURL)
        }
    }

    /// JSON Feed has no field for the mail address of an author. Where there is nothing else it is the name.
    private func writeAuthors(_ authors: [Author], into json: inout JSONWriter) {
        json.array("authors", authors) { json, author in
            json.object { json in
                json.field("name", author.name ?? (author.url == nil ? author.email : nil))
                json.field("url", author.url)
                json.field("email", author.email)
            }
        }
    }

    /// `id` if it is an `atom:id`, a URI of any scheme (RFC 4287 §4.2.6: `urn:`, `tag:`). It takes the place of an address that the
    /// document does not give. Only here: in the ledger and the stream an id is never an address.
    private func addressable(_ id: String?) -> String? {
        id.flatMap { format == .atom && URI($0).scheme != nil ? $0 : nil }
    }
}
