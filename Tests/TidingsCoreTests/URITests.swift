import Testing

@testable import TidingsCore

@Suite("Addresses and references") struct URITests {
    @Test("a reference has the parts of RFC 3986, as they are written, and is put together again", arguments: [
        ("https://u:p@H.example:80/a/b?c=d?e#f#g", ["https", "u:p@H.example:80", "/a/b", "c=d?e", "f#g"]),
        ("mailto:x@h.example", ["mailto", nil, "x@h.example", nil, nil]), ("//h?#", [nil, "h", "", "", ""]),
        ("a/b:c", [nil, nil, "a/b:c", nil, nil]), ("1a:b", [nil, nil, "1a:b", nil, nil]), ("x#a:b", [nil, nil, "x", nil, "a:b"]),
        ("", [nil, nil, "", nil, nil]), ("http:/\u{301}/x", ["http", nil, "/\u{301}/x", nil, nil]),
        // A combining mark behind a delimiter leaves it one.
        ("http://\u{301}h/\u{301}?\u{301}#\u{301}", ["http", "\u{301}h", "/\u{301}", "\u{301}", "\u{301}"]),
    ] as [(String, [String?])])
    func parts(text: String, parts: [String?]) {
        let uri = URI(text)
        #expect([uri.scheme, uri.authority, uri.path, uri.query, uri.fragment].map { $0.map(String.init) } == parts)
        #expect(uri.text == text)
    }

    @Test("the host is known without user and port", arguments: [
        ("https://U:p@H.Example:8080/x", "h.example"), ("https://h.example", "h.example"), ("https://h:", "h"), ("https://a@b@h/", "h"),
        ("https://[::1]:80/", "[::1]"), ("https://[::1]/", "[::1]"), ("https://192.0.2.1:80", "192.0.2.1"), ("https://:80/", nil),
        ("https:///x", nil), ("mailto:x@h.example", nil), ("/x", nil),
    ] as [(String, String?)])
    func host(text: String, host: String?) { #expect(URI(text).host == host) }

    @Test("an address of the web is http or https in any case", arguments: [
        ("http://h/", "http"), ("HTTPS://h/", "https"), ("https:h", "https"), ("ftp://h/", nil), ("//h/", nil), ("httpx://h/", nil), ("", nil),
    ] as [(String, String?)])
    func web(text: String, scheme: String?) { #expect(URI(text).webScheme == scheme) }


    // The examples of RFC 3986 §5.4.
    @Test("references resolve as RFC 3986 has them", arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), ("/\u{301}g/../h", "http://a/h"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"), ("./g/.", "http://a/b/c/g/"),
        ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ])
    func resolves(reference: String, address: String) {
        #expect(URI.resolve(reference, against: "http://a/b/c/d;p?q") == address)
    }

    @Test("a reference without a base, or with one that is none, stays as it is", arguments: [
        ("/a", nil, "/a"), (" https://a.example/x\n", nil, "https://a.example/x"), ("a", "not absolute", "a"),
        ("a", "mailto:x@a.example", "a"), ("a", "https://a.example", "https://a.example/a"),
        ("", "https://a.example/b ?c # d", "https://a.example/b ?c"),
    ] as [(String, String?, String)])
    func withoutBase(reference: String, base: String?, result: String) {
        #expect(URI.resolve(reference, against: base) == result)
    }
}
