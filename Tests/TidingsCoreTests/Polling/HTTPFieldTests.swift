import Testing

@testable import TidingsCore

@Test("HTTP-dates in all three forms", arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777_000),
    ("Sun Nov  6 08:49:37 1994", 784_111_777_000),
    ("Fri, 20 Feb 2026 10:00:00 GMT", 1_771_581_600_000),
    ("Friday, 20-Feb-26 10:00:00 GMT", 1_771_581_600_000),
    ("Wed, 31 Feb 2026 10:00:00 GMT", nil),
    ("Fri, 20 Feb 2026 24:00:00 GMT", nil),
    ("Fri, 20 Foo 2026 10:00:00 GMT", nil),
    ("0", nil), ("", nil), ("2026-02-20T10:00:00Z", nil),
] as [(String, Int64?)])
func readsHTTPDates(text: String, expected: Int64?) {
    #expect(httpDate(text) == expected)
}

@Test("Cache-Control as a poller reads it", arguments: [
    ("", CacheControl()),
    ("max-age=60", CacheControl(maxAgeSeconds: 60)),
    (#" Public ,MAX-AGE = "60" , foo=bar"#, CacheControl(maxAgeSeconds: 60)),
    ("max-age=60, max-age=60", CacheControl(maxAgeSeconds: 60)),
    ("max-age=60, max-age=120", CacheControl()),
    ("max-age=-1", CacheControl()),
    ("max-age", CacheControl()),
    ("s-maxage=60", CacheControl()),
    ("no-cache", CacheControl(forbidsReuse: true)),
    (#"no-cache="Set-Cookie""#, CacheControl()),
    ("no-store, max-age=5", CacheControl(maxAgeSeconds: 5, forbidsReuse: true)),
])
func readsCacheControl(field: String, expected: CacheControl) {
    #expect(CacheControl(field) == expected)
}

@Test("an instant is written as an IMF-fixdate", arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777_999, "Sun, 06 Nov 1994 08:49:37 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    (1_709_164_800_000, "Thu, 29 Feb 2024 00:00:00 GMT"),
] as [(Int64, String)])
func writesHTTPDates(milliseconds: Int64, expected: String) {
    #expect(httpDate(milliseconds: milliseconds) == expected)
}
