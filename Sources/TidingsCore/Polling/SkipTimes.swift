/// RSS `skipHours` and `skipDays`: when a feed certainly has nothing new. Always GMT.
package struct SkipTimes: Equatable, Sendable {
    /// 0 ... 23, rising.
    package let hours: [Int]
    /// Days of the week as ISO 8601 counts them, rising: 1 is Monday, 7 is Sunday.
    package let days: [Int]

    /// Hours and days that do not exist are dropped; hour 24, which RSS 0.91 allows, is midnight.
    package init(hours: [Int] = [], days: [Int] = []) {
        self.hours = Set(hours.map { $0 == 24 ? 0 : $0 }.filter { (0...23).contains($0) }).sorted()
        self.days = Set(days.filter { (1...7).contains($0) }).sorted()
    }

    /// The first instant from `time` on that is not skipped; nil if every hour is skipped, which no feed can mean.
    func firstAllowed(from time: Int64) -> Int64? {
        var candidate = time
        // If any hour is allowed, one comes within a week.
        for _ in 0...(7 * 24) {
            if !skips(candidate) { return candidate }
            candidate = (candidate / hourMilliseconds + 1) * hourMilliseconds
        }
        return nil
    }

    private func skips(_ time: Int64) -> Bool {
        let hour = Int(time / hourMilliseconds % 24)
        return hours.contains(hour) || days.contains(CivilDate.weekday(ofDay: Int(time / dayMilliseconds)))
    }
}
