import TestSupport
import Testing
import TidingsCore

@testable import TidingsFormats

/// Looks at one page of the site, each read with what the look before has left, as the daemon does.
private struct Looks {
    var article: SiteArticle
    let layout: SiteLayout
    let seed: UInt64
    private var number = 0
    private var memory: BlockMemory?

    init(_ article: SiteArticle, _ layout: SiteLayout, seed: UInt64) {
        self.article = article
        self.layout = layout
        self.seed = seed
    }

    /// What the page shows at the next look.
    mutating func next() throws -> CanonicalForm {
        let bytes = ArticleSite.page(article, layout: layout, seed: seed, look: number)
        number += 1
        let hints = DocumentHints(contentType: "text/html; charset=utf-8", blockMemory: memory)
        let document = try readDocument(bytes, hints: hints)
        memory = document.blockMemory
        let item = try #require(document.items.first)
        return CanonicalForm(title: item.title, text: item.text)
    }
}

/// Whether the ledger would make a version of it.
private func isNews(_ old: CanonicalForm, _ new: CanonicalForm) -> Bool {
    old.hash != new.hash && !differInCountersOnly(old, new)
}

private func changes(_ old: CanonicalForm, _ new: CanonicalForm) -> String {
    wordDiff(old: String(decoding: old.bytes, as: UTF8.self), new: String(decoding: new.bytes, as: UTF8.self)).filter { $0.kind != .same }
        .map { "\($0.kind): \($0.text)" }.joined(separator: "\n")
}

private let seed: UInt64 = 4_117
private let lookCount = isLongRun ? 200 : 4
private let articles = 0..<12

@Suite struct MovingPages {
    @Test("what moves around an article makes no version", arguments: articles)
    func surroundings(number: Int) throws {
        let layouts = isLongRun ? SiteLayout.allCases : [ArticleSite.layout(of: number)]
        for layout in layouts {
            var looks = Looks(SiteArticle(number: number), layout, seed: seed)
            let first = try looks.next()
            for look in 1..<(layout == ArticleSite.layout(of: number) ? lookCount : lookCount / 4) {
                let now = try looks.next()
                #expect(!isNews(first, now), "\(layout), look \(look):\n\(changes(first, now))")
            }
        }
    }

    @Test("nothing of an article is missing, in no layout", arguments: articles)
    func whole(number: Int) throws {
        for layout in SiteLayout.allCases where isLongRun || (number + layout.rawValue) % 3 == 0 {
            var looks = Looks(SiteArticle(number: number), layout, seed: seed)
            let form = try looks.next()
            let shown = CanonicalForm(title: nil, text: form.text).lines
            let article = CanonicalForm(title: nil, text: looks.article.lines.joined(separator: "\n")).lines
            #expect(article.filter { !shown.contains($0) } == [], "\(layout)")
            #expect(form.title == looks.article.title)
        }
    }

    @Test("each kind of edit makes a version of just its words, while everything around it moves", arguments: articles)
    func edits(number: Int) throws {
        var random = Seeded(seed: seed &+ UInt64(number))
        for layout in SiteLayout.allCases where isLongRun || (number + layout.rawValue) % 4 == 0 {
            var looks = Looks(SiteArticle(number: number), layout, seed: seed)
            var before = try looks.next()
            for kind in SiteEditKind.allCases {
                let edit = looks.article.edit(kind, using: &random)
                let now = try looks.next()
                #expect(isNews(before, now), "\(layout): \(edit)")
                expectOnly(edit, before, now, layout)
                before = now
                let again = try looks.next()
                #expect(!isNews(now, again), "\(layout), after \(edit):\n\(changes(now, again))")
            }
        }
    }

    /// The difference holds what was edited, and no word besides. Lines that count something are no part of it.
    private func expectOnly(_ edit: SiteEdit, _ before: CanonicalForm, _ now: CanonicalForm, _ layout: SiteLayout) {
        let runs = wordDiff(old: changed(before, now).joined(separator: "\n"), new: changed(now, before).joined(separator: "\n"))
        for (kind, words) in [(DiffRun.Kind.removed, edit.removed), (.added, edit.added)] {
            let text = runs.filter { $0.kind == kind }.map(\.text).joined().filter { !$0.isWhitespace }
            let expected = words.filter { !$0.isWhitespace }
            // Of "1.4" that became "1.7" only a part is new.
            #expect(text.isEmpty == expected.isEmpty && (text.isEmpty || expected.contains(text)), "\(layout), \(edit):\n\(changes(before, now))")
        }
    }

    /// The lines of `form` that the other one has not, but for those that it has with other counts.
    private func changed(_ form: CanonicalForm, _ other: CanonicalForm) -> [String] {
        let others = other.allLines.filter { !form.allLines.contains($0) }
        return form.allLines.filter { line in
            !other.allLines.contains(line)
                && !others.contains { differInCountersOnly(CanonicalForm(title: nil, text: line), CanonicalForm(title: nil, text: $0)) }
        }
    }
}

extension CanonicalForm {
    /// The title and the lines of the text.
    fileprivate var allLines: [String] { [title ?? ""] + text.split(separator: "\n").map(String.init) }
}
