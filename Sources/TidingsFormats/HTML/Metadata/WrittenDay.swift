import TidingsCore

/// Finds the day in a short text, as people and programs write it in many languages. It is the day as written: no zone moves
/// it. A text that may mean two days, such as `02/03/2026`, is none, unless the page's language tells which.
struct WrittenDay {
    private let tokens: [FeedDateToken]
    private let language: String?
    private let hasDayFirst: Bool?

    /// - Parameter language: the language that the page declares, with its region if it has one.
    static func first(in text: String, language: String?) -> CivilDate? {
        WrittenDay(text, language: language)?.first()
    }

    private static let limitBytes = 400

    private init?(_ text: String, language: String?) {
        guard text.utf8.count <= Self.limitBytes, text.utf8.contains(where: \.isASCIIDigit) else { return nil }
        tokens = FeedDateToken.tokens(of: text)
        self.language = language
        hasDayFirst = Self.hasDayFirst(language, tokens)
    }

    private func first() -> CivilDate? {
        tokens.indices.lazy.compactMap(day(at:)).first
    }

    /// The day whose first part is the token `index`.
    private func day(at index: Int) -> CivilDate? {
        if case .number = tokens[index] { return numericDay(at: index) ?? namedDay(at: index) }
        return monthFirstDay(at: index)
    }

    // MARK: With a month's name

    /// `20 February 2026`, `20. února 2026`, `20 de febrero de 2026`, `20th of February, 2026`, `2026 February 20`.
    private func namedDay(at index: Int) -> CivilDate? {
        guard case .number(let first, let digits) = tokens[index] else { return nil }
        var next = skippingFillers(from: index + 1, limit: 3)
        guard let (month, end) = month(at: next) else { return nil }
        next = skippingFillers(from: end, limit: 3)
        guard next < tokens.count, case .number(let last, let lastDigits) = tokens[next] else { return nil }
        if digits == 4, lastDigits <= 2 { return day(first, month.number, last) }
        guard digits <= 2, lastDigits == 4 else { return nil }
        return day(last - (month.isBuddhist ? 543 : 0), month.number, first)
    }

    /// `February 20, 2026`, `Feb. 20th 2026`.
    private func monthFirstDay(at index: Int) -> CivilDate? {
        guard let (month, end) = month(at: index) else { return nil }
        var next = skippingFillers(from: end, limit: 2)
        guard next < tokens.count, case .number(let day, let digits) = tokens[next], digits <= 2 else { return nil }
        next = skippingFillers(from: next + 1, limit: 3)
        guard next < tokens.count, case .number(let year, 4) = tokens[next] else { return nil }
        return self.day(year, month.number, day)
    }

    private struct Month {
        var number: Int
        var isBuddhist = false
    }

    /// The month that is named at `index`, and the index behind it.
    private func month(at index: Int) -> (Month, Int)? {
        guard index < tokens.count, case .word(let word, _) = tokens[index] else { return nil }
        if let number = MonthNames.month(word, language: language) {
            let isThai = word.unicodeScalars.first.map { ("\u{0E00}"..."\u{0E7F}").contains($0) } ?? false
            return (Month(number: number, isBuddhist: isThai), index + 1)
        }
        // Arabic of the Levant, and Vietnamese ("tháng 2").
        guard index + 1 < tokens.count else { return nil }
        switch (word, tokens[index + 1]) {
        case ("كانون", .word("الثاني", _)): return (Month(number: 1), index + 2)
        case ("تشرين", .word("الأول", _)), ("تشرين", .word("الاول", _)): return (Month(number: 10), index + 2)
        case ("تشرين", .word("الثاني", _)): return (Month(number: 11), index + 2)
        case ("كانون", .word("الأول", _)), ("كانون", .word("الاول", _)): return (Month(number: 12), index + 2)
        case ("tháng", .number(let number, let digits)) where digits <= 2 && (1...12).contains(number):
            return (Month(number: number), index + 2)
        default:
            guard let number = Self.levantine.firstIndex(of: word) else { return nil }
            return (Month(number: number + 2), index + 1)
        }
    }

