import Testing
import TidingsCore

@testable import TidingsFormats

@Suite struct ArticleLineRules {
    @Test("navigation, counters and rights lines are boilerplate", arguments: [
        "Scroll to Top", "↑ Back to top", "SKIP TO CONTENT", "Share on Facebook | Tweet | Print", "1 2 3 … 9 Next »",
        "Viewing results 1 - 6 of 54", "Showing 10 of 200 entries", "54 results found", "© 2026 Harbour Post",
        "Copyright harbourpost", "Copyright 2026 by the Harbour Post. All rights reserved.", "All rights reserved.",
        "Читайте также", "Haut de page", "Vissza a tetejére",
    ])
    func boilerplate(line: String) {
        let bytes = Array(line.utf8)
        #expect(Boilerplate.isBoilerplate(bytes, 0..<bytes.count))
    }

    @Test("sentences, headings and names are not", arguments: [
        "Share of the harbour sold", "Next year in Aktau", "The next ferry", "Results of the regatta", "2026",
        "Copyright reform stalls again", "Cooperation in aviation and transport", "Print works closes", "Aktau",
        "Top of the lighthouse reopened", "Showing the way in fog",
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
        ("By Reuters", ["Reuters"]),
    ])
    func bylines(line: String, names: [String]) {
        let bytes = Array(line.utf8)
        let byline = Byline(bytes, 0..<bytes.count, allowsSingleNames: true)
        #expect(byline?.authors.compactMap(\.name) == names)
    }

    @Test("what starts like a byline is none", arguments: [
        "By the Sea", "By Land and Sea", "By 2030, Aktau", "By Monday the ferry was back.", "Byzantine Harbour Found",
        "By and large",
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
        ("2026-03-05T10:00:00+0530", "2026-03-05T04:30:00Z"),
    ])
    func dates(text: String, expected: String) {
        #expect(machineDate(text)?.description == expected)
    }

    @Test("what means no day, or two, is no date", arguments: [
        "02/03/2026", "30 February 2026", "5 March", "2026", "2026-13-01", "March 5, 2026 was a Thursday", "",
        "99999999999999999999-01-01",
    ])
    func noDates(text: String) {
        #expect(machineDate(text) == nil)
    }
}
