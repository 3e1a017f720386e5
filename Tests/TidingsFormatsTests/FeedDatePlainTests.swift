import TestSupport
import Testing

@testable import TidingsFormats

@Suite struct FeedDatePlainTests {
    @Test("the usual forms are read at once, and others are left", arguments: [
        ("Fri, 20 Feb 2026 10:00:00 GMT", true), ("20 Feb 2026 10:00:00 +0530", true), ("Fri, 6 feb 2026 10:00:00 -0800", true),
        ("2026-02-20T10:00:00Z", true), ("2026-02-20T10:00:00.25+01:00", true), ("2026-02-20T10:00:00.123456789-03:30", true),
        ("2026-02-20", false), ("Fri, 20 Feb 26 10:00:00 GMT", false), ("20 Feb 2026 10:00 GMT", false), ("", false), ("Fri", false),
        ("Fri, 20 Feb 2026 10:00:00 EST", false), ("2026-02-20T10:00:00", false), ("2026-02-20T10:00:00.", false),
        ("Fri, 30 Feb 2026 10:00:00 GMT", false), ("2026-13-20T10:00:00Z", false), ("Fri, 20 Feb 2026 10:00:00 GMT+1", false),
    ])
    func forms(text: String, isPlain: Bool) {
        #expect((FeedDate.parsePlain(text) != nil) == isPlain)
        if isPlain { #expect(FeedDate.parsePlain(text) == FeedDate.parseAny(text)) }
    }

    @Test("both ways to a date agree")
    func agree() {
        var random = Seeded(seed: 5)
        let words = ["Mon", "Sat", "Jan", "mar", "MAY", "dec", "GMT", "UTC", "Z", "T"]
        for template in ["w, 00 w 0000 00:00:00 w", "00 w 0000 00:00:00 +0000", "0000-00-00T00:00:00Z", "0000-00-00T00:00:00.0-00:00"] {
            for _ in 0..<3000 {
                let text = template.map { mark in
                    mark == "0" ? String(Int.random(in: 0...3, using: &random)) : mark == "w" ? words.randomElement(using: &random)! : String(mark)
                }.joined()
                if let date = FeedDate.parsePlain(text) { #expect(date == FeedDate.parseAny(text), "\(text)") }
            }
        }
    }
}
