import Foundation
import TestSupport
import Testing

/// A saved web page whose surroundings change with every look.
@Suite(.timeLimit(.minutes(2)))
struct PageTests {
    private let paragraphs = [
        "The lighthouse of Cape Orla is lit again after nine dark winters, because the fishermen of the bay paid for its lamp.",
        "The state had switched it off, since ships find their way by satellite, and sold the keeper's house to a hotel.",
        "“A screen goes dark when it gets wet,” said Marta Oline, who lost a boat on the reef, and who collected the money.",
        "The lamp came from a museum two hundred miles away, in three crates, and a blacksmith made the parts that were missing.",
        "It turns once in eleven seconds, as it did in 1906, and can be seen from the harbour of the island on a clear night.",
    ]

    /// Lines of which a reader would not be sure either.
    private let doubtful = """
        <p class="note">Photo: Archive of the bay</p><div class="share">Send it to a friend</div><p><em>Ines Dahl writes on the sea.</em></p>
        <div class="tags">lighthouse, harbour</div><p class="promo">Our letter comes on Fridays, and costs nothing.</p>
        <p>Do you know more?</p><div class="info">Cape Orla, 400 people</div>
        """

    private func page(teaser: Int) -> String {
        """
        <html lang="en"><head><title>Cape Orla is lit again - The Bay</title></head><body>
        <ul class="menu"><li><a href="/">Home</a></li><li><a href="/sea">Sea</a></li></ul>
        <div class="main"><h1>Cape Orla is lit again</h1>\(paragraphs.map { "<p>\($0)</p>" }.joined())\(doubtful)</div>
        <div class="side"><h3>Latest</h3>\((teaser..<teaser + 5).map { "<p><a href='/\($0)'>Ferry number \($0) is late once more</a></p>" }.joined())</div>
        </body></html>
        """
    }

    private func sql(_ tidings: Installation, _ statement: String) async throws -> String {
        let result = try await RunningProgram(
            [tidings.state + "/db/tidings.db", statement], of: URL(fileURLWithPath: "/usr/bin/sqlite3")
        ).result()
        #expect(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("other teasers announce nothing, an edit does, and what was decided before counts")
    func looks() async throws {
        let tidings = try Installation()
        try tidings.write(page(teaser: 10), to: "cape.html")
        try await tidings.once()
        let memory = try await sql(tidings, "SELECT hex(blocks) FROM captures WHERE locator = 'cape.html'")
        #expect(memory.count >= 8 * (paragraphs.count + 10))

        try tidings.write(page(teaser: 300), to: "cape.html")
        #expect(try await tidings.once().errors.contains("0 changes"))
        try tidings.edit("cape.html", "nine dark winters", "ten dark winters")
        #expect(try await tidings.once().errors.contains("1 change"))

        // As if every block had been kept: the doubtful ones now stay.
        let kept = try await sql(tidings, "SELECT hex(blocks) FROM captures WHERE locator = 'cape.html'")
        let digits = Array(kept)
        var all = ""
        for (place, digit) in digits.enumerated() {
            // The lowest bit of the first byte of four.
            let isLowest = place % 8 == 1
            all += isLowest ? String((digit.hexDigitValue ?? 0) | 1, radix: 16) : String(digit)
        }
        _ = try await sql(tidings, "UPDATE captures SET blocks = x'\(all)' WHERE locator = 'cape.html'")
        try tidings.edit("cape.html", "</body>", "<!-- another look --></body>")
        #expect(try await tidings.once().errors.contains("1 change"))
        let line = try #require(try tidings.lines().last)
        #expect(line.data.version == 3)
        let text = try await tidings.run("show", String(line.subject ?? "")).output
        for paragraph in paragraphs.dropFirst() { #expect(text.contains(paragraph)) }
        try await tidings.expectSound()
    }
}
