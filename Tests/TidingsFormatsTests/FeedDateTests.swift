import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct FeedDateTests {
    @Test("dates of every habit are read", arguments: [
        ("Fri, 20 Feb 2026 10:00:00 GMT", "2026-02-20T10:00:00Z"),
        ("Fri, 20 Feb 2026 10:00:00 +0600", "2026-02-20T04:00:00Z"),
        ("20 Feb 2026 10:00 EST", "2026-02-20T15:00:00Z"),
        ("Fri, 20 Feb 26 10:00:00 Z", "2026-02-20T10:00:00Z"),
        ("Friday, 20-Feb-26 10:00:00 GMT", "2026-02-20T10:00:00Z"),
        ("Fri Feb 20 10:00:00 2026", "2026-02-20T10:00:00Z"),
        ("Fri Feb 20 10:00:00 +0200 2026", "2026-02-20T08:00:00Z"),
        ("February 20, 2026 3:05 pm", "2026-02-20T15:05:00Z"),
        ("20 Feb 2026 12:00 AM", "2026-02-20T00:00:00Z"),
        ("2026-02-20T10:00:00Z", "2026-02-20T10:00:00Z"),
        ("2026-02-20T10:00:00.5+05:30", "2026-02-20T04:30:00.500Z"),
        ("2026-02-20T10:00-05:00", "2026-02-20T15:00:00Z"),
        ("2026-02-20 10:00:00", "2026-02-20T10:00:00Z"),
        ("2026-02-20T24:00:00Z", "2026-02-21T00:00:00Z"),
        ("20260220T100000Z", "2026-02-20T10:00:00Z"),
        ("20260220100000", "2026-02-20T10:00:00Z"),
        ("2026-02-20", "2026-02-20"),
        ("2026-02", "2026-02-01"),
        ("2026-051", "2026-02-20"),
        ("20/02/2026 10:00", "2026-02-20T10:00:00Z"),
        ("02/20/2026", "2026-02-20"),
        ("20.02.2026 10:00", "2026-02-20T10:00:00Z"),
        ("1771581600", "2026-02-20T10:00:00Z"),
        ("1771581600123", "2026-02-20T10:00:00.123Z"),
        ("Пт, 20 фев 2026 10:00:00 +0300", "2026-02-20T07:00:00Z"),
        ("20 ақпан 2026 10:00", "2026-02-20T10:00:00Z"),
        ("ven., 20 févr. 2026 10:00:00 +0100", "2026-02-20T09:00:00Z"),
        ("mar, 05 may 2026 10:00:00 +0000", "2026-05-05T10:00:00Z"),
        ("20 Mai 2026 10:00:00 MESZ", "2026-05-20T08:00:00Z"),
        ("2026년 02월 20일 10:00:00", "2026-02-20T01:00:00Z"),
        ("Fri, 20 Feb 2026 10:00:00 GMT+0200", "2026-02-20T08:00:00Z"),
        ("Sat, 29 Feb 2020 23:59:60 +0000", "2020-02-29T23:59:59Z"),
        ("20 Feb 2026 10:00 Uhr", "2026-02-20T10:00:00Z"),
        ("20/Feb/2026 10:00", "2026-02-20T10:00:00Z"),
        ("10:00 ven. 20 févr. 2026", "2026-02-20T10:00:00Z"),
    ])
    func reads(text: String, expected: String) {
        #expect(FeedDate.parse(text)?.description == expected)
    }

    @Test("a zone is read by its name, with its summer time", arguments: [
        ("20 Feb 2026 10:00:00 Europe/Madrid", "2026-02-20T09:00:00Z"),
        ("Mon, 20 Jul 2026 10:00:00 Europe/Madrid", "2026-07-20T08:00:00Z"),
        ("2026-07-20 10:00 America/Argentina/Buenos_Aires", "2026-07-20T13:00:00Z"),
        ("2026-07-20T10:00:00[Asia/Tokyo]", "2026-07-20T01:00:00Z"),
        ("2026-07-20T10:00:00+02:00[Europe/Berlin]", "2026-07-20T08:00:00Z"),
        ("2026-07-20T10:00:00Z[Europe/Berlin]", "2026-07-20T10:00:00Z"),
        ("20 Jan 2026 10:00 AMERICA/NEW_YORK", "2026-01-20T15:00:00Z"),
        ("20 Jul 2026 10:00 CET (Europe/Paris)", "2026-07-20T08:00:00Z"),
        ("20 Jul 2026 10:00 ET", "2026-07-20T14:00:00Z"),
        ("20 Jan 2026 10:00 PT", "2026-01-20T18:00:00Z"),
        ("20 Jul 2026 10:00 BST", "2026-07-20T09:00:00Z"),
        ("20 Jan 2026 10:00 MSK", "2026-01-20T07:00:00Z"),
        ("20 янв 2026 10:00 МСК", "2026-01-20T07:00:00Z"),
        ("20 Feb 2024 10:00 ALMT", "2024-02-20T04:00:00Z"),
        ("20 Feb 2026 10:00 ALMT", "2026-02-20T05:00:00Z"),
        ("20 Feb 2026 CET 10:00", "2026-02-20T09:00:00Z"),
        ("Mon Jul 20 2026 10:00:00 GMT+0200 (Central European Summer Time)", "2026-07-20T08:00:00Z"),
        ("20 Jul 2026 10:00:00 +0530 (IST)", "2026-07-20T04:30:00Z"),
    ])
    func readsZone(text: String, expected: String) {
        #expect(FeedDate.parse(text)?.description == expected)
    }

    @Test("a time in a zone that is unknown, or could be several, is nil", arguments: [
        "20 Feb 2026 10:00 IST", "20 Feb 2026 10:00 AST", "20 Jan 2026 10:00 BST", "20 Feb 2026 10:00 QXT", "20 Feb 2026 10:00 qxt",
        "20 Feb 2026 10:00 Europe/Atlantis", "20 Feb 2026 10:00 Mars/Base", "20 Jul 2026 10:00 Pacific Time",
        "20 Jul 2026 10:00 Eastern", "Fri Feb 20 10:00:00 QXT 2026",
        // Clocks are put back over this hour, and forward over that.
        "25 Oct 2026 02:30 Europe/Berlin", "29 Mar 2026 02:30 Europe/Berlin",
    ])
    func refusesZone(text: String) {
        #expect(FeedDate.parse(text) == nil)
    }

    @Test("a day without a time needs no zone")
    func dayAlone() {
        #expect(FeedDate.parse("20 Feb 2026 QXT")?.description == "2026-02-20")
    }

    @Test("what is no date is nil and never a guess", arguments: [
        "", "yesterday", "soon, 10:00", "30 Feb 2026", "2026-13-45", "99", "Fri", "Feb", "12:00", "20 Feb 2026 25:61:00",
        "123456789012345678901234567890", String(repeating: "1 ", count: 500), "0000-00-00T00:00:00Z", "1 2 3 4 5",
        "20 Feb 2026 10:", "T", "+", "-:-",
    ])
    func refuses(text: String) {
        #expect(FeedDate.parse(text) == nil)
    }
}
