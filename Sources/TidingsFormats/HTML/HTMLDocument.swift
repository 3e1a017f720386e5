import CMarkup
import TidingsCore

/// Reads an HTML page as one article.
func readHTML(_ utf8: [UInt8], charset: String, hints: DocumentHints) -> ParsedDocument {
    var document = ParsedDocument(format: .html, shape: .single, charset: charset)
    let nodes = HTMLNodes(utf8)
    if nodes.isTruncated {
        document.problems.append(Problem("the page is too large or nested too deep; its end was not read"))
        document.isPartial = true
    }
    let metadata = PageMetadata(
        nodes, url: hints.baseURL, headline: KnownHeadline(feedTitle: hints.feedTitle, kind: hints.headline))
    var item = Item(rawHash: Item.rawHash(title: nil, body: utf8))
    item.title = metadata.title
    item.url = metadata.url
    item.datePublished = metadata.datePublished
    item.dateModified = metadata.dateModified
    item.authors = metadata.authors
    item.language = metadata.language
    item.tags = metadata.tags
    item.summary = metadata.summary
    document.nextPage = metadata.next
    document.headline = metadata.headline
    let content = PageText(nodes, fields: metadata.fields, memory: hints.blockMemory)
    var isData = false
    if let content {
        document.blockMemory = content.memory
        document.contentKind = content.contentKind
        let data = metadata.body.flatMap(content.wholeText(inData:))
        isData = data != nil
        let text = data ?? content.text
        item.put(readArticle(text, textLines(text), knownTitle: metadata.title, heading: content.heading))
        // Prose is text whatever it looks like.
        if item.text.isEmpty, content.kept.contains(where: { content.page.blocks[$0].isProse }) {
            item.text = String(decoding: text, as: UTF8.self)
        }
    }
    // A page that shows nothing without its scripts may have its text as data.
    if item.text.isEmpty, let body = metadata.body {
        item.text = String(decoding: PageText.text(ofData: body), as: UTF8.self)
        isData = true
    }
    let signs = PageSigns(nodes, source: utf8, metadata: metadata, content: content, text: item.text, isData: isData)
    document.obstacle = signs.obstacle
    document.isUnsure = signs.isUnsure(document.contentKind)
    guard item.title != nil || !item.text.isEmpty else {
        document.problems.append(Problem("the page has no text"))
        return document
    }
    document.items = [item]
    return document
}
