import TidingsCore

/// Reads items in JSON that is no JSON Feed: an array of objects, an object with an array of them, one object, or one
/// object per line. The field names are JSON Feed's, or those that other programs use for the same.
func readJSON(_ text: DecodedText, hints: DocumentHints) throws(UnreadableDocument) -> ParsedDocument {
    var reader = JSONReader(text.utf8)
    reader.skipSpace()
    if text.utf8.first(where: { !$0.isXMLSpace }) == UInt8(ascii: "[") {
        let (elements, failure) = reader.elementsUpToFailure()
        if let failure, elements.isEmpty { throw .malformed(failure.message, line: failure.line) }
        return document(of: elements, shape: .list, failure: failure, text: text, hints: hints)
    }
    // Of a truncated object, the members before the end are kept; of its array, the elements before the end.
    var members: [(key: String, value: JSONTree)] = []
    var failure: JSONReader.Failure?
    do throws(JSONReader.Failure) {
        try reader.object { key, reader throws(JSONReader.Failure) in
            if key == "items" || key == "articles" || key == "entries" || key == "posts" {
                let (elements, broken) = reader.elementsUpToFailure()
                members.append((key, .array(elements)))
                if let broken { throw broken }
            } else {
                members.append((key, try reader.value()))
            }
        }
        try reader.expectEnd()
    } catch {
        failure = error
    }
    let top = JSONTree.object(members)
    if let version = top["version"]?.text, isJSONFeed(version) {
        return readJSONFeed(top, version: version, failure: failure, text: text, hints: hints)
    }
    if let elements = top["items", "articles", "entries", "posts"]?.elements {
        return document(of: elements, shape: .list, failure: failure, text: text, hints: hints)
    }
    if let failure { throw .malformed(failure.message, line: failure.line) }
    return document(of: [top], shape: .single, failure: nil, text: text, hints: hints)
}

/// Reads JSON Lines: the values of each line, of which there should be one. The rest of a line that cannot be read is skipped
/// and reported.
func readJSONLines(_ text: DecodedText, hints: DocumentHints) -> ParsedDocument {
    let utf8 = text.utf8
    var document = ParsedDocument(format: .jsonLines, shape: .list, charset: text.charset)
    var problems = ProblemLog()
    for problem in text.problems { problems.add(problem) }
    var start = 0
    var line = 0
    while start < utf8.count {
        line += 1
        let end = utf8.position(of: 0x0A, from: start) ?? utf8.count
        defer { start = end + 1 }
        guard utf8[start..<end].contains(where: { !$0.isXMLSpace }) else { continue }
        var reader = JSONReader(utf8, range: start..<end)
        do throws(JSONReader.Failure) {
            // Programs that forget the line end, and those that write a comma behind each value.
            while !reader.isAtEnd() {
                let value = try reader.value()
                if let item = item(of: value, index: document.items.count, hints: hints, problems: &problems) {
                    document.items.append(item)
                } else {
                    problems.add(Problem("the line is no item", line: line))
                }
                _ = reader.skip(",")
            }
        } catch {
            problems.add(Problem(error.message, line: line))
            // A line that cannot be read may be an item that is still there.
            document.isPartial = true
        }
    }
    document.problems = problems.all
    return document
}

private func document(
    of elements: [JSONTree], shape: DocumentShape, failure: JSONReader.Failure?, text: DecodedText, hints: DocumentHints
) -> ParsedDocument {
    var document = ParsedDocument(format: .json, shape: shape, charset: text.charset)
    document.take(elements, failure: failure, text: text, authors: [], hints: hints)
    return document
}

extension ParsedDocument {
    /// Makes items of `elements`. Reports elements that are no items, and `failure`, after which the document is
    /// partial.
    mutating func take(
        _ elements: [JSONTree], failure: JSONReader.Failure?, text: DecodedText, authors: [Author], hints: DocumentHints
    ) {
        var log = ProblemLog()
        for problem in text.problems { log.add(problem) }
        for (index, element) in elements.enumerated() {
            guard var item = item(of: element, index: index, hints: hints, problems: &log) else {
                log.add(Problem("the element is no item", item: index))
                continue
            }
            if item.authors.isEmpty { item.authors = authors }
            item.language = item.language ?? language
            items.append(item)
        }
        isMalformed = failure != nil || !text.problems.isEmpty
        if let failure {
            log.add(Problem(failure.message, line: failure.line))
            isPartial = true
        }
        problems = log.all
    }
}

