import TidingsCore
import Testing

@testable import TidingsStore

@Suite("The same bytes under newer text rules") struct RereadTests {
    private func file(_ source: SourceRow, bytes: String, decoded: String) -> Report {
        Report(
            source: source.id,
            finding: .capture(
                CaptureFacts(locator: "a.html", rawHash: ContentHash.of(Array(bytes.utf8)), stamp: 1, format: "html"),
                .document(SeenDocument([SeenItem(key: SightingKey("a.html", .path), item: item(decoded))]))))
    }

    @Test("a charset that is told otherwise announces nothing, an edit does", arguments: [true, false])
    func charset(isSame: Bool) async throws {
        let fixture = try LedgerFixture()
        let (ledger, rows) = try await fixture.open(folders: ["docs"])
        _ = try await ledger.commit([file(rows[0], bytes: "caf\\xe9", decoded: "cafй on the pier.")], at: 10)
        try Connection(path: fixture.path, access: .write).execute(
            "UPDATE captures SET rules = rules - 1; UPDATE sightings SET rules = rules - 1")
        _ = try await ledger.commit([file(rows[0], bytes: isSame ? "caf\\xe9" : "caf\\xe9.", decoded: "café on the pier.")], at: 20)
        #expect(try fixture.news() == ["created a.html@1"] + (isSame ? [] : ["updated a.html@2 substantive"]))
        let newest = try fixture.reader().version(of: ArticleID(source: "docs", key: "a.html"), number: nil)
        #expect(newest?.form.text == "café on the pier.")
    }
}
