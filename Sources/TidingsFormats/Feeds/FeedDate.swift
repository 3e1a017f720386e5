import TidingsCore

/// Dates as feeds write them: RFC 822 and its successors, ISO 8601 and W3CDTF, RFC 850, asctime, seconds since 1970,
/// month names of several languages, and what people make of all these.
///
/// One reader serves all of them. It splits the text into numbers and words. It recognises a time of day by its colons,
/// and a month and a zone by their names; the numbers that are left are year, month and day, in the order that their
/// sizes allow. A text without a zone counts as UTC. A text that cannot be read, or that names a zone which is unknown, is
/// nil, because nobody could tell a guess from a fact.
package enum FeedDate {
    /// Longer texts are no dates.
    static let limitBytes = 120

    package static func parse(_ text: String) -> ItemDate? {
        guard text.utf8.count <= limitBytes else { return nil }
        return parsePlain(text) ?? parseAny(text)
    }

    static func parseAny(_ text: String) -> ItemDate? {
        var reading = Reading(tokens: FeedDateToken.tokens(of: text))
        return reading.date()
    }

    private struct Number {
        var value: Int
        var digits: Int
        /// The mark before the number: `/`, `.`, `-`, or a space.
        var mark: UInt8
    }

    /// What the tokens read so far mean.
    private struct Reading {
        let tokens: [FeedDateToken]
        var index = 0
        var numbers: [Number] = []
        var month: Int?
        var time: TimeOfDay?
        var isAfternoon: Bool?
        var offsetMinutes: Int?
        /// The zone that is named, which a number of hours outweighs.
        var zone: FeedZone?
        /// Whether a word stands where a zone does, and is none that is known.
        var hasUnknownZone = false

        init(tokens: [FeedDateToken]) { self.tokens = tokens }

        mutating func date() -> ItemDate? {
            if tokens.count == 1, case .number(let value, let digits) = tokens[0], let date = epoch(value, digits) {
                return date
            }
            while index < tokens.count {
                guard readToken() else { return nil }
            }
            guard let day = calendarDay() else { return nil }
            guard var time else { return ItemDate(day) }
            if let isAfternoon, time.hour <= 12 { time.hour = time.hour % 12 + (isAfternoon ? 12 : 0) }
            // 24:00 is the end of the day (ISO 8601-1:2004 §4.2.3).
            let isMidnightAfter = time.hour == 24 && time.minute == 0 && time.second == 0
            if isMidnightAfter { time.hour = 0 }
            guard let local = ItemDate(day, time) else { return nil }
            return instant(ofLocal: local.milliseconds + (isMidnightAfter ? dayMilliseconds : 0))
        }

        private func instant(ofLocal local: Int64) -> ItemDate? {
            if let offsetMinutes { return ItemDate(milliseconds: local - Int64(offsetMinutes) * 60_000) }
            if zone == nil, hasUnknownZone { return nil }
            return (zone ?? .fixed(0)).milliseconds(ofLocal: local).map { ItemDate(milliseconds: $0) }
        }

        /// Seconds or milliseconds since 1970, distinguished from dates by their length.
        private func epoch(_ value: Int, _ digits: Int) -> ItemDate? {
            switch digits {
            case 9, 10, 11: ItemDate(milliseconds: Int64(value) * 1000)
            case 13: ItemDate(milliseconds: Int64(value))
            default: nil
            }
        }

        // MARK: Tokens

        /// Reads one token, with those that belong to it; false if the text is no date.
        private mutating func readToken() -> Bool {
            let token = tokens[index]
            let mark = index > 0 ? tokens[index - 1].mark : 0x20
            index += 1
            switch token {
            case .mark: return true
            case .word(let word, let isCapital): return readWord(word, isCapital: isCapital)
            case .region(let name):
                // `Z[Europe/Berlin]` gives the instant already, and `CET Europe/Berlin` the region's abbreviation.
                if zone != .fixed(0) { zone = .region(name) }
                return true
            case .number(let value, let digits):
                if nextIs(":"), time == nil, digits <= 2 { return readTime(hour: value) }
                let isSigned = mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-")
                if isSigned, time != nil, offsetMinutes ?? 0 == 0, zone == nil || zone == .fixed(0),
                    !isDayAfterTime(digits) {
                    return readOffset(value, digits, sign: mark == UInt8(ascii: "-") ? -1 : 1)
                }
                if digits == 14, numbers.isEmpty {
                    numbers.append(Number(value: value / 1_000_000, digits: 8, mark: mark))
                    return readCompactTime(value % 1_000_000, digits: 6)
                }
                guard numbers.count < 3 else { return false }
                numbers.append(Number(value: value, digits: digits, mark: mark))
                return true
            }
        }

        /// Whether a number after `-` is part of a date that follows its time: `10:00 01-02-2004`.
        private func isDayAfterTime(_ digits: Int) -> Bool {
            guard month == nil, let first = numbers.first else { return false }
            return numbers.count < 3 && first.digits <= 2 && digits != 4
        }

        private func nextIs(_ mark: Unicode.Scalar) -> Bool {
            index < tokens.count && tokens[index] == .mark(UInt8(ascii: mark))
        }

        private mutating func nextNumber() -> (value: Int, digits: Int)? {
            guard index < tokens.count, case .number(let value, let digits) = tokens[index] else { return nil }
            index += 1
            return (value, digits)
        }

        private mutating func readTime(hour: Int) -> Bool {
            var time = TimeOfDay(hour: hour)
            index += 1
            guard let minute = nextNumber() else { return false }
            time.minute = minute.value
            if nextIs(":") {
                index += 1
                guard let second = nextNumber() else { return false }
                time.second = second.value
                readFraction(into: &time)
            }
            self.time = time
            return true
        }

        private mutating func readFraction(into time: inout TimeOfDay) {
            guard nextIs(".") || nextIs(","), index + 1 < tokens.count, case .number(let value, let digits) = tokens[index + 1]
            else { return }
            index += 2
            var scaled = value
            for _ in digits..<max(digits, 3) { scaled *= 10 }
            if digits > 3 { for _ in 3..<digits { scaled /= 10 } }
            time.millisecond = scaled
        }

        /// `T10`, `T1014`, `T101455`.
        private mutating func readCompactTime(_ value: Int, digits: Int) -> Bool {
            switch digits {
            case 1, 2: time = TimeOfDay(hour: value)
            case 4: time = TimeOfDay(hour: value / 100, minute: value % 100)
            case 6:
                var compact = TimeOfDay(hour: value / 10_000, minute: value / 100 % 100, second: value % 100)
                readFraction(into: &compact)
                time = compact
            default: return false
            }
            return true
        }

        private mutating func readOffset(_ value: Int, _ digits: Int, sign: Int) -> Bool {
            var minutes = digits > 2 ? value / 100 * 60 + value % 100 : value * 60
            if digits <= 2, nextIs(":") {
                index += 1
                guard let rest = nextNumber() else { return false }
                minutes += rest.value
            }
            guard minutes < 24 * 60 else { return false }
            offsetMinutes = sign * minutes
            return true
        }

        private mutating func readWord(_ word: String, isCapital: Bool) -> Bool {
            if word == "t", !numbers.isEmpty, time == nil, index < tokens.count,
                case .number(let value, let digits) = tokens[index]
            {
                index += 1
                return nextIs(":") && digits <= 2 ? readTime(hour: value) : readCompactTime(value, digits: digits)
            }
            switch word {
            case "am", "a": isAfternoon = false
            case "pm", "p": isAfternoon = true
            case "오전", "오후":
                // Korean software writes these, and leaves the zone out.
                isAfternoon = word == "오후"
                offsetMinutes = offsetMinutes ?? 540
            case "년", "월", "일": offsetMinutes = offsetMinutes ?? 540
            default:
                if let named = FeedZone.named(word), time != nil || isCapital && word.utf8.count > 2 {
                    zone = zone ?? named
                } else if let named = FeedDateNames.month(word) {
                    // The last one counts: `mar` is also Tuesday in French and Spanish.
                    month = named
                } else if isLikeZone(word, isCapital: isCapital) {
                    hasUnknownZone = true
                }
            }
            return true
        }

        /// Whether an unknown word is a zone's: an abbreviation, the word behind the time, or part of a zone's full name.
        private func isLikeZone(_ word: String, isCapital: Bool) -> Bool {
            guard time != nil, word.utf8.count >= 2, !CalendarNames.isWeekday(word), !FeedDateNames.isFiller(word) else { return false }
            if FeedZone.words.contains(word) { return true }
            let isShort = word.utf8.count <= 5 && word.utf8.allSatisfy(\.isASCIILetter)
            guard isShort, index >= 2 else { return false }
            if isCapital { return true }
            if case .number = tokens[index - 2] { return true }
            return false
        }

        // MARK: The day

        private func calendarDay() -> CivilDate? {
            if let month { return day(ofNamedMonth: month) }
            switch numbers.count {
            case 3: return dayOfThree()
            case 2 where numbers[0].digits == 4 && numbers[1].digits == 3:
                return CivilDate(year: numbers[0].value, dayOfYear: numbers[1].value)
            case 2 where numbers[0].digits == 4:
                return CivilDate(year: numbers[0].value, month: numbers[1].value, day: 1)
            case 1: return dayOfOne(numbers[0])
            default: return nil
            }
        }

        private func day(ofNamedMonth month: Int) -> CivilDate? {
            guard let first = numbers.first else { return nil }
            if numbers.count == 1 { return first.digits == 4 ? CivilDate(year: first.value, month: month, day: 1) : nil }
            let second = numbers[1]
            return isYear(first)
                ? CivilDate(year: fullYear(first), month: month, day: second.value)
                : CivilDate(year: fullYear(second), month: month, day: first.value)
        }

        private func dayOfThree() -> CivilDate? {
            let (first, second, third) = (numbers[0], numbers[1], numbers[2])
            if isYear(first) || third.digits <= 2 && second.mark == UInt8(ascii: "-") {
                return CivilDate(year: fullYear(first), month: second.value, day: third.value)
            }
            // With dots the day comes first; with slashes the month does, unless the first number is too large for one.
            return second.mark == UInt8(ascii: "/") && first.value <= 12
                ? CivilDate(year: fullYear(third), month: first.value, day: second.value)
                : CivilDate(year: fullYear(third), month: second.value, day: first.value)
        }

        private func dayOfOne(_ number: Number) -> CivilDate? {
            let value = number.value
            switch number.digits {
            case 8: return CivilDate(year: value / 10_000, month: value / 100 % 100, day: value % 100)
            case 7: return CivilDate(year: value / 1000, dayOfYear: value % 1000)
            case 6: return CivilDate(year: fullYear(ofTwoDigits: value / 10_000), month: value / 100 % 100, day: value % 100)
            case 5: return CivilDate(year: fullYear(ofTwoDigits: value / 1000), dayOfYear: value % 1000)
            case 4: return CivilDate(year: value, month: 1, day: 1)
            default: return nil
            }
        }

        /// Whether `number`, the first of several, can only be the year.
        private func isYear(_ number: Number) -> Bool { number.digits >= 3 || number.value > 31 }

        private func fullYear(_ number: Number) -> Int {
            number.digits > 2 ? number.value : fullYear(ofTwoDigits: number.value)
        }

        /// RFC 5322 §4.3, except that two digits from 70 on are the last century's, because no feed is older than 1970.
        private func fullYear(ofTwoDigits year: Int) -> Int { year + (year < 70 ? 2000 : 1900) }
    }
}
