import Glibc
import Synchronization
import TidingsCore
import TidingsFailpoints
import TidingsStore
import TidingsSystem

/// Keeps a document whose reading ends the process (memory runs out, a library crashes, the watchdog finds it hanging) from
/// ending it again and again.
///
/// While a document is read, its name stands in a small file; afterwards it is taken out. It is written and never synced: a file's
/// pages outlive the process, however that dies. What stands in it at a start was being read when the daemon died, and is a
/// suspect. Of several only one can be to blame, so that each suspect is next read alone: who gets through it is innocent and
/// forgotten, and who dies again is known for sure. After the third death the document is not read any more until its bytes
/// change, or a person asks for it, which gives it one more try.
///
/// The file is a net and not part of the work: where it cannot be written, documents are read without it.
@safe package final class Quarantine: Sendable {
    /// Deaths after which a document is not read again.
    package static let limit = 3
    /// Suspects that are remembered; past it the first are forgotten.
    private static let suspectLimit = 1_000
    /// Room that is made at the start, so that a full disk is no obstacle later: more documents are never read at once.
    private static let readyRecords = 64

    private struct Suspect {
        var deaths: Int
        let record: Int
    }

    private let descriptor: Int32
    private let progressRegistry: ProgressRegistry
    private let suspects = Mutex<[DocumentName: Suspect]>([:])
    /// Held shared by whoever reads, and by whoever reads a suspect exclusively. Nil if there were no suspects at the start, and so
    /// never will be in this process.
    private let presence: SharedLock?
    private let places: Mutex<(free: [Place], count: Int)>

    /// Where one document at a time is noted.
    private struct Place: Sendable {
        let record: Int
        /// One for each document: where several parts read, the progress of others must not hide that this one hangs.
        let progress: Progress
    }

    /// A document that was being read when the daemon died.
    package struct Death: Equatable, Sendable {
        package let document: DocumentName
        package let deaths: Int
    }

    /// Opens the file at `path`, and finds who died.
    /// - Parameter tell: called with each document that was being read at the last death.
    package init(path: String, progressRegistry: ProgressRegistry, tell: (Death) -> Void = { _ in }) {
        self.progressRegistry = progressRegistry
        var deaths: [(name: DocumentName, count: Int)] = []
        let found = ReadingRecord.all(in: (try? readSmallFile(path, limitBytes: 4 << 20)) ?? [])
        for case .suspect(let name, let count) in found { deaths.append((name, count)) }
        for case .reading(let name) in found {
            let known = deaths.firstIndex { $0.name == name }
            if let known { deaths[known].count += 1 } else { deaths.append((name, 1)) }
            tell(Death(document: name, deaths: known.map { deaths[$0].count } ?? 1))
        }
        deaths.removeFirst(max(0, deaths.count - Self.suspectLimit))
        for (record, death) in deaths.enumerated() {
            suspects.withLock { $0[death.name] = Suspect(deaths: death.count, record: record) }
        }
        presence = deaths.isEmpty ? nil : SharedLock()
        places = Mutex((free: [], count: deaths.count))
        var bytes = [UInt8](repeating: 0, count: (deaths.count + Self.readyRecords) * ReadingRecord.size)
        for (record, death) in deaths.enumerated() {
            let suspect = ReadingRecord.suspect(death.name, deaths: death.count).bytes
            bytes.replaceSubrange(record * ReadingRecord.size..<record * ReadingRecord.size + suspect.count, with: suspect)
        }
        descriptor = Self.replace(path, with: bytes)
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Reads `capture` with `body`, unless reading it has ended the daemon too often.
    package func read<Reading>(_ capture: Capture, with body: () -> Reading) throws(Quarantined) -> Reading {
        let name = DocumentName(capture)
        let deaths = presence == nil ? 0 : suspects.withLock { $0[name]?.deaths ?? 0 }
        guard deaths < Self.limit else { throw Quarantined(deaths: deaths) }
        presence?.lock(alone: deaths > 0)
        defer { presence?.unlock() }
        let place = takePlace()
        place.progress.begin()
        write(ReadingRecord.reading(name).bytes, to: place.record)
        failpoint(reading: capture.locator)
        let reading = body()
        write(ReadingRecord.emptied, to: place.record)
        place.progress.end()
        places.withLock { $0.free.append(place) }
        if deaths > 0 { acquit(name) }
        return reading
    }

    /// A person wants the documents of `sources` read again: those that were given up get one more try.
    package func giveAnotherTry(to sources: Set<SourceID>) {
        suspects.withLock { suspects in
            for (name, suspect) in suspects where sources.contains(name.source) && suspect.deaths >= Self.limit {
                suspects[name]?.deaths = Self.limit - 1
                write(ReadingRecord.suspect(name, deaths: Self.limit - 1).bytes, to: suspect.record)
            }
        }
    }

    /// The daemon ends by its own will: what is being read now is not to blame.
    package func close() {
        let count = places.withLock { $0.count }
        let records = Set(suspects.withLock { $0.values.map(\.record) })
        for record in 0..<count where !records.contains(record) { write(ReadingRecord.emptied, to: record) }
    }

    private func acquit(_ name: DocumentName) {
        guard let suspect = suspects.withLock({ $0.removeValue(forKey: name) }) else { return }
        write(ReadingRecord.emptied, to: suspect.record)
    }

    private func takePlace() -> Place {
        let (free, record) = places.withLock { places in
            if let free = places.free.popLast() { return (Place?.some(free), 0) }
            places.count += 1
            return (nil, places.count - 1)
        }
        return free ?? Place(record: record, progress: progressRegistry.register("reading \(record)"))
    }

    /// A write that fails is not heard of: see above.
    private func write(_ bytes: [UInt8], to record: Int) {
        guard descriptor >= 0 else { return }
        _ = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(record * ReadingRecord.size))
        }
    }

    /// In one step, so that a death in the middle of it counts nothing twice.
    /// - Returns: a descriptor of the new file; negative if there is none.
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
