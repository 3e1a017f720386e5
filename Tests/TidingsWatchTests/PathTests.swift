import Testing
@testable import TidingsWatch

@Suite("paths as keys")
struct PathKeyTests {
    @Test("a path becomes a key that keeps every byte", arguments: [
        (path: raw("2026/a b.txt"), key: "2026/a b.txt"),
        (path: raw("Қазақстан/ünï.md"), key: "Қазақстан/ünï.md"),
        (path: raw("100%.md"), key: "100%25.md"),
        (path: raw("issue #7.md"), key: "issue %237.md"),
        (path: raw("two\nlines\u{7F}.md"), key: "two%0Alines%7F.md"),
        (path: [0x61, 0xFF, 0xC3, 0x2F, 0x62], key: "a%FF%C3/b"),
        // A surrogate in UTF-8 and an overlong slash are not UTF-8 (RFC 3629 §3).
        (path: [0xED, 0xA0, 0x80], key: "%ED%A0%80"),
        (path: [0xC0, 0xAF], key: "%C0%AF"),
        (path: [0xE2, 0x82], key: "%E2%82"),
        (path: [], key: ""),
    ] as [(path: RawPath, key: String)])
    func keepsEveryByte(path: RawPath, key: String) {
        #expect(pathKey(path) == key)
        #expect(pathBytes(ofKey: key) == path)
    }

    @Test("every byte but NUL survives at each end of a name of 255 bytes")
    func survives() {
        for byte in 1...255 as ClosedRange<UInt8> {
            let path = [byte] + [UInt8](repeating: 0x78, count: 253) + [byte]
            #expect(pathBytes(ofKey: pathKey(path)) == path)
        }
    }

    @Test("a key that no path gives is refused", arguments: ["%", "%4", "%GG", "a%0"])
    func refuses(key: String) { #expect(pathBytes(ofKey: key) == nil) }
}

@Suite("rules for paths")
struct PathRulesTests {
    @Test("a pattern matches", arguments: [
        ("**/*", "a.md", true), ("**/*", "a/b/c.md", true), ("**", "a/b", true),
        ("*.md", "a.md", true), ("*.md", "deep/down/a.md", true), ("*.md", "a.mdx", false),
        ("/*.md", "a.md", true), ("/*.md", "b/a.md", false),
        ("news/*.txt", "news/a.txt", true), ("news/*.txt", "news/2026/a.txt", false),
        ("news/**/*.txt", "news/a.txt", true), ("news/**/*.txt", "news/2026/02/a.txt", true),
        ("**/02/**", "2026/02/a.txt", true), ("**/02/**", "2026/03/a.txt", false),
        ("news/", "news/a.txt", true), ("news/", "news", false),
        ("a?c", "abc", true), ("a?c", "aéc", true), ("a?c", "a/c", false), ("a?c", "ac", false),
        ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true), ("[]]x", "]x", true),
        ("a[/]b", "a/b", false), (#"\*.md"#, "*.md", true), (#"\*.md"#, "a.md", false),
        ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false), ("a**b", "axxb", true), ("a**b", "a/b", false),
        ("**/a/**/b", "x/a/y/a/z/b", true), ("**/a*/b", "a1/x/a2/b", true),
    ] as [(String, String, Bool)])
    func matches(pattern: String, path: String, expected: Bool) throws {
        #expect(try Glob(pattern).matches(raw(path)) == expected)
    }

    @Test("a pattern made to backtrack for ever answers soon", .timeLimit(.minutes(1)))
    func answersSoon() throws {
        let glob = try Glob(String(repeating: "**/*a*", count: 30) + "/x")
        #expect(!glob.matches(raw(String(repeating: "aaaa/", count: 400) + "y")))
    }

    @Test("a pattern that cannot be meant is refused", arguments: ["", "/", "a[b", #"a\"#, "a\0b"])
    func refuses(pattern: String) { #expect(throws: GlobError.self) { try Glob(pattern) } }

    @Test("a file is looked at unless excluded or waiting", arguments: [
        ("a.md", true), ("news/a.txt", true), ("no-extension", true), ("a.part.md", true), ("tmp", true), ("a.swpx", true),
        ("drafts/a.md", false), ("news/drafts/deep/a.md", false), ("a.bak", false),
        (".hidden", false), (".git/config.txt", false), ("a/.b/c.md", false), (".a.md.Xy12Zq", false),
        ("a.tmp", false), ("a.part", false), ("a.partial", false), ("a.crdownload", false), ("a.swp", false),
        ("a.md~", false), ("#a.md#", false),
    ] as [(String, Bool)])
    func admits(path: String, expected: Bool) throws {
        let rules = try PathRules(exclude: ["drafts", "*.bak"])
        #expect(rules.admits(file: raw(path)) == expected)
    }

    @Test("without a match in the include list a file is not looked at")
    func includes() throws {
        let rules = try PathRules(include: ["*.md", "news/**"])
        #expect(rules.admits(file: raw("a/b.md")))
        #expect(rules.admits(file: raw("news/x.csv")))
        #expect(!rules.admits(file: raw("x.csv")))
    }
}
