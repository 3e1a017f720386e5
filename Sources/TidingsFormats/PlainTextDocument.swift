/// Plain text to one article, or a digest to several.
func readPlainText(_ utf8: [UInt8], charset: String, hints: DocumentHints) -> ParsedDocument {
    ParsedDocument(format: .text, shape: .single, charset: charset)
}
