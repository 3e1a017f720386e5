/// The change stream's line format: one CloudEvents 1.0 event in its JSON format (CloudEvents JSON Event Format §3),
/// UTF-8, compact, keys in fixed order, ended by one `\n`, at most `limitBytes` long including the `\n`.
///
/// The bytes of a line are made once, inside the transaction that makes the change, and stored; publishing copies them.
/// Fields may be added at the end of `data`; none is renamed, reordered or given a new meaning.
package enum ChangeLine {
    /// The limit lets a reader use a buffer of fixed size.
    package static let limitBytes = 32_767
    // Limits of the fields when the whole line is too long, in bytes of the line, escapes included. A line has at most
    // 2 keys, 4 texts, 16 authors of 3 names each, 32 tags and 2 short names: that leaves 3 kB for the fields of fixed
    // length.
    private static let keyLimitBytes = 4_096
    private static let textLimitBytes = 2_048
    private static let nameLimitBytes = 128
    private static let authorLimit = 16
    private static let tagLimit = 32

    /// As many digits as the largest sequence number, 2^63 - 1, has: with leading zeros, the numbers sort as text.
    package static let sequenceDigits = 19

    /// The line of `change`, with its `\n`.
    /// - Parameters:
    ///   - sequence: 1, 2, 3 …; `sequence` gives it in 19 digits so that it sorts as text (CloudEvents sequence extension).
    ///   - stream: the stream id, a UUID in lowercase.
    ///   - milliseconds: the time of the commit.
    package static func encode(_ change: Change, sequence: Int64, stream: String, milliseconds: Int64) -> [UInt8] {
        let line = write(change, sequence: sequence, stream: stream, milliseconds: milliseconds)
        guard line.count > limitBytes else { return line }
        // The line says that it is cut; the ledger keeps everything.
        return write(shortened(change), sequence: sequence, stream: stream, milliseconds: milliseconds, isCut: true)
    }

    /// Log shippers tell files apart by a hash of the first 1,024 bytes, and pass over a file that has fewer (Filebeat's `fingerprint`).
    private static let headerBytes = 1_100

    /// The first line of each change file. It is no change and has no sequence number of its own.
    /// - Parameter first: the sequence number of the first change in the file.
    package static func header(stream: String, first: Int64, milliseconds: Int64) -> [UInt8] {
        let bare = header(stream: stream, first: first, milliseconds: milliseconds, padding: "")
        return header(
            stream: stream, first: first, milliseconds: milliseconds,
            padding: String(repeating: " ", count: max(0, headerBytes - bare.count)))
    }

    private static func header(stream: String, first: Int64, milliseconds: Int64, padding: String) -> [UInt8] {
        var json = JSONWriter(capacity: headerBytes)
        json.object { json in
            json.field("specversion", "1.0")
            json.field("id", "header-\(first)")
            json.field("source", "urn:uuid:\(stream)")
            json.field("type", ChangeType.streamHeader.name)
            json.field("time", rfc3339(milliseconds: milliseconds, fraction: true))
            json.object("data") { json in
                json.field("schema", 1)
                json.field("first", first)
                json.field("padding", padding)
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// The sequence number of a whole line, read from its fixed start; nil for a header, or if it is no line of this
    /// format.
    package static func sequence(of line: [UInt8]) -> Int64? {
        let start = #"{"specversion":"1.0","id":""#.utf8
        guard line.starts(with: start) else { return nil }
        let rest = line.dropFirst(start.count)
        // One digit less than the largest number has: callers can add to the result without overflow, whatever a
        // damaged line says.
        let digits = rest.prefix(sequenceDigits - 1).prefix(while: \.isASCIIDigit)
        guard rest.dropFirst(digits.count).first == UInt8(ascii: "\"") else { return nil }
        return decimalNumber(digits).map(Int64.init)
    }

    /// Distinguishes a line that was damaged on the disk from the one that was committed.
    package static func checksum(of line: [UInt8]) -> Int64 { Int64(bitPattern: ContentHash.of(line).firstWord) }

    private static func write(
        _ change: Change, sequence: Int64, stream: String, milliseconds: Int64, isCut: Bool = false
    ) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("specversion", "1.0")
            json.field("id", String(sequence))
            json.field("source", "urn:uuid:\(stream)")
            json.field("type", change.type.name)
            json.field("time", rfc3339(milliseconds: milliseconds, fraction: true))
            json.field("subject", change.article?.description)
            json.field("sequence", zeroPadded(Int(sequence), digits: sequenceDigits))
            json.object("data") { json in write(change, into: &json, isCut: isCut) }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ change: Change, into json: inout JSONWriter, isCut: Bool) {
        json.field("version", change.version)
        json.field("previous_version", change.previousVersion)
        json.field("content_hash", change.contentHash?.description)
        json.field("previous_content_hash", change.previousContentHash?.description)
        json.array("changed", change.changed) { json, field in json.string(field.rawValue) }
        json.field("class", change.changeClass?.rawValue)
        json.field("characters_added", change.charactersAdded)
        json.field("characters_removed", change.charactersRemoved)
        json.field("reason", change.reason?.rawValue)
        if let fork = change.forkedFrom {
            json.object("forked_from") { json in
                json.field("article", fork.article.description)
                json.field("version", fork.number)
            }
        }
        json.field("moved_from", change.movedFrom)
        json.field("state", change.state?.rawValue)
        json.field("detail", change.detail)
        if change.isBackfill { json.field("backfill", true) }
        if let origin = change.origin { json.object("origin") { json in origin.write(into: &json) } }
        if let item = change.item { json.object("item") { json in write(item, into: &json) } }
        json.field("characters", change.characters)
        if isCut { json.field("cut", true) }
    }

    /// Writes the fields of `item` that a line carries: all but its text.
    package static func write(_ item: Item, into json: inout JSONWriter) {
        json.field("title", item.title)
        json.field("url", item.url)
        json.field("date_published", item.datePublished?.description)
        json.field("date_modified", item.dateModified?.description)
        json.array("authors", item.authors) { json, author in
            json.object { json in
                json.field("name", author.name)
                json.field("url", author.url)
                json.field("email", author.email)
            }
        }
        json.field("language", item.language)
        json.array("tags", item.tags) { json, tag in json.string(tag) }
    }

    private static func shortened(_ change: Change) -> Change {
        var short = change
        short.item = change.item.map(shortened)
        short.detail = cut(change.detail, to: textLimitBytes)
        short.movedFrom = cut(change.movedFrom, to: keyLimitBytes)
        if let origin = change.origin {
            short.origin = Origin(
                source: cut(origin.source, to: nameLimitBytes), kind: origin.kind,
                key: cut(origin.key, to: keyLimitBytes), url: cut(origin.url, to: textLimitBytes),
                page: cut(origin.page, to: textLimitBytes))
        }
        return short
    }

    private static func shortened(_ item: Item) -> Item {
        var short = item
        short.title = cut(item.title, to: textLimitBytes)
        short.url = cut(item.url, to: textLimitBytes)
        short.language = cut(item.language, to: nameLimitBytes)
        short.tags = item.tags.prefix(tagLimit).map { cut($0, to: nameLimitBytes) }
        short.authors = item.authors.prefix(authorLimit).map { author in
            Author(
                name: cut(author.name, to: nameLimitBytes), url: cut(author.url, to: nameLimitBytes),
                email: cut(author.email, to: nameLimitBytes))
        }
        return short
    }

    private static func cut(_ text: String?, to limit: Int) -> String? { text.map { cut($0, to: limit) } }

    /// The leading scalars of `text` that occupy at most `limit` bytes of a line.
    private static func cut(_ text: String, to limit: Int) -> String {
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += JSONWriter.bytes(of: scalar)
            if bytes > limit { return String(kept) }
            kept.append(scalar)
        }
        return text
    }
}

extension Origin {
    /// Writes the fields that every line has.
    package func write(into json: inout JSONWriter) {
        json.field("source", source)
        json.field("kind", kind.rawValue)
        json.field("key", key)
        json.field("url", url)
        json.field("page", page)
    }
}
