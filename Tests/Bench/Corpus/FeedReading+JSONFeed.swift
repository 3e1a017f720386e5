extension FeedReading {
    /// From the line that `tidings parse` writes.
    init(jsonFeed json: JSONValue) {
        let extras = json["_tidings"]
        feed = Self.fields([
            "title": json["title"], "link": json["home_page_url"], "subtitle": json["description"],
            "language": json["language"], "author": json["authors"].list.first?["name"],
            "id": extras["id"], "updated": extras["updated"], "published": extras["published"],
            "author_email": extras["author_email"], "categories": extras["categories"], "image": extras["image"],
            "rights": extras["rights"], "generator": extras["generator"],
        ])
        entries = json["items"].list.map(Self.entry)
        entryCount = entries.count
        isMalformed = extras["is_malformed"].boolean
        encoding = extras["charset"].text
        version = Self.versionName(format: extras["format"].text ?? "", version: extras["format_version"].text)
    }

    private static func entry(_ item: JSONValue) -> [String: JSONValue] {
        let extras = item["_tidings"]
        let author = item["authors"].list.first
        let enclosures = item["attachments"].list.map { attachment in
            JSONValue.object([
                "url": attachment["url"], "type": attachment["mime_type"], "length": attachment["size_in_bytes"],
            ])
        }
        return fields([
            "id": first(extras["id"], item["id"]), "title": item["title"], "link": item["url"],
            "published": item["date_published"], "updated": item["date_modified"], "summary": first(extras["summary_html"], item["summary"]),
            "content": first(item["content_html"], item["content_text"]), "author": author?["name"],
            "author_email": first(extras["author_email"], author?["email"] ?? .null), "language": item["language"],
            "categories": item["tags"], "enclosures": enclosures.isEmpty ? nil : .list(enclosures),
            "rights": extras["rights"], "comments": extras["comments"],
        ])
    }

    private static func fields(_ values: [String: JSONValue?]) -> [String: JSONValue] {
        JSONValue.object(values.compactMapValues(\.self)).members
    }

    private static func first(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
        if case .null = one { other } else { one }
    }

    /// feedparser's names, which the cases use: `rss092`, `rss20`, `atom10`, and the format alone where the feed names no version.
    private static func versionName(format: String, version: String?) -> String? {
        let family = format == "rdf" ? "rss" : format
        guard let version else { return family }
        // 2.0.1 and 2.1 were never anything but other names of 2.0.
        return family + (family == "rss" && version.hasPrefix("2") ? "20" : version.filter(\.isNumber))
    }
}
