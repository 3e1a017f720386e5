import Glibc

/// Milliseconds since 1970 by the wall clock, which may be set back: for what people and other machines read, never for
/// measuring how long something took.
package func wallClockMilliseconds() -> Int64 {
    let time = read(CLOCK_REALTIME)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

/// Microseconds of `CLOCK_MONOTONIC`, as `MONOTONIC_USEC=` wants them (sd_notify(3)).
package func monotonicMicroseconds() -> UInt64 {
    let time = read(CLOCK_MONOTONIC)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
}

private func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    // Fails only for clocks that do not exist (clock_gettime(2)), and these two always do.
    unsafe clock_gettime(clock, &time)
    return time
}
