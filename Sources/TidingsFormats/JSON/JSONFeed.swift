import TidingsCore

/// Whether the `version` of a JSON document is that of a JSON Feed. Writers get the scheme, the host and the end of
/// this address wrong, but not these two words.
func isJSONFeed(_ version: String) -> Bool {
    let version = version.lowercased()
    return version.contains("jsonfeed") && version.contains("version")
}

/// JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1).
/// - Parameter top: the document's object, or the part of it that could be read before `failure`.
func readJSONFeed(
    _ top: JSONTree, version: String, failure: JSONReader.Failure?, text: DecodedText, hints: DocumentHints
) -> ParsedDocument {
    var document = ParsedDocument(format: .jsonFeed, shape: .window, charset: text.charset)
    document.version = version.contains("1.1") ? "json11" : "json10"
    document.title = top["title"]?.text?.trimmedOrNil
    document.homePageURL = top["home_page_url"]?.text?.trimmedOrNil
    document.feedURL = top["feed_url"]?.text?.trimmedOrNil
    document.hubs = (top["hubs"]?.elements ?? []).prefix(FeedHead.hubLimit).compactMap { hub in
        // Before it was a W3C Recommendation, WebSub was called PubSubHubbub. Other types are other protocols.
        guard ["websub", "pubsubhubbub"].contains(hub["type"]?.text?.lowercased()) else { return nil }
        return hub["url"]?.text?.trimmedOrNil
    }
    document.description = top["description"]?.text?.trimmedOrNil
    document.language = top["language"]?.text?.trimmedOrNil
    document.image = (top["icon"] ?? top["favicon"])?.text?.trimmedOrNil
    document.authors = authors(of: top)
    var hints = hints
    hints.baseURL = hints.baseURL ?? document.feedURL ?? document.homePageURL
    document.take(
        top["items"]?.elements ?? [], failure: failure, text: text, authors: document.authors, hints: hints)
    return document
}
