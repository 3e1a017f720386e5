import TidingsCore

// What programs are told of articles and versions. Keys are a contract: fields may be added, none is renamed.

extension ArticleSummary {
    /// One JSON object.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { write(into: &$0) }
        return json.bytes
    }

    /// The same with the number of one of its versions, if one is meant.
    package func json(version: Int?) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            write(into: &json)
            json.field("version", version)
        }
        return json.bytes
    }

    /// The same with the newest version, its item and its text.
    package func json(newest: StoredVersion) -> [UInt8] {
        var json = JSONWriter(capacity: newest.form.bytes.count + 2048)
        json.object { json in
            write(into: &json)
            json.object("newest") { newest.write(into: &$0) }
        }
        return json.bytes
    }

    private func write(into json: inout JSONWriter) {
        json.field("id", id.description)
        json.field("title", title)
        json.field("versions", versions)
        json.field("first_seen", rfc3339(milliseconds: firstSeenMilliseconds, fraction: true))
        json.field("changed", rfc3339(milliseconds: changedMilliseconds, fraction: true))
        json.field("removed", removedMilliseconds.map { rfc3339(milliseconds: $0, fraction: true) })
        json.array("sightings", sightings) { json, origin in json.object { json in origin.write(into: &json) } }
    }
}

extension VersionSummary {
    /// The fields of the object that is about this version.
    func write(into json: inout JSONWriter) {
        json.field("version", number)
        json.field("committed", rfc3339(milliseconds: committedMilliseconds, fraction: true))
        json.field("sequence", sequence)
        json.field("class", changeClass?.rawValue)
        json.field("content_hash", contentHash.description)
        json.field("title", title)
        json.field("characters", characters)
    }
}

extension StoredVersion {
    /// One JSON object, without the item.
    package var summaryJSON: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("article", article.description)
            summary.write(into: &json)
        }
        return json.bytes
    }

    /// One JSON object, with the item and its text.
    package var json: [UInt8] {
        var json = JSONWriter(capacity: form.bytes.count + 1024)
        json.object { json in
            json.field("article", article.description)
            write(into: &json)
        }
        return json.bytes
    }

    fileprivate func write(into json: inout JSONWriter) {
        summary.write(into: &json)
        json.object("item") { json in
            json.field("id", item.id)
            ChangeLine.write(item, into: &json)
            json.field("summary", item.summary)
            json.field("content_text", form.text)
        }
    }
}
