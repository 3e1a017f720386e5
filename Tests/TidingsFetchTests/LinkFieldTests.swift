import Testing

@testable import TidingsFetch

@Suite("The header field Link")
struct LinkFieldTests {
    @Test("links are found however they are written", arguments: [
        (#"<https://hub.example/>; rel="hub""#, ["https://hub.example/ hub"]),
        (#"<https://hub.example/>;rel=hub,<https://a.example/feed>; rel=self"#, ["https://hub.example/ hub", "https://a.example/feed self"]),
        (#"</hub>; title="a, b; <c>; rel=\"x\""; rel="HUB next""#, ["/hub hub next"]),
        (#"<a,b;c>; rel=hub ; media = "x" , <d>; rel = "self" "#, ["a,b;c hub", "d self"]),
        (#"<a>; rel=hub; rel=self"#, ["a hub"]),
        (#"<a>"#, ["a "]),
        // It is a link of something else.
        (#"<a>; rel=hub; anchor="/other", <b>; rel=hub"#, ["b hub"]),
        // What is no link costs nothing but itself.
        (#"nonsense, <b>; rel=hub"#, ["b hub"]),
        (#"<a; rel=hub"#, []),
        (#"<a>; rel="hub"#, ["a hub"]),
        (#"<a>; rel="hub\"#, [#"a hub\"#]),
        (#"<a>;;; rel=hub"#, ["a hub"]),
        (#"<a> rel=hub, <b>; rel=hub"#, ["a ", "b hub"]),
        (#"," "\#u{FF}, <b>; rel=hub"#, ["b hub"]),
        ("", []), (",, ,", []), ("\"", []),
    ])
    func links(field: String, expected: [String]) {
        #expect(WebLink.all(in: field).map { "\($0.target) \($0.relations.joined(separator: " "))" } == expected)
    }
}
