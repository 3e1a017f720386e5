import TidingsCore

@testable import TidingsFormats

func checkFeed(_ bytes: [UInt8]) {
    let hints = DocumentHints(baseURL: "https://harbour.example/feed", expectsFeed: true, keepsHTML: true)
    guard let document = checkedDocument(bytes, hints) else { return }
    checkKnownTexts(document, bytes, hints)
    checkBeginning(of: document, bytes, hints)
}

func checkJSON(_ bytes: [UInt8]) {
    for name in ["items.json", "items.jsonl"] {
        let hints = DocumentHints(fileName: name, keepsHTML: true)
        guard let document = checkedDocument(bytes, hints) else { continue }
        checkKnownTexts(document, bytes, hints)
        checkBeginning(of: document, bytes, hints)
    }
}

func checkArticle(_ bytes: [UInt8], fileName: String) {
    _ = checkedDocument(bytes, DocumentHints(fileName: fileName))
}

/// The document, whose items are as `Item` promises; nil if it cannot be read.
func checkedDocument(_ bytes: [UInt8], _ hints: DocumentHints) -> ParsedDocument? {
    let document = try? readDocument(bytes, hints: hints)
    requireEqual(document, try? readDocument(bytes, hints: hints), "the same bytes give the same document")
    for item in document?.items ?? [] { checkItem(item) }
    return document
}

private func checkItem(_ item: Item) {
    for line in [item.title, item.summary] {
        guard let line else { continue }
        require(!line.isEmpty && !line.utf8.contains(0x0A), "a title or summary is one line: \(line.debugDescription)")
    }
    for text in [item.id, item.url, item.language] { require(text != "", "absent, never empty: \(item)") }
    require(!item.tags.contains(""), "no tag is empty")
    require(!item.authors.contains(Author()), "an author has a name, a url or an email")
    checkText(item.text)
    for date in [item.datePublished, item.dateModified] {
        guard let date else { continue }
        requireEqual(ItemDate(date.description), date, "a date is read back from its words")
    }
    for html in [item.contentHTML, item.summaryHTML] {
        if let html { checkIsSafe(html) }
    }
    let form = CanonicalForm(title: item.title, text: item.text)
    requireEqual(CanonicalForm(title: form.title, text: form.text).hash, form.hash, "the canonical form is canonical")
}

/// Paragraphs, each one line, none of them blank.
func checkText(_ text: String) {
    guard !text.isEmpty else { return }
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    require(
        lines.allSatisfy { line in line.contains { $0 > 0x20 } }, "no paragraph is blank: \(text.debugDescription)")
}

/// What is left out because the reader knows it is all that differs.
private func checkKnownTexts(_ document: ParsedDocument, _ bytes: [UInt8], _ hints: DocumentHints) {
    var hints = hints
    hints.knownRawHashes = Set(document.items.map(\.rawHash))
    var known = try? readDocument(bytes, hints: hints)
    requireEqual(known?.items.count, document.items.count, "known items are still items")
    for (index, item) in document.items.enumerated() where known?.items[index].isTextDerived == false {
        known?.items[index].isTextDerived = true
        known?.items[index].text = item.text
        known?.items[index].summary = item.summary
        known?.items[index].contentHTML = item.contentHTML
        known?.items[index].summaryHTML = item.summaryHTML
    }
    requireEqual(known?.items, document.items, "a known text changes nothing else")
}

/// A document that was cut off has no item that the whole does not have, and none that is only half there.
private func checkBeginning(of document: ParsedDocument, _ bytes: [UInt8], _ hints: DocumentHints) {
    let count = checksum(bytes) % max(bytes.count, 1)
    let beginning = Array(bytes.prefix(count))
    // In a comment that is cut off before the first element, a feed may be found.
    if let comment = beginning.position(of: "<!--", from: 0), beginning.position(of: "-->", from: comment) == nil { return }
    guard let start = try? readDocument(beginning, hints: hints),
        start.format == document.format, start.charset == document.charset
    else { return }
    let items = Set(document.items.map { [$0.id, $0.rawHash.description] })
    for item in start.items {
        require(items.contains([item.id, item.rawHash.description]), "the first \(count) bytes have an item more: \(item)")
    }
}