    /// The months from February to September.
    private static let levantine = ["شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول"]

    /// The index behind at most `limit` marks and words that join the parts of a date.
    private func skippingFillers(from index: Int, limit: Int) -> Int {
        var index = index
        for _ in 0..<limit {
            guard index < tokens.count else { break }
            switch tokens[index] {
            case .mark(let byte) where byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "/"):
                break
            case .word(let word, _) where Self.fillers.contains(word): break
            default: return index
            }
            index += 1
        }
        return index
    }

    private static let fillers: Set<String> = [
        "st", "nd", "rd", "th", "of", "the", "de", "del", "d", "er", "den", "ten", "º", "ª", "°", "م", "năm", "г", "р", "і", "ב",
    ]

    // MARK: In numbers

    /// `2026-02-20`, `20.02.2026`, `2026年2月20日`, `2026년 2월 20일`, `20/02/2026`.
    private func numericDay(at index: Int) -> CivilDate? {
        guard case .number(let first, let digits) = tokens[index] else { return nil }
        if digits == 8 || digits == 14 {
            let value = digits == 8 ? first : first / 1_000_000
            return day(value / 10_000, value / 100 % 100, value % 100)
        }
        guard index + 4 < tokens.count, case .number(let second, let secondDigits) = tokens[index + 2], secondDigits <= 2,
            case .number(let third, let thirdDigits) = tokens[index + 4]
        else { return nil }
        switch (tokens[index + 1], tokens[index + 3]) {
        case (.word("年", _), .word(let word, _)) where word == "月", (.word("년", _), .word(let word, _)) where word == "월":
            return digits == 4 ? day(first, second, third) : nil
        case (.mark(let mark), .mark(let other)) where mark == other:
            guard mark == UInt8(ascii: "-") || mark == UInt8(ascii: ".") || mark == UInt8(ascii: "/") else { return nil }
            // A longer row of numbers is an address, a version, a telephone number.
            if index > 0, tokens[index - 1] == .mark(mark) || continues(at: index + 5, mark) { return nil }
            if digits == 4 { return thirdDigits <= 2 ? day(first, second, third) : nil }
            guard digits <= 2, thirdDigits == 4 else { return nil }
            return dayOfNumbers(first, second, year: third, mark: mark)
        default: return nil
        }
    }

    private func continues(at index: Int, _ mark: UInt8) -> Bool {
        guard index + 1 < tokens.count, tokens[index] == .mark(mark), case .number = tokens[index + 1] else { return false }
        return true
    }

    private func dayOfNumbers(_ first: Int, _ second: Int, year: Int, mark: UInt8) -> CivilDate? {
        if first > 12 || mark == UInt8(ascii: ".") && second <= 12 { return day(year, second, first) }
        if second > 12 || first == second { return day(year, first, second) }
        guard let hasDayFirst else { return nil }
        return hasDayFirst ? day(year, second, first) : day(year, first, second)
    }

    /// Whether the day stands before the month in a date of numbers; nil if nothing tells.
    private static func hasDayFirst(_ language: String?, _ tokens: [FeedDateToken]) -> Bool? {
        if let language {
            let subtags = language.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" })
            let region = subtags.dropFirst().first { $0.utf8.count == 2 }
            if region == "us" || region == "ph" { return false }
            if subtags.first != "en" { return true }
            // Canada writes both.
            if let region, region != "ca" { return true }
        }
        let isAmerican = tokens.contains { token in
            if case .word(let word, _) = token { return word == "am" || word == "pm" }
            return false
        }
        return isAmerican ? false : nil
    }

    /// A day on which a page can have been written.
    private func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate? {
        guard (1990...2100).contains(year) else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }
}
