import Testing
@testable import TidingsSystem

@Suite("clocks") struct ClockTests {
    @Test("the monotonic clock goes on, and the wall clock is in this century")
    func goOn() {
        let before = monotonicMicroseconds()
        #expect(monotonicMicroseconds() >= before)
        #expect(wallClockMilliseconds() > 1_700_000_000_000)
        // The tick is never ahead, and at most a hundredth of a second behind (CONFIG_HZ).
        let tick = wallClockTickNanoseconds()
        let behind = wallClockNanoseconds() - tick
        #expect(behind >= 0 && behind < 1_000_000_000)
    }

    @Test("a duration in whole nanoseconds and microseconds", arguments: [
        (.seconds(2), 2_000_000_000, 2_000_000), (.nanoseconds(1_999), 1_999, 1), (.zero, 0, 0),
        (Duration(secondsComponent: 1, attosecondsComponent: 999_999_999_999_999_999), 1_999_999_999, 1_999_999),
        // Longer than 64 bits hold, by its seconds alone and only with its fraction.
        (.seconds(10_000_000_000), .max, 10_000_000_000_000_000),
        (.seconds(9_223_372_036) + .milliseconds(900), .max, 9_223_372_036_900_000),
    ] as [(Duration, Int64, Int64)])
    func durations(duration: Duration, nanoseconds: Int64, microseconds: Int64) {
        #expect(duration.nanoseconds == nanoseconds)
        #expect(duration.microseconds == microseconds)
    }
}
