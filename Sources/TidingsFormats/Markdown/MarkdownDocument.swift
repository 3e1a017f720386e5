import CMarkup
import TidingsCore

/// Reads Markdown (CommonMark), with optional front matter, as one article.
func readMarkdown(_ utf8: [UInt8], charset: String, hints: DocumentHints) -> ParsedDocument {
    var document = ParsedDocument(format: .markdown, shape: .single, charset: charset)
    let hash = Item.rawHash(title: nil, body: utf8)
    var item = Item(rawHash: hash)
    var body = utf8
    if let front = FrontMatter(utf8, rawHash: hash) {
        item = front.item
        if let problem = front.problem { document.problems.append(problem) }
        body = Array(utf8[front.body...])
    }
    guard body.count <= markdownLimitBytes else {
        document.problems.append(Problem("Markdown of more than \(markdownLimitBytes) bytes is read as plain text"))
        item.put(readArticle(body, textLines(body)))
        document.items = [item]
        return document
    }
    let nodes = HTMLNodes(MarkdownHTML.html(of: body))
    // A heading of the first level that opens the body is the title, whether or not the front matter gives it too.
    let heading = firstElement(of: nodes).flatMap { nodes.tag($0) == TIDINGS_HTML_H1 ? $0 : nil }
    let title = heading.map { HTMLText.line(of: $0, in: nodes) }.flatMap { $0.isEmpty ? nil : $0 }
    if let title, item.title == nil { item.title = title }
    let isRepeated = title != nil && title == item.title
    item.text = HTMLText.text(of: nodes, in: nodes.all) { isRepeated && $0 == heading }
    if nodes.isTruncated {
        document.problems.append(Problem("the document is too large or nested too deep; its end was not read"))
        document.isPartial = true
    }
    guard item.title != nil || !item.text.isEmpty else {
        document.problems.append(Problem("the text is empty"))
        return document
    }
    document.items = [item]
    return document
}

/// cmark builds a tree of the whole document, with up to 200 bytes for each byte of it.
private let markdownLimitBytes = 2 << 20

/// The first element of the body, without the wrappers that the HTML parser adds.
private func firstElement(of nodes: HTMLNodes) -> Int? {
    nodes.all.first { node in
        switch nodes.tag(node) {
        case TIDINGS_HTML_HTML, TIDINGS_HTML_BODY, TIDINGS_HTML_HEAD: false
        case TIDINGS_HTML_TEXT: nodes.bytes[nodes.textRange(node)].contains { $0 > 0x20 }
        default: true
        }
    }
}
