import TidingsSystem

extension FileStatus {
    /// 64 bits that stand for a file's status in memory and in the ledger: never `FileTable.unknown`, and the lowest bit is 0.
    /// The device is left out: its number may be another one after a restart although nothing else is.
    package var fingerprint: UInt64 {
        let size = Self.mix(UInt64(bitPattern: size))
        let modified = Self.mix(size ^ UInt64(bitPattern: modified.nanosecondsSince1970))
        let changed = Self.mix(modified ^ UInt64(bitPattern: changed.nanosecondsSince1970))
        let hash = Self.mix(changed ^ identity.inode)
        return max(hash & ~1, 2)
    }

    /// A bijection that spreads each bit of `word` over all (the finalizer of SplitMix64).
    private static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
