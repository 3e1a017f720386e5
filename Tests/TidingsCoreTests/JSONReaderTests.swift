import Testing

@testable import TidingsCore

@Suite("JSON") struct JSONReaderTests {
    @Test("a text is read as the value that it is", arguments: [
        (#" {"a":[1,-2.50e3,true,false,null],"b":{}} "#,
            .object([("a", .array([.number("1"), .number("-2.50e3"), .bool(true), .bool(false), .null])), ("b", .object([]))])),
        (#""plain""#, .string("plain")), (#""""#, .string("")), (#""a\n\t\"\\\/\b\f\rz""#, .string("a\n\t\"\\/\u{8}\u{C}\rz")),
        (#""\u0041\u00e9\uD83D\uDE00""#, .string("Aé😀")), (#""\n""#, .string("\n")),
        // Half a pair stands for nothing.
        (#""\ud83d\u0041""#, .string("\u{FFFD}A")), (#""\ud83d""#, .string("\u{FFFD}")),
        // Slips that leave no doubt.
        ("[1,]", .array([.number("1")])), (#"{"a":1,}"#, .object([("a", .number("1"))])), ("\"a\nb\"", .string("a\nb")),
        ("12345678901234567890", .number("12345678901234567890")),
    ] as [(String, JSONTree)])
    func reads(text: String, tree: JSONTree) { #expect(JSONTree(Array(text.utf8)) == tree) }

    @Test("what is no JSON is refused with its line", arguments: [
        ("", 1), ("{", 1), ("[1\n,2", 2), ("[1 2]", 1), (#"{"a" 1}"#, 1), (#"{a:1}"#, 1), ("tru", 1), ("nul", 1), ("--1", 1), ("\n\n1 2", 3),
        (#""abc"#, 1), (#""\u00g0""#, 1), (#""\u00"#, 1), (#""\"#, 1), (",", 1),
    ])
    func refuses(text: String, line: Int) {
        var reader = JSONReader(Array(text.utf8))
        do throws(JSONReader.Failure) {
            let tree = try reader.document()
            Issue.record("\(text) was read as \(tree)")
        } catch {
            #expect(error.line == line, "\(error.message)")
        }
        #expect(JSONTree(Array(text.utf8)) == nil)
    }

    @Test("values lie within each other up to a limit")
    func depth() {
        func nested(_ depth: Int) -> [UInt8] { Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        #expect(JSONTree(nested(JSONReader.depthLimit)) != nil)
        #expect(JSONTree(nested(JSONReader.depthLimit + 1)) == nil)
    }

    @Test("a field is read as the type that its name has, or refused")
    func fields() throws {
        let tree = try #require(JSONTree(Array(#"{"s":"x","n":7,"f":7.5,"b":true,"l":["a","b"],"m":["a",1],"z":null,"s":"y"}"#.utf8)))
        #expect(try tree.field("s", \.string) == "x")
        #expect(try tree.field("n", \.integer) == 7)
        #expect(try tree.field("b", \.bool) == true)
        #expect(try tree.field("l", \.strings) == ["a", "b"])
        #expect(try tree.field("z", \.string) == nil)
        #expect(try tree.field("absent", \.string) == nil)
        #expect(throws: JSONTree.WrongType(field: "n")) { try tree.field("n", \.string) }
        #expect(throws: JSONTree.WrongType(field: "f")) { try tree.field("f", \.integer) }
        #expect(throws: JSONTree.WrongType(field: "s")) { try tree.field("s", \.bool) }
        #expect(throws: JSONTree.WrongType(field: "m")) { try tree.field("m", \.strings) }
        #expect(tree["n"]?.text == "7")
        #expect(tree["absent", "z", "s"]?.text == "x")
    }

    @Test("members are found where they stand", arguments: [
        (#"{"a":1,"b":{"c":[1,2],"d":"}"},"e":"\",\\"}rest"#, [#""a":1"#, #""b":{"c":[1,2],"d":"}"}"#, #""e":"\",\\""#], "rest"),
        ("{}", [], ""), (#"{"a":[]}"#, [#""a":[]"#], ""),
    ] as [(String, [String], String)])
    func members(text: String, members: [String], rest: String) throws {
        let bytes = Array(text.utf8)
        let found = try #require(jsonMembers(of: bytes, from: 0))
        #expect(found.members.map { String(decoding: bytes[$0], as: UTF8.self) } == members)
        #expect(String(decoding: bytes[found.end...], as: UTF8.self) == rest)
    }

    @Test("what is no object, or does not end, has no members", arguments: ["", "[]", #"{"a":1"#, #"{"a":"}"#, #"{"a":"\"#])
    func noMembers(text: String) { #expect(jsonMembers(of: Array(text.utf8), from: 0) == nil) }
}
