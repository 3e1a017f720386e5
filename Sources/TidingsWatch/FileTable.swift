/// What a root held when its files were last read: for each path the fingerprint of its status, and whether the running scan has
/// seen it. A slot takes 16 bytes and at most 4 of 5 slots are used, so that a million files cost 20 to 32 MB.
///
/// Of a path only a 64-bit hash is kept (SipHash under a key of this process, so that nobody can choose names that collide).
/// With a million files the chance is 3 in 100 million that two have the same hash; then a change of one of them may wait for a
/// scan that reads everything.
package struct FileTable: Sendable {
    /// The fingerprint of a file that was seen but not read. No file's status has it.
    package static let unknown: UInt64 = 0

    private struct Slot {
        /// 0: the slot is free.
        var hash: UInt64 = 0
        /// The lowest bit, which is 0 in every fingerprint, says here that the running scan has seen the file.
        var fingerprint: UInt64 = 0
    }
    private static let seenBit: UInt64 = 1

    private var slots: [Slot]
    package private(set) var count = 0
    private var seenCount = 0

    package init(minimumCapacity: Int = 0) {
        slots = Array(repeating: Slot(), count: max(64, minimumCapacity * 5 / 4 + 1))
    }

    /// The memory that the table takes.
    package var sizeBytes: Int { slots.count * MemoryLayout<Slot>.stride }

    /// Remembers that `path` was read when its status had this fingerprint. A running scan counts the path as seen.
    package mutating func set(_ path: RawPath, fingerprint: UInt64) {
        let slot = place(hash(path))
        see(slot)
        slots[slot].fingerprint = fingerprint | Self.seenBit
    }

    /// The fingerprint under which `path` was read; nil if it is not known.
    package func fingerprint(of path: RawPath) -> UInt64? {
        let hash = hash(path)
        let slot = index(hash)
        return slots[slot].hash == hash ? slots[slot].fingerprint & ~Self.seenBit : nil
    }

    package mutating func remove(_ path: RawPath) {
        let hash = hash(path)
        let slot = index(hash)
        guard slots[slot].hash == hash else { return }
        count -= 1
        if slots[slot].fingerprint & Self.seenBit != 0 { seenCount -= 1 }
        vacate(slot)
    }

    // MARK: A scan's marks

    /// Forgets what earlier scans have seen.
    package mutating func beginScan() {
        for slot in slots.indices { slots[slot].fingerprint &= ~Self.seenBit }
        seenCount = 0
    }

    /// Notes that the running scan sees `path`, and says whether it still has this fingerprint. A path that was not known becomes
    /// known with the fingerprint `unknown`, so that a caller who has it in a ledger does not take it for gone.
    mutating func see(_ path: RawPath, fingerprint: UInt64) -> Bool {
        let slot = place(hash(path))
        see(slot)
        return slots[slot].fingerprint & ~Self.seenBit == fingerprint
    }

    /// Whether the last scan did not see `path`. After a complete scan of a reachable root the file is not there, unless somebody
    /// moved it there during the scan: `FolderScan.look` decides.
    package func isUnmarked(_ path: RawPath) -> Bool {
        let hash = hash(path)
        let slot = index(hash)
        return slots[slot].hash != hash || slots[slot].fingerprint & Self.seenBit == 0
    }

    /// How many known files the last scan did not see.
    package var unmarkedCount: Int { count - seenCount }

    // MARK: Open addressing, linear probing

    private func hash(_ path: RawPath) -> UInt64 {
        var hasher = Hasher()
        unsafe path.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        return hash == 0 ? 1 : hash
    }

    /// Where the probing for `hash` starts: the hash as a fraction of the table, so that the capacity need not be a power of two.
    private func home(_ hash: UInt64) -> Int { Int(hash.multipliedFullWidth(by: UInt64(slots.count)).high) }

    /// The slot of `hash`, or the free slot where it would go.
    private func index(_ hash: UInt64) -> Int {
        var slot = home(hash)
        while slots[slot].hash != 0, slots[slot].hash != hash { slot = next(slot) }
        return slot
    }

    private func next(_ slot: Int) -> Int { slot + 1 == slots.count ? 0 : slot + 1 }

    /// The slot of `hash`, which is taken if there was none.
    private mutating func place(_ hash: UInt64) -> Int {
        let slot = index(hash)
        if slots[slot].hash == hash { return slot }
        guard (count + 1) * 5 <= slots.count * 4 else {
            grow(to: slots.count / 2 * 3)
            return place(hash)
        }
        slots[slot] = Slot(hash: hash)
        count += 1
        return slot
    }

    private mutating func see(_ slot: Int) {
        if slots[slot].fingerprint & Self.seenBit == 0 { seenCount += 1 }
        slots[slot].fingerprint |= Self.seenBit
    }

    /// Frees `slot` and moves back the entries that were probed past it, so that no mark has to stand for the removed entry.
    private mutating func vacate(_ slot: Int) {
        var free = slot
        var other = next(slot)
        while slots[other].hash != 0 {
            let home = home(slots[other].hash)
            // An entry stays where it is if its home lies after the free slot, counted around the end of the table.
            let stays = free <= other ? free < home && home <= other : free < home || home <= other
            if !stays {
                slots[free] = slots[other]
                free = other
            }
            other = next(other)
        }
        slots[free] = Slot()
    }

    private mutating func grow(to capacity: Int) {
        let old = slots
        slots = Array(repeating: Slot(), count: capacity)
        count = 0
        seenCount = 0
        for slot in old where slot.hash != 0 {
            slots[index(slot.hash)] = slot
            count += 1
            if slot.fingerprint & Self.seenBit != 0 { seenCount += 1 }
        }
    }
}
