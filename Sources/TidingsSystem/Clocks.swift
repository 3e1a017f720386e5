import Glibc

/// Milliseconds since 1970 by the wall clock, for people and other machines. Never measure durations with it, because it may be set
/// back.
package func wallClockMilliseconds() -> Int64 { wallClockNanoseconds() / 1_000_000 }

/// Nanoseconds since 1970 by the wall clock.
package func wallClockNanoseconds() -> Int64 { nanoseconds(of: CLOCK_REALTIME) }

/// The wall clock at its last tick: the time that the kernel would give a file which is written now.
package func wallClockTickNanoseconds() -> Int64 { nanoseconds(of: CLOCK_REALTIME_COARSE) }

/// Nanoseconds by a clock that is never set.
package func monotonicNanoseconds() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

/// The same at its last tick, which is some milliseconds ago at most, for a third of the price.
package func monotonicTickNanoseconds() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC_COARSE) }

/// Nanoseconds since the machine was started, with those in which it slept (`CLOCK_BOOTTIME`).
package func bootClockNanoseconds() -> Int64 { nanoseconds(of: CLOCK_BOOTTIME) }

/// Microseconds of `CLOCK_MONOTONIC`, as `MONOTONIC_USEC=` requires (sd_notify(3)).
package func monotonicMicroseconds() -> UInt64 { UInt64(monotonicNanoseconds() / 1000) }

private func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    // It fails only for clocks that do not exist (clock_gettime(2)). These exist.
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension Duration {
    /// Whole nanoseconds; at most 292 years.
    package var nanoseconds: Int64 {
        let (seconds, overflows) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflows) = seconds.addingReportingOverflow(components.attoseconds / 1_000_000_000)
        return overflows || sumOverflows ? .max : sum
    }

    /// Whole microseconds, rounded down.
    package var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
