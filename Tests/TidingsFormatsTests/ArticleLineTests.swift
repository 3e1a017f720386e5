import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct ArticleLineRules {
    @Test("navigation, counters and rights lines are boilerplate", arguments: [
        "Scroll to Top", "↑ Back to top", "SKIP TO CONTENT", "Share on Facebook | Tweet | Print", "1 2 3 … 9 Next »",
        "Viewing results 1 - 6 of 54", "Showing 10 of 200 entries", "54 results found", "© 2026 Harbour Post",
        "Copyright harbourpost", "Copyright 2026 by the Harbour Post. All rights reserved.", "All rights reserved.",
        "Читайте также", "Haut de page", "Vissza a tetejére", "1,204 views", "12 комментариев", "03/05/2026 14:30",
        "(Reporting by Jeanne Aubry; editing by Tom Hale)", "Follow us on Telegram and Instagram", "FOR IMMEDIATE RELEASE",
        "We use cookies to improve your experience on this site.",
    ])
    func boilerplate(line: String) {
        let bytes = Array(line.utf8)
        #expect(Boilerplate.isBoilerplate(bytes, 0..<bytes.count))
    }

    @Test("sentences, headings and names are not", arguments: [
        "Share of the harbour sold", "Next year in Aktau", "The next ferry", "Results of the regatta", "2026",
        "Copyright reform stalls again", "Cooperation in aviation and transport", "Print works closes", "Aktau",
        "Top of the lighthouse reopened", "Showing the way in fog", "1:02:11 1:03:40 1:05:02", "12 comments on the new pier",
        "We use cookies of oats and honey for the base.", "Follow us to the lighthouse", "Sign up for nothing", "2 3",
    ])
    func kept(line: String) {
        let bytes = Array(line.utf8)
        #expect(!Boilerplate.isBoilerplate(bytes, 0..<bytes.count))
    }

    @Test("figures with their signs are one mark", arguments: [
        ("• KGS/USD = 0.01144 0%", "• KGS/USD = 12 -0.09%"), ("Page 9 of 9", "Page 10 of 1,200"),
    ])
    func masks(one: String, other: String) {
        func mask(_ line: String) -> [UInt8] { Boilerplate.mask(Array(line.utf8), 0..<line.utf8.count) }
        #expect(mask(one) == mask(other))
    }

    @Test("a byline names its authors", arguments: [
        ("By Aigerim Sadykova,Timur Bekov", ["Aigerim Sadykova", "Timur Bekov"]),
        ("BY DANA OMAROVA and Li Na", ["DANA OMAROVA", "Li Na"]),
        ("Written by Jan van der Berg", ["Jan van der Berg"]),
        ("By J. R. Ömer & Dana Omarova on March 5, 2026", ["J. R. Ömer", "Dana Omarova"]),
        ("Автор: Дана Омарова", ["Дана Омарова"]),
        ("By Reuters", ["Reuters"]), ("Posted on March 5, 2026 by Ola Moe", ["Ola Moe"]),
        ("Von Jana Roth, Harburg", ["Jana Roth"]), ("Par Awa Diop, le 5 mars 2026 à 9 h 05", ["Awa Diop"]),
        ("作者：李娜、王伟", ["李娜", "王伟"]), ("بقلم: ليلى حداد", ["ليلى حداد"]), ("Tác giả: Nguyễn Thị Lan", ["Nguyễn Thị Lan"]),
    ])
    func bylines(line: String, names: [String]) {
        let bytes = Array(line.utf8)
        let byline = Byline(bytes, 0..<bytes.count, allowsSingleNames: true)
        #expect(byline?.authors.compactMap(\.name) == names)
    }

    @Test("what starts like a byline is none", arguments: [
        "By the Sea", "By Land and Sea", "By 2030, Aktau", "By Monday the ferry was back.", "Byzantine Harbour Found",
        "By and large", "Von Hamburg nach Harburg", "Par hasard", "Por la noche", "Von Harburg", "Text: eine kurze Notiz",
    ])
    func noBylines(line: String) {
        let bytes = Array(line.utf8)
        #expect(Byline(bytes, 0..<bytes.count, allowsSingleNames: false) == nil)
    }

    @Test("dates are read in every form that means one day", arguments: [
        ("2026-03-05", "2026-03-05"), ("5 March 2026", "2026-03-05"), ("March 5, 2026", "2026-03-05"),
        ("Thursday, 5th March 2026, 14:35 GMT", "2026-03-05"), ("Sept. 22, 2025", "2025-09-22"),
        ("05.03.2026", "2026-03-05"), ("2026-03-05T10:00:00+05:00", "2026-03-05T05:00:00Z"),
        ("2026-03-05T10:00:00.1239Z", "2026-03-05T10:00:00.123Z"), ("2026-03-05 10:00", "2026-03-05"),
        ("2026-03-05T10:00:00+0530", "2026-03-05T04:30:00Z"), ("5. März 2026, 14.30 Uhr", "2026-03-05"),
        ("jeudi 5 mars 2026 à 14h30", "2026-03-05"), ("5 de marzo de 2026", "2026-03-05"), ("5 марта 2026 г.", "2026-03-05"),
        ("2026 жылғы 5 наурыз", "2026-03-05"), ("2026-yil 5-mart", "2026-03-05"), ("2026. március 5.", "2026-03-05"),
        ("2026年3月5日 14時30分", "2026-03-05"), ("2026년 3월 5일", "2026-03-05"), ("5 tháng 3 năm 2026", "2026-03-05"),
        ("5 มีนาคม 2569", "2026-03-05"), ("5 Mart 2026 Perşembe", "2026-03-05"), ("25/03/2026", "2026-03-25"),
        ("03/25/2026", "2026-03-25"), ("2026.03.05", "2026-03-05"), ("Senin, 5 Maret 2026", "2026-03-05"),
    ])
    func dates(text: String, expected: String) {
        #expect(machineDate(text)?.description == expected)
    }

    @Test("what means no day, or two, is no date", arguments: [
        "02/03/2026", "30 February 2026", "5 March", "2026", "2026-13-01", "March 5, 2026 was a Thursday", "",
        "99999999999999999999-01-01", "5 listopada 2026", "5 Marathon 2026", "2026年13月5日", "5 tháng 13 năm 2026", "5 3 2026",
    ])
    func noDates(text: String) {
        #expect(machineDate(text) == nil)
    }

    @Test("a name of a month means the same month everywhere, but for Croatian", arguments: [
        ("februar", 2), ("février", 2), ("лютого", 2), ("қаңтар", 1), ("สิงหาคม", 8), ("أيلول", 9), ("rujna", 9), ("thermidor", nil),
    ])
    func months(name: String, number: Int?) {
        #expect(MonthNames.month(name) == number)
        #expect(MonthNames.month("listopada", language: "hr") == 10)
        #expect(MonthNames.month("listopada", language: "pl") == 11)
    }

    @Test("a line between paragraphs is an insert only if it can be nothing else", arguments: [
        ("Advertisement", true), ("READ MORE: A bell for the harbour", true), ("Lire aussi : Le gardien s’en va", true), ("ENDS", true),
        ("-30-", true), ("Photo: Jane Roe / Northern Agency", true), ("Advertising", false), ("Реклама", false), ("###", false),
        ("See also: the harbour rules of 1911", false), ("Read more: it costs nothing.", false), ("Photo: the lamp in winter", false),
        ("Ends", false), ("30", false), ("Comments", false),
    ])
    func inserts(line: String, isInsert: Bool) {
        let bytes = Array(line.utf8)
        #expect(Boilerplate.isBoilerplateAnywhere(bytes, 0..<bytes.count) == isInsert)
    }
}
