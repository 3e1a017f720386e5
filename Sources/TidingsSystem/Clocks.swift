import Glibc

/// Milliseconds since 1970 by the wall clock, which may be set back: for what people and other machines read, never for
/// measuring how long something took.
package func wallClockMilliseconds() -> Int64 { wallClockNanoseconds() / 1_000_000 }

/// Nanoseconds since 1970 by the wall clock.
package func wallClockNanoseconds() -> Int64 { nanoseconds(of: CLOCK_REALTIME) }

/// The wall clock at its last tick: the time that the kernel would give a file which is written now.
package func wallClockTickNanoseconds() -> Int64 { nanoseconds(of: CLOCK_REALTIME_COARSE) }

/// Nanoseconds by a clock that nobody sets.
package func monotonicNanoseconds() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

/// Microseconds of `CLOCK_MONOTONIC`, as `MONOTONIC_USEC=` wants them (sd_notify(3)).
package func monotonicMicroseconds() -> UInt64 { UInt64(monotonicNanoseconds() / 1000) }

private func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    // Fails only for clocks that do not exist (clock_gettime(2)), and these do.
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension Duration {
    /// Whole nanoseconds; what is longer than 292 years counts as that.
    package var nanoseconds: Int64 {
        let (seconds, overflows) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflows) = seconds.addingReportingOverflow(components.attoseconds / 1_000_000_000)
        return overflows || sumOverflows ? .max : sum
    }

    /// Whole microseconds, rounded down.
    package var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
