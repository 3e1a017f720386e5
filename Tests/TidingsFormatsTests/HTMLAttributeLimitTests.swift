import Testing

@testable import TidingsFormats

/// `count` attributes that all differ.
private func attributes(_ count: Int) -> String { (0..<count).map { "a\($0)" }.joined(separator: " ") }

@Suite struct HTMLAttributeLimitTests {
    @Test("what has few attributes stays byte for byte", arguments: [
        "", "<", "<p", "<p a", "<p a=", "<p a=\"", "a < b", "<p a='>'b=\">\"c=d>text</p>", "<!-- <p " + attributes(300) + " -->",
        "<script>if (a<b " + attributes(300) + ") {}</script>", "<style>a<b " + attributes(300) + "</STYLE>",
        "<p alt=\"" + attributes(300) + "\">", "<p " + attributes(256) + ">", "<br/>" + attributes(300) + ">",
    ])
    func keeps(html: String) { #expect(HTMLAttributeLimit.applied(to: Array(html.utf8)) == Array(html.utf8)) }

    @Test("attributes beyond the limit go, wherever the tag hides", arguments: [
        ("<p ", ">text"), ("<!--><p ", ">text"), ("<!-- --!><p ", ">text"), ("<!x <a b=\"><p ", ">text"), ("</a b=\"><p ", ">text"),
        ("<script/><p ", ">text"), ("<p a'=\"><p ", ">text"), ("<script>a</script><p ", "/>text"), ("<scripts><p ", ">text"),
    ])
    func cuts(start: String, end: String) {
        let kept = start + attributes(256) + " "
        let html = kept + (256..<300).map { "a\($0)=\"x>\"" }.joined() + end
        #expect(String(decoding: HTMLAttributeLimit.applied(to: Array(html.utf8)), as: UTF8.self) == kept + end)
    }

    @Test("a tag of many attributes is read in a moment", .timeLimit(.minutes(1)))
    func many() {
        let nodes = HTMLNodes(Array("<p \(attributes(400_000))>end".utf8))
        #expect(nodes.nodes.contains { $0.count == 256 })
    }
}
