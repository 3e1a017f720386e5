/// An HTML page to one article.
func readHTML(_ utf8: [UInt8], charset: String, hints: DocumentHints) -> ParsedDocument {
    ParsedDocument(format: .html, shape: .single, charset: charset)
}
