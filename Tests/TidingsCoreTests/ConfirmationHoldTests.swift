import Testing
import TidingsCore

@Suite("What is kept of what a sink has confirmed")
struct ConfirmationHoldTests {
    private static let hour: Int64 = 3_600_000

    @Test("a change may go an hour after it was confirmed, and not before")
    func hour() {
        var hold = ConfirmationHold(milliseconds: Self.hour, passed: 3)
        var given: [Int64] = []
        // One change is confirmed each minute.
        for minute: Int64 in 0...180 { given.append(hold.pass(10 + minute, at: minute * 60_000)) }
        #expect(given[0..<60].allSatisfy { $0 == 3 })
        for minute in 60...180 { #expect(given[minute] == Int64(minute - 60 + 10), "minute \(minute)") }
        // Nothing more is confirmed, and time goes on.
        #expect(hold.pass(190, at: 240 * 60_000) == 190)
    }

    @Test("what the sink has lost may not go, nor may what was confirmed before a clock was set back")
    func lost() {
        var hold = ConfirmationHold(milliseconds: Self.hour, passed: 0)
        #expect(hold.pass(50, at: 0) == 0)
        #expect(hold.pass(20, at: 60_000) == 0)
        #expect(hold.pass(60, at: Self.hour) == 20)
        #expect(hold.pass(10, at: Self.hour + 1) == 10)

        var later = ConfirmationHold(milliseconds: Self.hour, passed: 0)
        #expect(later.pass(50, at: 10 * Self.hour) == 0)
        #expect(later.pass(51, at: Self.hour) == 0)
        #expect(later.pass(52, at: 2 * Self.hour - 1) == 0)
        #expect(later.pass(52, at: 2 * Self.hour) >= 50)
    }
}
