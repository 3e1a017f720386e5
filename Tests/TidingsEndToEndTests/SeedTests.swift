import Foundation
import TestSupport
import Testing

/// The example folder that comes with the program, read by the program.
struct SeedTests {
    @Test func seedsGiveTheArticlesThatAPersonCounts() async throws {
        let tidings = try Installation()
        let seeds = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../seeds").standardizedFileURL
        for name in try FileManager.default.contentsOfDirectory(atPath: seeds.path) {
            try FileManager.default.copyItem(atPath: seeds.path + "/" + name, toPath: tidings.path(name))
        }
        try await tidings.once()
        let lines = try tidings.lines()
        let created = lines.filter { $0.type == "tidings.article.created" }
        let perFile = Dictionary(grouping: created) { line in
            line.data.origin?.key?.split(separator: "#").first.map(String.init) ?? "?"
        }.mapValues(\.count)
        let expected = [
            "dateline-plain.txt": 1, "feed-atom.xml": 3, "feed-rss.xml": 3, "georgian-paragraph-per-line.txt": 1,
            "hungarian-paragraph-per-line.txt": 1, "kazakh-paragraph-per-line.txt": 1, "listing-with-ticker.txt": 6,
            "notebook-with-front-matter.md": 1, "page-with-furniture.html": 1, "section-headline-byline.txt": 1,
            "wire-items.jsonl": 4,
        ]
        // Of the two that say the same, one is the article and the other its duplicate.
        let pair = ["headline-scroll-to-top.txt", "headline-scroll-to-top-copy.txt"]
        #expect(perFile.filter { !pair.contains($0.key) } == expected)
        #expect(pair.compactMap { perFile[$0] } == [1])
        #expect(lines.filter { $0.type == "tidings.article.duplicate" }.count == 1)

        let before = try tidings.rawLines()
        #expect(try EventSchema.complaints(before) == [])
        let again = try await tidings.run("run", "--once", "--json")
        #expect(again.status == 0)
        #expect(again.output == """
            {"done":true,"change_file":"\(tidings.state)/stream/changes.ndjson","changes":0,\
            "sources":[{"name":"news","done":true,"message":"13 files, 0 read"}]}

            """)
        #expect(try tidings.rawLines() == before)
        try await tidings.expectSound()
    }
}
