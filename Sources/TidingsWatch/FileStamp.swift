import Glibc

/// What the kernel says of a file without reading it. Two equal stamps mean that nothing was written in between, except
/// within one tick of the kernel's clock; see `StableFile.fingerprint`.
package struct FileStamp: Equatable, Sendable {
    package let sizeBytes: Int64
    /// Nanoseconds since 1970. Anybody can set it: `rsync -t` gives a new file an old one.
    package let modifiedAt: Int64
    /// Nanoseconds since 1970 of the last write, rename, chmod or link. Nobody can set it.
    package let changedAt: Int64
    package let inode: UInt64
    package let device: UInt64

    init(_ status: stat) {
        sizeBytes = Int64(status.st_size)
        modifiedAt = FileStamp.nanoseconds(status.st_mtim)
        changedAt = FileStamp.nanoseconds(status.st_ctim)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
    }

    /// 64 bits that stand for the stamp in memory and in the ledger: never `FileTable.unknown`, the lowest bit 0. The
    /// device is not in it, for its number may be another one after a restart although nothing else is.
    package var fingerprint: UInt64 {
        let size = FileStamp.mix(UInt64(bitPattern: sizeBytes))
        let modified = FileStamp.mix(size ^ UInt64(bitPattern: modifiedAt))
        let changed = FileStamp.mix(modified ^ UInt64(bitPattern: changedAt))
        let hash = FileStamp.mix(changed ^ inode)
        return max(hash & ~1, 2)
    }

    /// A bijection that spreads each bit of `word` over all (the finalizer of SplitMix64).
    private static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int64(time.tv_nsec)
    }
}

/// Nanoseconds since 1970 by the clock that stamps files; or, coarse, by its last tick.
func wallClock(coarse: Bool = false) -> Int64 { read(coarse ? CLOCK_REALTIME_COARSE : CLOCK_REALTIME) }

/// Nanoseconds by a clock that nobody sets.
func steadyClock() -> Int64 { read(CLOCK_MONOTONIC) }

private func read(_ clock: Int32) -> Int64 {
    var now = timespec()
    unsafe clock_gettime(clock, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

extension Duration {
    /// Whole nanoseconds; what is longer than 292 years counts as that.
    var nanoseconds: Int64 {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : seconds + components.attoseconds / 1_000_000_000
    }
}
