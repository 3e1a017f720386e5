import Foundation
import Logging
import Testing

@testable import TidingsDaemon

struct ServiceLogTests {
    @Test("an entry is one line with the message first", arguments: [
        (.debug, "polled", [:], "<7>polled", "2026-02-20T10:00:00Z debug: polled"),
        (.notice, "settings reloaded", ["path": "/etc/tidings.yaml"], "<5>settings reloaded path=/etc/tidings.yaml",
         "2026-02-20T10:00:00Z notice: settings reloaded path=/etc/tidings.yaml"),
        (.warning, "feed not read", ["source": "wire", "reason": "no \"answer\" after 3 s"],
         #"<4>feed not read reason="no \"answer\" after 3 s" source=wire"#,
         #"2026-02-20T10:00:00Z warning: feed not read reason="no \"answer\" after 3 s" source=wire"#),
        (.error, "not stored", ["reason": "one\ntwo\u{1B}[31m\u{2028}", "path": "", "key": "a=b"],
         #"<3>not stored key="a=b" path="" reason="one\ntwo\u{1b}[31m\u{2028}""#,
         #"2026-02-20T10:00:00Z error: not stored key="a=b" path="" reason="one\ntwo\u{1b}[31m\u{2028}""#),
        (.critical, "two\nlines", [:], #"<2>two\nlines"#, #"2026-02-20T10:00:00Z critical: two\nlines"#),
    ] as [(Logger.Level, String, [String: String], String, String)])
    func entries(_ level: Logger.Level, message: String, fields: [String: String], journal: String, person: String) {
        let metadata = fields.mapValues { Logger.MetadataValue.string($0) }
        for (isForJournal, expected) in [(true, journal), (false, person)] {
            let log = ServiceLog(isForJournal: isForJournal)
            #expect(log.line(level, message, metadata, milliseconds: 1_771_581_600_000) == expected)
        }
    }

    @Test func sourcesFieldsStandInEachEntryAndALongOneIsCut() {
        var log = ServiceLog(isForJournal: true)
        log[metadataKey: "source"] = "wire"
        #expect(log.line(.info, "read", ["count": "3"], milliseconds: 0) == "<6>read count=3 source=wire")
        let long = log.line(.info, "read", ["count": "\(String(repeating: "ж", count: 40_000))"], milliseconds: 0)
        #expect(long.utf8.count < 48 << 10, "LineMax= of journald")
    }
}
