import Testing

@testable import TidingsCore

@Suite("Dates of ISO 8601") struct ISODateTests {
    // What is left is as many bytes of the text as were not read.
    @Test("a date is read as far as it goes", arguments: [
        ("2026-02-20", "2026-02-20", 0), ("2026-02-20T10:00:00Z", "2026-02-20T10:00:00Z", 0),
        ("2026-02-20t10:00:00.25z", "2026-02-20T10:00:00.250Z", 0), ("2026-02-20 10:00+05:00", "2026-02-20T05:00:00Z", 0),
        ("2026-02-20T10:00:00.1239-0130", "2026-02-20T11:30:00.123Z", 0), ("2026-02-20T10:00:00+05", "2026-02-20T05:00:00Z", 0),
        ("2026-02-20T10:00:00.Z", "2026-02-20T10:00:00Z", 0), ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", 0),
        // A time without a zone names no instant.
        ("2026-02-20T10:00:00", "2026-02-20", 0), ("2026-02-20 10:00 in the port", "2026-02-20", 12),
        ("2026-02-20T10:00:00+1", "2026-02-20", 2), ("2026-02-20T25:00:00Z", "2026-02-20", 1), ("2026-02-20T10:00:0", "2026-02-20", 8),
        ("2026-02-20 1 ship", "2026-02-20", 7), ("2026-02-30", nil, 10), ("2026-2-20", nil, 9), ("12026-02-20", nil, 11),
        ("2026-02-200", nil, 11), ("", nil, 0),
    ] as [(String, String?, Int)])
    func anyForm(text: String, date: String?, left: Int) {
        var cursor = ByteCursor(text)
        #expect(cursor.isoDate()?.description == date)
        #expect(cursor.end - cursor.position == left)
    }

    @Test("a timestamp is RFC 3339's and no other", arguments: [
        ("2026-02-20T10:00:00Z", "2026-02-20T10:00:00Z"), ("2026-02-20T10:00:00.25+01:00", "2026-02-20T09:00:00.250Z"),
        ("2026-02-20T10:00:00.123456789-03:30", "2026-02-20T13:30:00.123Z"), ("2026-02-20T10:00:00.1234567890Z", nil),
        ("2026-02-20", nil), ("2026-02-20T10:00:00", nil), ("2026-02-20t10:00:00Z", nil), ("2026-02-20 10:00:00Z", nil),
        ("2026-02-20T10:00:00z", nil), ("2026-02-20T10:00Z", nil), ("2026-02-20T10:00:00+0100", nil), ("2026-02-20T10:00:00+01", nil),
        ("2026-02-20T10:00:00.Z", nil), ("2026-02-20T24:00:00Z", nil), ("2026-02-20T10:00:00+24:00", nil),
    ] as [(String, String?)])
    func strict(text: String, date: String?) {
        var cursor = ByteCursor(text)
        #expect(cursor.timestamp()?.description == date)
        #expect(cursor.position == (date == nil ? 0 : text.utf8.count))
    }
}
