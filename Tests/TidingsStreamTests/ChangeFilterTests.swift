import Testing
import TidingsCore

@testable import TidingsStream

@Suite("which changes are asked for") struct ChangeFilterTests {
    /// A change of an article that `harbour` shows, and one of the stream itself.
    private static let updated = ChangeLine.encode(
        Change(type: .articleUpdated, article: ArticleID(source: "harbour", key: "a"), origin: Origin(source: "harbour", kind: .folder)),
        sequence: 7, stream: streamID, milliseconds: start)
    private static let reset = ChangeLine.encode(Change(type: .streamReset), sequence: 1, stream: streamID, milliseconds: start)

    @Test("types and sources must both be among those asked for", arguments: [
        (types: [], sources: [], updated: true, reset: true),
        (types: ["updated"], sources: [], updated: true, reset: false),
        (types: ["article.updated"], sources: [], updated: true, reset: false),
        (types: ["tidings.article.updated"], sources: [], updated: true, reset: false),
        (types: ["created"], sources: [], updated: false, reset: false),
        (types: ["created", "reset"], sources: [], updated: false, reset: true),
        (types: [], sources: ["harbour"], updated: true, reset: false),
        (types: [], sources: ["inland", "harbour"], updated: true, reset: false),
        (types: [], sources: ["harbou"], updated: false, reset: false),
        (types: ["updated"], sources: ["inland"], updated: false, reset: false),
        (types: ["created"], sources: ["harbour"], updated: false, reset: false),
        (types: ["updated"], sources: ["harbour"], updated: true, reset: false),
    ] as [(types: [String], sources: [String], updated: Bool, reset: Bool)])
    func matches(types: [String], sources: [String], updated: Bool, reset: Bool) throws {
        let filter = ChangeFilter(types: try types.map { try #require(ChangeTypeName($0)) }, sources: sources)
        #expect(filter.matches(line: Self.updated) == updated)
        #expect(filter.matches(line: Self.reset) == reset)
    }

    @Test("what is no line of ours passes where nothing is asked for, and only there")
    func noLine() throws {
        #expect(ChangeFilter().matches(line: Array("{}\n".utf8)))
        #expect(!ChangeFilter(sources: ["harbour"]).matches(line: Array("{}\n".utf8)))
    }

    @Test("a type is called by its whole name or what stands behind a dot of it", arguments: [
        ("updated", true), ("article.updated", true), ("tidings.article.updated", true), ("state", true), ("duplicate_removed", true),
        ("removed", true), ("update", false), ("pdated", false), ("article", false), ("tidings", false), (".updated", false), ("", false),
        ("Updated", false),
    ])
    func names(name: String, isKnown: Bool) {
        #expect((ChangeTypeName(name) != nil) == isKnown)
    }

    @Test("chooses updates by their class and by the fields that differ", arguments: [
        (ChangeFilter(classes: [.substantive]), true), (ChangeFilter(classes: [.cosmetic]), false),
        (ChangeFilter(classes: [.cosmetic, .substantive]), true), (ChangeFilter(changed: [.text]), true),
        (ChangeFilter(changed: [.authors]), false), (ChangeFilter(changed: [.tags, .title]), true),
        (ChangeFilter(classes: [.substantive], changed: [.authors]), false),
        (ChangeFilter(sources: ["nowhere"], classes: [.substantive]), false),
    ])
    func updates(filter: ChangeFilter, isChosen: Bool) throws {
        var change = Change(
            type: .articleUpdated, article: ArticleID(source: "harbour", key: "a"), origin: Origin(source: "harbour", kind: .folder, key: "a"))
        change.changed = [.title, .text]
        change.changeClass = .substantive
        change.item = Item(title: #"","changed":["authors"],"class":"cosmetic"#, text: "", rawHash: ContentHash.of([]))
        let line = ChangeLine.encode(change, sequence: 7, stream: streamID, milliseconds: start)
        #expect(filter.matches(line: line) == isChosen)
        #expect(!filter.matches(line: Self.reset))
    }

    @Test("`removed` is both an article's and a source's, and no duplicate's")
    func sharedName() throws {
        let name = try #require(ChangeTypeName("removed"))
        let matched = ChangeType.allCases.filter { name.matches($0.name) }
        #expect(matched == [.articleRemoved, .sourceRemoved])
    }

    @Test("the version that a line announces is read from its bytes", arguments: [
        (.articleCreated, 1, true, true), (.articleUpdated, 12, true, true), (.articleRestored, 2, true, false),
        (.articleDuplicate, 2, true, false), (.articleUpdated, nil, true, false), (.articleUpdated, 2, false, false),
    ] as [(ChangeType, Int?, Bool, Bool)])
    func announced(type: ChangeType, version: Int?, hasArticle: Bool, announces: Bool) throws {
        let article = ArticleID(source: "harbour", key: "a")
        var change = Change(type: type, article: hasArticle ? article : nil, origin: Origin(source: "harbour", kind: .folder))
        change.version = version
        let line = ChangeLine.encode(change, sequence: 7, stream: streamID, milliseconds: start)
        let fields = try #require(ChangeLineFields(line))
        #expect(fields.announcedVersion == (announces ? version.map { ArticleVersion(article: article, number: $0) } : nil))
        #expect(fields.sourceName == "harbour")
    }
}
