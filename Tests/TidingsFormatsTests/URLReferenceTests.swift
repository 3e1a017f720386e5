import Testing

@testable import TidingsFormats

@Suite struct URLReferenceTests {
    // The examples of RFC 3986 §5.4.
    @Test("references resolve as RFC 3986 has them", arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"), ("./g/.", "http://a/b/c/g/"),
        ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ])
    func resolves(reference: String, address: String) {
        #expect(URLReference.resolve(reference, against: "http://a/b/c/d;p?q") == address)
    }

    @Test("a reference without a base, or with one that is none, stays as it is", arguments: [
        ("/a", nil, "/a"), (" https://a.example/x\n", nil, "https://a.example/x"), ("a", "not absolute", "a"),
        ("a", "mailto:x@a.example", "a"), ("a", "https://a.example", "https://a.example/a"),
        ("", "https://a.example/b ?c # d", "https://a.example/b ?c"),
    ] as [(String, String?, String)])
    func withoutBase(reference: String, base: String?, result: String) {
        #expect(URLReference.resolve(reference, against: base) == result)
    }
}