/// One object as an item; nil if it has no content.
private func item(of value: JSONTree, index: Int, hints: DocumentHints, problems: inout ProblemLog) -> Item? {
    guard value.isObject else { return nil }
    var draft = FeedItemDraft()
    draft.hasFields = true
    draft.base = hints.baseURL
    draft.id.offer(value["id", "guid", "_id"]?.text?.trimmedOrNil, .own)
    draft.title.offer(undeclared(value["title", "headline", "name"]), .own)
    draft.link.offer(value["url", "link", "permalink", "href"]?.text?.trimmedOrNil, .own)
    draft.link.offer(value["external_url"]?.text?.trimmedOrNil, .fallback)
    draft.content.offer(body(of: value), .own)
    draft.description.offer(undeclared(value["summary", "description", "excerpt"]), .own)
    draft.published.offer(
        date(value["date_published", "published", "published_at", "pubDate", "pubdate", "date", "created_at"]), .own)
    draft.modified.offer(date(value["date_modified", "updated", "modified", "updated_at"]), .own)
    draft.language.offer(value["language", "lang"]?.text?.trimmedOrNil, .own)
    for author in authors(of: value) { draft.authors.offer(author, .own) }
    for tag in value["tags", "categories", "keywords"]?.elements ?? [] {
        draft.addTag(tag.text ?? tag["name", "label"]?.text)
    }
    draft.addTag(value["category"]?.text)
    for attachment in value["attachments"]?.elements ?? [] {
        draft.addAttachment(file(attachment, base: hints.baseURL))
    }
    guard draft.id.value != nil || draft.title.value != nil || draft.link.value != nil || draft.content.value != nil
        || draft.description.value != nil
    else { return nil }
    return draft.item(index: index, language: nil, authors: [], hints: hints, problems: &problems)
}

/// One of `attachments` (JSON Feed 1.1); nil without an address.
private func file(_ value: JSONTree, base: String?) -> Attachment? {
    guard let url = value["url"]?.text?.trimmedOrNil else { return nil }
    return Attachment(
        url: URI.resolve(url, against: base), mimeType: value["mime_type"]?.text?.trimmedOrNil,
        sizeBytes: (value["size_in_bytes"]?.text).flatMap { Int64($0) })
}

/// Text that may or may not be HTML; nil if it is blank.
private func undeclared(_ value: JSONTree?) -> FeedText? {
    value?.text?.trimmedOrNil.map { FeedText(bytes: Array($0.utf8), kind: .undeclared) }
}

private func body(of value: JSONTree) -> FeedText? {
    if let html = value["content_html", "html"]?.text?.trimmedOrNil { return FeedText(bytes: Array(html.utf8), kind: .html) }
    if let text = value["content_text"]?.text?.trimmedOrNil { return FeedText(bytes: Array(text.utf8), kind: .plain) }
    guard let text = (value["text"]?.text ?? value["body"]?.text ?? value["content"]?.text)?.trimmedOrNil else { return nil }
    return FeedText(bytes: Array(text.utf8), kind: .undeclared)
}

private func date(_ value: JSONTree?) -> String? {
    guard let text = value?.text?.trimmedOrNil else { return nil }
    // 1700000000.25 is in seconds too.
    if case .number = value, let seconds = Double(text), seconds.magnitude < 1e15 { return String(Int64(seconds)) }
    return text
}

/// `authors`, `author`, `byline`: a string, an object, or a list of either.
func authors(of value: JSONTree) -> [Author] {
    guard let field = value["authors", "author", "creator", "byline"] else { return [] }
    return (field.elements ?? [field]).compactMap { element in
        if let text = element.text { return FeedAuthor.parse(text) }
        let author = Author(
            name: element["name"]?.text?.trimmedOrNil, url: element["url"]?.text?.trimmedOrNil,
            email: element["email"]?.text?.trimmedOrNil)
        return author == Author() ? nil : author
    }
}
