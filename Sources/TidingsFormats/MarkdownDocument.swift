/// Markdown with optional YAML front matter to one article.
func readMarkdown(_ utf8: [UInt8], charset: String, hints: DocumentHints) -> ParsedDocument {
    ParsedDocument(format: .markdown, shape: .single, charset: charset)
}
