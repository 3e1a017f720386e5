import Foundation
import Glibc
import TestSupport
import Testing

/// Whatever lies in a folder, the articles beside it are read.
@Suite(.timeLimit(.minutes(5)))
struct BrokenInputTests {
    @Test func brokenFilesAreReportedAndTheOthersRead() async throws {
        let tidings = try Installation()
        let sound = ["first", "second", "third"]
        for name in sound {
            try tidings.write("The \(name) one\n\nWhat is told in the file that is called \(name).\n", to: "\(name).txt")
        }
        try tidings.write(
            """
            <rss version="2.0"><channel><title>Cut</title>
            <item><title>Whole item</title><guid>1</guid><description>It ends before the cut comes.</description></item>
            <item><title>Half an item</title><guid>2</guid><descrip
            """, to: "cut-off.xml")
        // It says UTF-8 and is Windows-1251.
        try tidings.write(
            Array(#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><item><guid>3</guid><title>"#.utf8)
                + [0xCD, 0xEE, 0xE2, 0xEE, 0xF1, 0xF2, 0xE8] + Array("</title></item></channel></rss>".utf8),
            to: "wrong-charset.xml")
        try tidings.write((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }, to: "junk.txt")
        try tidings.write(Self.entityBomb, to: "bomb.xml")
        try tidings.write([], to: "sparse.txt")
        #expect(unsafe truncate(tidings.path("sparse.txt"), 2 << 30) == 0)
        #expect(unsafe mkfifo(tidings.path("pipe.md"), 0o644) == 0)
        let outside = tidings.base + "/outside.txt"
        try "Secret\n\nThis stands in a file outside of the folder.\n".write(toFile: outside, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: tidings.path("link.txt"), withDestinationPath: outside)
        try tidings.write("A line end\n\nIt is in the name of this file, of all places.\n", to: "line\nend.txt")
        try Self.write("Odd bytes\n\nThe name of this file is no UTF-8 at all.\n", toFile: Array(tidings.news.utf8) + [0x2F, 0xFF, 0xFE])

        // A bomb that goes off needs more than 400 MB.
        let result = try await tidings.once(under: ["/usr/bin/prlimit", "--data=400000000"])
        let created = try tidings.lines().filter { $0.type == "tidings.article.created" }
        let titles = Set(created.compactMap(\.data.item?.title))
        #expect(titles.isSuperset(of: sound.map { "The \($0) one" }))
        #expect(titles.isSuperset(of: ["A line end", "Odd bytes", "Whole item"]), "\(titles)")
        #expect(!titles.contains("Secret"))
        #expect(!titles.contains { $0.count > 1000 }, "the bomb has not gone off")
        #expect(result.errors.contains("pipe.md") || result.errors.contains("link.txt"), "\(result.errors)")

        let status = try await tidings.run("status", "--json")
        for name in ["sparse.txt", "junk.txt"] { #expect(status.output.contains(name), "\(status.output)") }

        let before = try tidings.rawLines()
        try await tidings.once()
        #expect(try tidings.rawLines() == before)
        try await tidings.expectSound()
    }

    @Test func fileThatMayNotBeReadIsReportedAndReadWhenItMayBe() async throws {
        let tidings = try Installation()
        try tidings.write("Open\n\nEverybody may read what stands in this file.\n", to: "open.txt")
        try tidings.write("Closed\n\nNobody may read what stands in this file.\n", to: "closed.txt")
        #expect(unsafe chmod(tidings.path("closed.txt"), 0) == 0)
        try await tidings.onceAsNobody()
        #expect(try tidings.lines().message == ["source news added", "created open.txt backfill"])
        #expect(try await tidings.run("status", "--json").output.contains("closed.txt"))
        #expect(unsafe chmod(tidings.path("closed.txt"), 0o644) == 0)
        try await tidings.onceAsNobody()
        #expect(try tidings.lines().message.last?.hasPrefix("created closed.txt") == true)
    }

    @Test func settingsWithATypoAreRefusedWithTheirPlaceAndTheNearestKey() async throws {
        let tidings = try Installation("folders:\n  - { name: news, pth: news }\n")
        let result = try await tidings.once(expecting: 78)
        #expect(result.errors.contains("tidings.yaml:3:19: unknown key 'pth'"), "\(result.errors)")
        #expect(result.errors.contains("write 'path'"), "\(result.errors)")
    }

    private static let entityBomb = """
        <?xml version="1.0"?>
        <!DOCTYPE rss [<!ENTITY a "boom boom boom boom boom boom boom boom boom boom">
        \((1...9).map { level in
            let name = { String(UnicodeScalar(UInt8(97 + $0))) }
            return "<!ENTITY \(name(level)) \"" + String(repeating: "&\(name(level - 1));", count: 10) + "\">"
        }.joined(separator: "\n"))
        ]>
        <rss version="2.0"><channel><title>Bomb</title><item><guid>4</guid><title>&j;</title></item></channel></rss>
        """

    private static func write(_ text: String, toFile path: [UInt8]) throws {
        // Arrays become C strings without being taken for text.
        let descriptor = unsafe open(path.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT, 0o644)
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
    }
}
