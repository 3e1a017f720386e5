import Testing
@testable import TidingsCore

@Suite("Dates of items") struct ItemDateTests {
    @Test("instants are written in UTC and read back", arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_771_581_600_123, "2026-02-20T10:00:00.123Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (-62_135_596_800_000, "0001-01-01T00:00:00Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
    func instants(milliseconds: Int64, text: String) {
        #expect(ItemDate(milliseconds: milliseconds).description == text)
        #expect(ItemDate(text) == ItemDate(milliseconds: milliseconds))
    }

    @Test("years the format has not are clamped to it", arguments: [Int64.min, -62_135_596_800_001, 253_402_300_800_000, Int64.max])
    func clamped(milliseconds: Int64) {
        let text = ItemDate(milliseconds: milliseconds).description
        #expect(text.hasPrefix(milliseconds < 0 ? "0001-01-01T00:00:00" : "9999-12-31T23:59:59"))
        #expect(ItemDate(text) != nil)
    }

    @Test("a day stays a day", arguments: [(2026, 2, 20, "2026-02-20"), (2024, 2, 29, "2024-02-29"), (1, 1, 1, "0001-01-01"), (9999, 12, 31, "9999-12-31")])
    func days(year: Int, month: Int, day: Int, text: String) {
        let date = ItemDate(year: year, month: month, day: day)
        #expect(date?.description == text)
        #expect(date?.isDay == true)
        #expect(ItemDate(text) == date)
    }

    @Test("days that are none are refused", arguments: [
        (2026, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (0, 1, 1), (10_000, 1, 1), (-4, 2, 1),
    ])
    func noDay(year: Int, month: Int, day: Int) { #expect(ItemDate(year: year, month: month, day: day) == nil) }

    @Test("the zone is taken into account, and a leap second counts as the second before")
    func parts() throws {
        func date(_ year: Int, _ month: Int, _ day: Int, _ time: TimeOfDay, offsetMinutes: Int = 0) throws -> String? {
            ItemDate(try #require(CivilDate(year: year, month: month, day: day)), time, offsetMinutes: offsetMinutes)?.description
        }
        #expect(try date(2026, 3, 1, TimeOfDay(hour: 1, minute: 30), offsetMinutes: 330) == "2026-02-28T20:00:00Z")
        #expect(try date(2016, 12, 31, TimeOfDay(hour: 23, minute: 59, second: 60)) == "2016-12-31T23:59:59Z")
        #expect(try date(2026, 1, 1, TimeOfDay(hour: 24)) == nil)
        #expect(try date(2026, 1, 1, TimeOfDay(hour: 0, minute: 60)) == nil)
        #expect(try date(2026, 1, 1, TimeOfDay(hour: 0, second: 61)) == nil)
        #expect(try date(2026, 1, 1, TimeOfDay(hour: 0), offsetMinutes: 1440) == nil)
    }

    @Test("what was never written so is no date", arguments: ["", "2026", "2026-02", "+202-01-01", "2026-02-3x", "2026-02-30", "yesterday at ten",
        "2026-02-20T10:00:00", "2026-02-20T10:00:00Z ", "2026-02-20 10:00:00Z", "2026-02-20T10:00Z", "2026-02-20T25:00:00Z",
    ])
    func noDate(text: String) { #expect(ItemDate(text) == nil) }

    @Test("days of 800 years come back")
    func everyDay() {
        for day in stride(from: Int64(-135_000), to: 157_000, by: 11) {
            let date = ItemDate(milliseconds: day * 86_400_000)
            #expect(ItemDate(date.description) == date)
        }
    }
}
