import Testing

@testable import TidingsCore

@Suite("The calendar") struct CivilDateTests {
    @Test("each day of the calendar follows the one before it")
    func everyDay() throws {
        var date = try #require(CivilDate(year: 1, month: 1, day: 1))
        var dayOfYear = 1
        for days in -719_162...2_932_896 {
            guard CivilDate(days: days) == date, date.days == days, CivilDate(year: date.year, dayOfYear: dayOfYear) == date else {
                Issue.record("day \(days): \(CivilDate(days: days)), expected \(date)")
                return
            }
            if let next = CivilDate(year: date.year, month: date.month, day: date.day + 1) {
                date = next
            } else if let next = CivilDate(year: date.year, month: date.month + 1, day: 1) {
                date = next
            } else if let next = CivilDate(year: date.year + 1, month: 1, day: 1) {
                date = next
                dayOfYear = 0
            }
            dayOfYear += 1
        }
        #expect(date == CivilDate(year: 9999, month: 12, day: 31))
    }

    @Test("days past the calendar's ends are its ends")
    func ends() {
        #expect(CivilDate(days: .min) == CivilDate(year: 1, month: 1, day: 1))
        #expect(CivilDate(days: .max) == CivilDate(year: 9999, month: 12, day: 31))
    }

    @Test("a year has a leap day as the Gregorian calendar says", arguments: [
        (2024, true), (2026, false), (1900, false), (2000, true), (2100, false), (4, true),
    ])
    func leap(year: Int, isLeap: Bool) {
        #expect(CivilDate.isLeap(year) == isLeap)
        #expect((CivilDate(year: year, dayOfYear: 366) != nil) == isLeap)
        #expect(CivilDate(year: year, dayOfYear: 0) == nil)
        #expect(CivilDate(year: year, dayOfYear: 367) == nil)
    }

    @Test("a day has its place in the week", arguments: [
        (1970, 1, 1, "thursday"), (1969, 12, 31, "wednesday"), (2026, 2, 20, "friday"), (2000, 2, 29, "tuesday"), (1, 1, 1, "monday"),
        (9999, 12, 31, "friday"),
    ])
    func weekday(year: Int, month: Int, day: Int, name: String) throws {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        #expect(CalendarNames.weekdays[CivilDate.weekday(ofDay: date.days) - 1] == name)
    }

    @Test("months and days are known by their names, as people and as mail shorten them")
    func names() {
        for (index, name) in CalendarNames.months.enumerated() {
            #expect(CalendarNames.month(named: name) == index + 1)
            #expect(CalendarNames.month(named: String(name.prefix(3))) == index + 1)
            var cursor = ByteCursor(name.uppercased())
            #expect(cursor.shortMonth() == index + 1)
            #expect(cursor.position == 3)
        }
        for (index, name) in CalendarNames.weekdays.enumerated() {
            #expect(CalendarNames.isWeekday(name) && CalendarNames.isWeekday(String(name.prefix(3))))
            var cursor = ByteCursor(name)
            #expect(cursor.shortWeekday() == index + 1)
        }
        #expect(CalendarNames.month(named: "sept") == 9)
        for name in ["tues", "thur", "thurs"] { #expect(CalendarNames.isWeekday(name)) }
        for name in ["", "ja", "janu", "mon", "Jan"] { #expect(CalendarNames.month(named: name) == nil) }
        for text in ["", "ja", "j\u{1}n", "mon"] {
            var cursor = ByteCursor(text)
            #expect(cursor.shortMonth() == nil)
            #expect(cursor.position == 0)
        }
    }
}
