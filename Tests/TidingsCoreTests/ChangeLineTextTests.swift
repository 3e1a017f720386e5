import Testing

@testable import TidingsCore

@Suite("A line with its version's text") struct ChangeLineTextTests {
    @Test("the text is the item's last field, and no other byte changes", arguments: [
        (line: #"{"data":{"version":1,"item":{"title":"A"},"characters":3}}"#,
            expected: #"{"data":{"version":1,"item":{"title":"A","content_text":"One."},"characters":3}}"#),
        (line: #"{"data":{"version":1,"item":{}}}"#, expected: #"{"data":{"version":1,"item":{"content_text":"One."}}}"#),
        // Braces within strings, behind escaped quotes, and of objects within the item end nothing.
        (line: #"{"data":{"version":1,"item":{"title":"} \" }","authors":[{"name":"{"}],"tags":["\\"]},"cut":true}}"#,
            expected: #"{"data":{"version":1,"item":{"title":"} \" }","authors":[{"name":"{"}],"tags":["\\"],"content_text":"One."},"cut":true}}"#),
        // A key that looks like an item's.
        (line: #"{"data":{"origin":{"key":",\"item\":{"},"item":{"url":"u"}}}"#,
            expected: #"{"data":{"origin":{"key":",\"item\":{"},"item":{"url":"u","content_text":"One."}}}"#),
        (line: #"{"data":{"state":"ok"}}"#, expected: #"{"data":{"state":"ok"}}"#),
        (line: #"{"data":{"version":1,"item":{"title":"never ends"#, expected: #"{"data":{"version":1,"item":{"title":"never ends"#),
    ])
    func adds(line: String, expected: String) {
        let result = ChangeLine.adding(text: "One.", to: Array(line.utf8))
        #expect(String(decoding: result, as: UTF8.self) == expected)
    }

    @Test("the text is escaped as in any line")
    func escapes() {
        let result = ChangeLine.adding(text: "\"One\"\n\u{1}", to: Array(#"{"data":{"version":1,"item":{}}}"#.utf8))
        #expect(String(decoding: result, as: UTF8.self) == #"{"data":{"version":1,"item":{"content_text":"\"One\"\n\u0001"}}}"#)
    }
}
