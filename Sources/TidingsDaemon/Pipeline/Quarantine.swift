import Glibc
import Synchronization
import TidingsCore
import TidingsFailpoints
import TidingsStore
import TidingsSystem

/// Stops reading a document that has ended the process several times (memory runs out, a library crashes, the watchdog detects a
/// hang).
///
/// While a document is read, a small file has its name. The file is written and never synced, because its pages survive any death
/// of the process. The names in it at a start are suspects: the daemon was reading them when it died. Only one of several suspects
/// can be the cause, so each suspect is next read alone. A suspect that is read to its end is cleared; one that ends the process
/// again is certainly the cause. After the third death the document is not read until its bytes change, or until a person asks for
/// it, which gives it one more try.
///
/// The file is only a safety net: if it cannot be written, documents are read without it.
@safe package final class Quarantine: Sendable {
    /// The number of deaths after which a document is not read again.
    package static let limit = 3
    /// How many suspects are remembered. The oldest are dropped.
    private static let suspectLimit = 1_000
    /// Records that are allocated at the start, so that a full disk does not matter later. Never are more documents read at once.
    private static let readyRecords = 64

    private struct Suspect {
        var deaths: Int
        let record: Int
    }

    private let descriptor: Int32
    private let progressRegistry: ProgressRegistry
    private let suspects = Mutex<[DocumentName: Suspect]>([:])
    /// A reader holds it shared; a reader of a suspect holds it exclusively. Nil if there were no suspects at the start: this
    /// process then never has any.
    private let presence: SharedLock?
    private let slots: Mutex<(free: [Slot], count: Int)>

    /// The record for one document at a time.
    private struct Slot: Sendable {
        let record: Int
        /// Each slot has its own, because the progress of other readers must not hide that this one hangs.
        let progress: Progress
    }

    /// A document that was being read when the daemon died.
    package struct Death: Equatable, Sendable {
        package let document: DocumentName
        package let deaths: Int
    }

    /// Opens the file at `path` and reads the suspects from it.
    /// - Parameter tell: called with each document that was being read when the last daemon died.
    package init(path: String, progressRegistry: ProgressRegistry, tell: (Death) -> Void = { _ in }) {
        self.progressRegistry = progressRegistry
        var deaths: [(name: DocumentName, count: Int)] = []
        let found = ReadingRecord.all(in: (try? readSmallFile(path, limitBytes: 4 << 20)) ?? [])
        for case .suspect(let name, let count) in found { deaths.append((name, count)) }
        for case .reading(let name) in found {
            let earlier = deaths.firstIndex { $0.name == name }
            if let earlier { deaths[earlier].count += 1 } else { deaths.append((name, 1)) }
            tell(Death(document: name, deaths: earlier.map { deaths[$0].count } ?? 1))
        }
        deaths.removeFirst(max(0, deaths.count - Self.suspectLimit))
        for (record, death) in deaths.enumerated() {
            suspects.withLock { $0[death.name] = Suspect(deaths: death.count, record: record) }
        }
        presence = deaths.isEmpty ? nil : SharedLock()
        slots = Mutex((free: [], count: deaths.count))
        var bytes = [UInt8](repeating: 0, count: (deaths.count + Self.readyRecords) * ReadingRecord.size)
        for (record, death) in deaths.enumerated() {
            let suspect = ReadingRecord.suspect(death.name, deaths: death.count).bytes
            bytes.replaceSubrange(record * ReadingRecord.size..<record * ReadingRecord.size + suspect.count, with: suspect)
        }
        descriptor = Self.replace(path, with: bytes)
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Reads `capture` with `body`.
    /// - Throws: if reading it has ended the daemon `limit` times. `body` is not called then.
    package func read<Reading>(_ capture: Capture, with body: () -> Reading) throws(Quarantined) -> Reading {
        let name = DocumentName(capture)
        let deaths = presence == nil ? 0 : suspects.withLock { $0[name]?.deaths ?? 0 }
        guard deaths < Self.limit else { throw Quarantined(deaths: deaths) }
        presence?.lock(alone: deaths > 0)
        defer { presence?.unlock() }
        let slot = freeSlot()
        slot.progress.begin()
        write(ReadingRecord.reading(name).bytes, to: slot.record)
        failpoint(reading: capture.locator)
        let reading = body()
        write(ReadingRecord.emptied, to: slot.record)
        slot.progress.end()
        slots.withLock { $0.free.append(slot) }
        if deaths > 0 { acquit(name) }
        return reading
    }

    /// Gives one more try to the quarantined documents of `sources`, because a person wants them read again.
    package func giveAnotherTry(to sources: Set<SourceID>) {
        suspects.withLock { suspects in
            for (name, suspect) in suspects where sources.contains(name.source) && suspect.deaths >= Self.limit {
                suspects[name]?.deaths = Self.limit - 1
                write(ReadingRecord.suspect(name, deaths: Self.limit - 1).bytes, to: suspect.record)
            }
        }
    }

    /// Clears the names of documents that are being read, because the daemon stops normally.
    package func close() {
        let count = slots.withLock { $0.count }
        let records = Set(suspects.withLock { $0.values.map(\.record) })
        for record in 0..<count where !records.contains(record) { write(ReadingRecord.emptied, to: record) }
    }

    private func acquit(_ name: DocumentName) {
        guard let suspect = suspects.withLock({ $0.removeValue(forKey: name) }) else { return }
        write(ReadingRecord.emptied, to: suspect.record)
    }

    private func freeSlot() -> Slot {
        let (free, record) = slots.withLock { slots in
            if let free = slots.free.popLast() { return (Slot?.some(free), 0) }
            slots.count += 1
            return (nil, slots.count - 1)
        }
        return free ?? Slot(record: record, progress: progressRegistry.register("reading \(record)"))
    }

    /// Writes a record. A failed write is ignored, because the file is only a safety net.
    private func write(_ bytes: [UInt8], to record: Int) {
        guard descriptor >= 0 else { return }
        _ = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(record * ReadingRecord.size))
        }
    }

    /// Replaces the file with rename(2), so that a kill in between counts no death twice.
    /// - Returns: a descriptor of the new file; negative after a failure.
    private static func replace(_ path: String, with bytes: [UInt8]) -> Int32 {
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return -1 }
        let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        if written == bytes.count, unsafe rename(temporary, path) == 0 { return descriptor }
        Glibc.close(descriptor)
        unsafe unlink(temporary)
        return -1
    }
}

/// Why a document is not read.
package struct Quarantined: Error, Equatable, Sendable {
    package let deaths: Int

    /// For people.
    package var message: String {
        "reading it ended the daemon \(deaths) times; it is not read again until it changes, or until `tidings reingest` asks for it"
    }
}
